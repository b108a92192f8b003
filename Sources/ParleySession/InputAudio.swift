internal import ParleyAudio
internal import ParleyRealtime

/// What the peer said and nobody committed yet: from bytes to samples, and which of them are
/// speech.
struct InputAudio: Sendable {
    /// Speech that the VAD found and that goes on.
    struct Segment: Sendable {
        /// Announced by `speech_started`; the commit takes it.
        let itemID: ItemID
        let start: Int
        /// Position up to which the recogniser has it.
        var fed: Int
        /// Goes on from speech that was cut, and that was not answered yet.
        let isContinued: Bool
    }

    /// Speech whose item is to come.
    struct Announced: Sendable {
        let itemID: ItemID
        /// What the client was told of its words.
        let shownText: String
    }

    let limits: Limits
    private var decoder: AudioDecoder
    /// Nil while nothing is filtered.
    private var suppressor: NoiseSuppressor?
    var buffer = InputAudioBuffer()
    /// What was appended while the client committed by itself, and not committed before it gave
    /// that over: the beginning of the next turn, whatever is forgotten between.
    private(set) var older: [Int16] = []
    var detector = TurnDetector()
    var segment: Segment?
    /// Speech that was announced before the client took over committing.
    var announced: Announced?
    /// Nil while the client commits by itself.
    private(set) var turn: TurnSettings?
    /// What the turn settings follow.
    private var detection: TurnDetection?

    init(_ configuration: SessionConfiguration.Input, limits: Limits) {
        self.limits = limits
        decoder = AudioDecoder(configuration.format)
        suppressor = configuration.noiseReduction.map(NoiseSuppressor.init)
        detection = configuration.turnDetection
        turn = detection.map { TurnSettings($0, limits: limits) }
    }

    /// Takes a new configuration.
    ///
    /// - Returns: Whether the detector must begin anew.
    mutating func configure(_ configuration: SessionConfiguration.Input) -> Bool {
        if configuration.format != decoder.format {
            buffer.append(filter(decoder.finish()))
            decoder = AudioDecoder(configuration.format)
        }
        reduceNoise(configuration.noiseReduction)
        let wasDetecting = turn != nil
        if configuration.turnDetection != detection {
            // Only then: what was said in this turn has its bearing on how long its end is.
            detection = configuration.turnDetection
            turn = detection.map { TurnSettings($0, limits: limits) }
        }
        guard wasDetecting != (turn != nil) else { return false }
        if !wasDetecting { older += buffer.take(before: buffer.end) }
        detector = TurnDetector(at: buffer.end)
        return true
    }

    /// Whether this many bytes can be taken.
    func hasRoom(forBytes count: Int) -> Bool {
        let format = decoder.format
        let samples = count / format.bytesPerSample
        let rate = AudioFormat.sessionSampleRate
        let (scaled, overflow) = samples.multipliedReportingOverflow(by: rate)
        guard !overflow else { return false }
        return hasRoom(forSamples: scaled / max(1, format.sampleRate))
    }

    /// Whether this many samples can be taken.
    func hasRoom(forSamples count: Int) -> Bool {
        uncommittedCount + count <= limits.inputBufferDuration.sampleCount
    }

    /// Bytes that can be taken, rounded down.
    var freeByteCount: Int {
        let free = max(0, limits.inputBufferDuration.sampleCount - uncommittedCount)
        let samples = free * decoder.format.sampleRate / AudioFormat.sessionSampleRate
        return samples * decoder.format.bytesPerSample
    }

    /// Samples that a commit would take.
    var uncommittedCount: Int { older.count + buffer.count }

    /// Takes out what a commit at a position takes.
    mutating func take(before position: Int) -> [Int16] {
        let taken = older + buffer.take(before: position)
        older = []
        return taken
    }

    /// Takes audio of the client, in the input format.
    mutating func append(_ bytes: [UInt8], for event: EventID?, to outbox: inout Outbox) {
        guard hasRoom(forBytes: bytes.count) else {
            return outbox.fail(.inputBufferFull(limits), for: event)
        }
        append(filter(decoder.decode(bytes)), to: &outbox)
    }

    /// Takes audio of a transport with media of its own.
    mutating func receive(_ frame: AudioFrame, to outbox: inout Outbox) {
        guard frame.sampleRate == AudioFormat.sessionSampleRate else {
            return outbox.poison("Audio at another rate than the session's")
        }
        // There is nobody to tell: what a stalled VAD can't judge is lost.
        guard hasRoom(forSamples: frame.samples.count) else { return }
        append(filter(frame.samples), to: &outbox)
    }

    /// Takes the noise out of samples, where the client asked for that.
    private mutating func filter(_ samples: [Int16]) -> [Int16] {
        suppressor?.process(samples) ?? samples
    }

    /// Where turns are looked for, the VAD gets the samples, too.
    private mutating func append(_ samples: [Int16], to outbox: inout Outbox) {
        guard !samples.isEmpty else { return }
        let position = buffer.end
        buffer.append(samples)
        guard turn != nil else { return }
        outbox.perform(.detect(AudioFrame(samples: samples), position: position))
    }

    /// Begins a segment where speech began, with some of what came before.
    ///
    /// - Returns: Where it begins.
    mutating func beginSegment(_ itemID: ItemID, at onset: Int, isContinued: Bool) -> Int {
        buffer.forget(before: onset - (turn?.prefixPadding ?? 0))
        let start = buffer.start
        segment = Segment(itemID: itemID, start: start, fed: start, isContinued: isContinued)
        return start
    }

    /// Gives a recogniser what is certain to belong to its item.
    mutating func feed(
        _ itemID: ItemID,
        upTo end: Int,
        to transcriptions: inout TranscriptionTracker,
        _ outbox: inout Outbox
    ) {
        let start = segment?.fed ?? buffer.start
        guard start < end else { return }
        transcriptions.feed(itemID, buffer.samples(in: start..<end), to: &outbox)
        segment?.fed = end
    }

    /// Samples that resampling and filtering hold back until more is appended.
    var heldBackCount: Int {
        let filtered = suppressor?.heldBackCount ?? 0
        guard isResampling else { return filtered }
        var ending = decoder
        return ending.finish().count + filtered
    }

    /// Has what resampling and filtering hold back heard, for a turn that ends here.
    mutating func finishStream() {
        // Else nothing is held back but maybe half a sample, whose other half is still to come.
        if isResampling { buffer.append(filter(decoder.finish())) }
        buffer.append(suppressor?.finish() ?? [])
    }

    /// Follows `noise_reduction`; what was learnt of the noise stays as long as it is on.
    private mutating func reduceNoise(_ reduction: NoiseReduction?) {
        guard let reduction else {
            buffer.append(suppressor?.finish() ?? [])
            suppressor = nil
            return
        }
        if suppressor == nil { suppressor = NoiseSuppressor(reduction) }
        suppressor?.microphone = reduction.microphone
        suppressor?.strength = reduction.heardStrength
    }

    private var isResampling: Bool {
        decoder.format.sampleRate != AudioFormat.sessionSampleRate
    }

    /// The words that the recogniser has so far may move the end of the turn.
    mutating func hear(_ partial: String) {
        turn?.hear(partial)
    }

    /// Forgets audio that can't belong to speech any more.
    mutating func forgetQuiet() {
        guard let turn else { return }
        buffer.forget(before: detector.earliestOnset - turn.prefixPadding)
    }

    /// Empties the buffer; what the VAD says about audio before this is stale.
    mutating func clear() {
        decoder.reset()
        suppressor?.reset()
        buffer.clear()
        older = []
        segment = nil
        announced = nil
        detector = TurnDetector(at: buffer.end)
    }
}

extension NoiseSuppressor {
    fileprivate init(_ reduction: NoiseReduction) {
        self.init(reduction.microphone, strength: reduction.heardStrength)
    }
}

extension NoiseReduction {
    fileprivate var microphone: NoiseSuppressor.Microphone {
        switch kind {
        case .nearField: .near
        case .farField: .far
        }
    }

    fileprivate var heardStrength: Float { Float(strength ?? 1) }
}

extension ProtocolError {
    fileprivate static func inputBufferFull(_ limits: Limits) -> Self {
        Self(
            .bufferFull,
            "The input audio buffer holds at most "
                + "\(limits.inputBufferDuration.components.seconds) seconds; commit or clear it.",
            param: "audio"
        )
    }
}
