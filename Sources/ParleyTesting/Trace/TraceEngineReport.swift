internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime
internal import ParleySession

extension Session.Input {
    /// Reads what an engine, the clock or the process says in a line of a trace.
    ///
    /// `resp_1 text "Hi."`, `resp_1 call get_time`, `resp_1 arguments "{}"`, `resp_1 finished`,
    /// `resp_1 failed code "why"`, `resp_1 audio 0 400ms`, `resp_1 spoken 0`, `resp_1 mute code
    /// "why"`, `item_1 partial "he" 1`, `item_1 provisional "hello" 24576`, `item_1 final "hello"
    /// logprobs speaker=A`, `item_1 failed code "why"`, `mcpl_1 listed read*,write` (a star: it
    /// only reads), `mcpl_1 unlisted 502 "why"`, `mcp_1 gives "text"`, `mcp_1 fails "why"`, `mcp_1
    /// http 502 "why"`, `mcp_1 protocol -32602 "why"`, `limits requests 10 9 60000ms`, `evicted
    /// "why"`, `summary "text"`, `no_summary code "why"`, `shutdown`, `disconnected`, `malformed
    /// "why"`.
    init(trace words: inout TraceWords) throws(TraceError) {
        let subject = try words.next("who reports")
        switch subject {
        case "limits": self = .rateLimits([try .init(trace: &words)])
        case "evicted":
            let message = try words.next("why")
            self = .evicted(ProtocolError(.rateLimitExceeded, message, kind: .rateLimit))
        case "summary": self = .summary(.written(try words.next("a summary")))
        case "no_summary": self = .summary(.failed(try .init(trace: &words)))
        case "shutdown": self = .shutdown
        case "disconnected": self = .disconnected
        case "timeout": self = .timeout
        case "malformed":
            let error = ProtocolError(.invalidJSON, try words.next("what is wrong"))
            let id = words.member("event_id").map(EventID.init(rawValue:))
            self = .malformed(error, clientEventID: id)
        case _ where subject.hasPrefix("mcpl_"):
            self = .tools(ItemID(rawValue: subject), try .init(trace: &words))
        case _ where subject.hasPrefix("mcp_"):
            self = .toolResult(ItemID(rawValue: subject), try .init(trace: &words))
        case _ where subject.hasPrefix(ResponseID.prefix):
            let id = ResponseID(rawValue: subject)
            self = try Self.response(id, &words)
        default: self = .transcription(ItemID(rawValue: subject), try .init(trace: &words))
        }
    }

    private static func response(
        _ id: ResponseID,
        _ words: inout TraceWords
    ) throws(TraceError) -> Self {
        let verb = try words.next("what is reported")
        switch verb {
        case "text": return .generation(id, .text(try words.next("text")))
        case "call": return .generation(id, .toolCallStarted(name: try words.next("a name")))
        case "arguments":
            return .generation(id, .toolCallArguments(try words.next("arguments")))
        case "finished": return .generation(id, .finished(.init(trace: &words)))
        case "failed": return .generation(id, .failed(try .init(trace: &words)))
        case "audio":
            let clause = try words.number("a clause")
            let samples = TraceVoice.speech(try words.duration("a length"))
            return .synthesis(id, .audio(clause: clause, AudioFrame(samples: samples)))
        case "spoken":
            return .synthesis(id, .finished(clause: try words.number("a clause")))
        case "mute": return .synthesis(id, .failed(try .init(trace: &words)))
        default: throw TraceError("unknown report '\(verb)'")
        }
    }
}

extension Session.ToolListing {
    fileprivate init(trace words: inout TraceWords) throws(TraceError) {
        let verb = try words.next("what is reported")
        switch verb {
        case "listed":
            let names = words.nextIfAny()?.split(separator: ",") ?? []
            self = .listed(names.map { Session.ServerTool(trace: $0) })
        case "unlisted":
            let code = try words.number("a status")
            self = .failed(.http(code: code, message: try words.next("why")))
        default: throw TraceError("unknown report '\(verb)'")
        }
    }
}

extension Session.ServerTool {
    fileprivate init(trace name: Substring) {
        let isReadOnly = name.hasSuffix("*")
        self.init(
            name: String(isReadOnly ? name.dropLast() : name),
            annotations: isReadOnly ? ["readOnlyHint": true] : nil
        )
    }
}

extension Session.ToolResult {
    fileprivate init(trace words: inout TraceWords) throws(TraceError) {
        let verb = try words.next("what is reported")
        switch verb {
        case "gives": self = .output(try words.next("a text"))
        case "fails": self = .failed(.toolExecution(message: try words.next("why")))
        case "http":
            let code = try words.number("a status")
            self = .failed(.http(code: code, message: try words.next("why")))
        case "protocol":
            let code = try words.number("a code")
            self = .failed(.protocolViolation(code: code, message: try words.next("why")))
        default: throw TraceError("unknown report '\(verb)'")
        }
    }
}

extension TraceWords {
    fileprivate mutating func number(_ what: String) throws(TraceError) -> Int {
        let word = try next(what)
        guard let number = Int(word) else { throw TraceError("expected \(what), found '\(word)'") }
        return number
    }
}

extension Session.Transcription {
    fileprivate init(trace words: inout TraceWords) throws(TraceError) {
        let verb = try words.next("what is reported")
        switch verb {
        case "partial":
            let text = try words.next("text")
            let stable = words.nextIfAny().flatMap(Int.init)
            self = .partial(text: text, stableByteCount: stable ?? text.utf8.count)
        case "provisional":
            let text = try words.next("text")
            self = .provisional(text: text, position: try words.number("a position"))
        case "final":
            let text = try words.next("text")
            self = .final(text: text, details: .init(of: text, trace: &words))
        case "failed": self = .failed(try .init(trace: &words))
        default: throw TraceError("unknown report '\(verb)'")
        }
    }
}

extension Session.TranscriptionDetails {
    /// Reads `logprobs`, for a token that is the whole text, and `speaker=A`, who said it all.
    fileprivate init(of text: String, trace words: inout TraceWords) {
        self.init()
        if words.nextIfAny() == "logprobs" {
            let bytes = text.utf8.map { JSON.integer(Int($0)) }
            logprobs = [["token": .string(text), "logprob": -0.5, "bytes": .array(bytes)]]
        }
        guard let speaker = words.member("speaker") else { return }
        let span = Duration.zero..<Duration.seconds(1)
        segments = [
            TranscriptionSegment(
                contentIndex: 0,
                id: "seg_1",
                speaker: speaker,
                span: span,
                text: text
            )
        ]
    }
}

extension Session.EngineFailure {
    fileprivate init(trace words: inout TraceWords) throws(TraceError) {
        let code = try words.next("a code")
        self.init(code: code, message: words.nextIfAny() ?? "It failed.")
    }
}

extension RateLimit {
    fileprivate init(trace words: inout TraceWords) throws(TraceError) {
        self.init(
            name: try words.next("a name"),
            limit: try words.number("a limit"),
            remaining: try words.number("what remains"),
            reset: try words.duration("a time")
        )
    }
}

extension Session.GenerationResult {
    fileprivate init(trace words: inout TraceWords) {
        self.init(
            incomplete: words.member("incomplete").flatMap(IncompleteReason.init),
            inputTokens: words.member("input").flatMap(Int.init),
            cachedTokens: words.member("cached").flatMap(Int.init),
            outputTokens: words.member("output").flatMap(Int.init)
        )
    }
}
