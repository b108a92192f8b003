internal import ParleyBench
internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNames

/// What `parley bench` was asked for; the recording is named, not yet read.
struct BenchRequest: Sendable, Equatable {
    private let settings: BenchOptions
    let recordingPath: String?
    let jsonPath: String?
    let chartPath: String?

    /// Reads the arguments.
    ///
    /// - Parameters:
    ///   - arguments: What was typed.
    ///   - environmentKey: The key where none was typed.
    /// - Throws: ``UsageError``
    init(_ arguments: Arguments, environmentKey: String?) throws(UsageError) {
        var settings = BenchOptions(
            try Self.kind(arguments),
            server: try Self.server(arguments)
        )
        settings.apiKey = arguments.text("api-key") ?? environmentKey
        if let count = try arguments.integer("sessions", in: BenchOptions.sessionCounts) {
            settings.sessionCount = count
        }
        if let duration = try arguments.seconds("seconds", in: BenchOptions.durations) {
            settings.duration = duration
        }
        if let warmUp = try arguments.seconds("warm-up", in: 0...600) { settings.warmUp = warmUp }
        if let frame = try arguments.integer("frame-ms", in: TalkScript.frameDurations) {
            settings.frameDuration = .milliseconds(frame)
        }
        if case .running(_, nil) = settings.server, settings.kind == .idle {
            throw UsageError("idle measures memory; give --spawn, or --pid of the server")
        }
        self.settings = settings
        recordingPath = arguments.text("file")
        jsonPath = arguments.text("json")
        chartPath = arguments.text("chart")
    }

    /// What is to be measured, with the recording.
    ///
    /// - Throws: ``Recording/Failure`` for a file that cannot be used.
    func options() throws(Recording.Failure) -> BenchOptions {
        var options = settings
        if let path = recordingPath {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            options.recording = .init(samples: try Recording.load(path), name: name)
        }
        return options
    }

    private static func kind(_ arguments: Arguments) throws(UsageError) -> BenchOptions.Kind {
        let kinds = BenchOptions.Kind.allCases.map(\.rawValue)
        guard let name = arguments.operands.first else {
            throw UsageError("expected \(NearMatch.alternatives(kinds))")
        }
        guard let kind = BenchOptions.Kind(rawValue: name) else {
            let hint = NearMatch.hint(for: name, among: kinds)
            throw UsageError(
                "unknown kind \"\(name)\"; expected \(NearMatch.alternatives(kinds))\(hint)"
            )
        }
        if let extra = arguments.operands.dropFirst().first {
            throw UsageError("unexpected argument \"\(extra)\"")
        }
        return kind
    }

    private static func server(_ arguments: Arguments) throws(UsageError) -> BenchOptions.Server {
        if arguments.has("spawn") {
            for name in ["url", "pid", "model"] where arguments.has(name) {
                throw UsageError("--\(name) says which server to measure; --spawn starts one")
            }
            return .spawned(arguments: arguments.rest ?? [])
        }
        try arguments.expectNoRest()
        let url = try url(arguments)
        guard url.isLoopback || arguments.has("allow-remote") else {
            throw UsageError(
                "\(url.socket.host) is not this machine; load on somebody else's server is an "
                    + "attack. If it is yours: --allow-remote"
            )
        }
        let pid = try arguments.integer("pid", in: 1...Int(Int32.max))
        return .running(url, pid: pid.map { Int32($0) })
    }

    private static func url(_ arguments: Arguments) throws(UsageError) -> RealtimeURL {
        let text = arguments.text("url") ?? RealtimeURL.standard
        do throws(ConnectionError) {
            let url = try RealtimeURL(text, model: arguments.text("model"))
            return url.model == nil ? try RealtimeURL(text, model: TalkRequest.standardModel) : url
        } catch {
            throw UsageError(error.description)
        }
    }
}
