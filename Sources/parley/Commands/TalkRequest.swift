internal import ParleyClient

/// What `parley talk` was asked for; files are named, not yet read.
struct TalkRequest: Sendable, Equatable {
    /// One turn as it was typed.
    enum Turn: Sendable, Equatable {
        case file(String)
        case text(String)
        case lines
    }

    let turns: [Turn]
    let url: RealtimeURL
    let apiKey: String?
    let voice: String?
    let showsEvents: Bool
    let interruptAfter: Duration?
    let timeout: Duration
    let frameDuration: Duration
    let savePath: String?

    /// The pipeline that every server has.
    static let standardModel = "parley"

    /// Reads the arguments.
    ///
    /// - Parameters:
    ///   - arguments: What was typed.
    ///   - environmentKey: The key where none was typed.
    /// - Throws: ``UsageError``
    init(_ arguments: Arguments, environmentKey: String?) throws(UsageError) {
        try arguments.expectNoOperands()
        try arguments.expectNoRest()
        turns = arguments.all(["file", "text"]).map { name, value in
            name == "file" ? .file(value) : value == "-" ? .lines : .text(value)
        }
        guard !turns.isEmpty else {
            throw UsageError("nothing to say; give --file FILE or --text TEXT")
        }
        for case .text(let text) in turns where text.allSatisfy(\.isWhitespace) {
            throw UsageError("--text is \"\(text)\"; expected words, or - for standard input")
        }
        url = try Self.url(arguments)
        apiKey = arguments.text("api-key") ?? environmentKey
        voice = arguments.text("voice")
        showsEvents = arguments.has("events")
        interruptAfter = try arguments.seconds("interrupt-after", in: 0...600)
        timeout = try arguments.seconds("timeout", in: 1...3_600) ?? .seconds(30)
        let frames = TalkScript.frameDurations
        frameDuration = .milliseconds(try arguments.integer("frame-ms", in: frames) ?? 40)
        savePath = arguments.text("save")
    }

    private static func url(_ arguments: Arguments) throws(UsageError) -> RealtimeURL {
        let text = arguments.text("url") ?? RealtimeURL.standard
        do throws(ConnectionError) {
            let url = try RealtimeURL(text, model: arguments.text("model"))
            return url.model == nil ? try RealtimeURL(text, model: standardModel) : url
        } catch {
            throw UsageError(error.description)
        }
    }

    /// Reads the files.
    ///
    /// - Throws: ``Recording/Failure`` for the first one that cannot be used.
    func script() throws(Recording.Failure) -> TalkScript {
        var script = TalkScript(turns: [])
        for turn in turns { script.turns.append(try Self.turn(turn)) }
        script.voice = voice
        script.showsEvents = showsEvents
        script.interruptAfter = interruptAfter
        script.timeout = timeout
        script.frameDuration = frameDuration
        return script
    }

    private static func turn(_ turn: Turn) throws(Recording.Failure) -> TalkScript.Turn {
        switch turn {
        case .file(let path): .speech(try Recording.load(path))
        case .text(let text): .text(text)
        case .lines: .lines
        }
    }
}
