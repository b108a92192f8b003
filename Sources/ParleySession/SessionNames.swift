public import ParleyNames
internal import ParleyRealtime

/// The names that a client may use in a session; each is shown as the client called it.
///
/// The core only asks whether a name stands for something: who runs the effects resolves it.
public struct SessionNames: Sendable, Equatable {
    /// Voices of the pipeline's synthesiser.
    public var voices: NameTable
    /// Recognisers that a client may choose.
    public var recognisers: NameTable
    /// What else the session's model may be called: it can't change, but it can be called
    /// otherwise.
    public var models: NameTable

    /// Makes a set; what isn't given is taken whatever it is called, but for the model.
    public init(
        voices: NameTable = .unknown,
        recognisers: NameTable = .unknown,
        models: NameTable = NameTable([])
    ) {
        self.voices = voices
        self.recognisers = recognisers
        self.models = models
    }

    /// What transcribes where nobody says; nil where nobody knows.
    var standardRecogniser: String? { recognisers.names.first }

    /// Whether it is another name for the session's model.
    func isModel(_ name: String) -> Bool { models.resolve(name) != nil }

    /// Says what is wrong with a voice; nil when it can be spoken.
    func fault(of voice: Voice, param: String) -> ProtocolError? {
        Self.fault(of: voice.name, in: voices, "voice", param: param)
    }

    /// Whether two names stand for one voice.
    func areSame(_ one: Voice, _ other: Voice) -> Bool {
        voices.resolve(one.name) == voices.resolve(other.name)
    }

    /// Says what is wrong with a recogniser; nil when it is there.
    func fault(ofRecogniser name: String, param: String) -> ProtocolError? {
        Self.fault(of: name, in: recognisers, "recogniser", param: param)
    }

    private static func fault(
        of name: String,
        in table: NameTable,
        _ noun: String,
        param: String
    ) -> ProtocolError? {
        guard table.resolve(name) == nil else { return nil }
        return ProtocolError(
            .invalidValue,
            "Found \(noun) \"\(name.excerpt)\"\(table.advice(for: name))",
            param: param
        )
    }
}
