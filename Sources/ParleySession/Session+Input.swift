public import ParleyAudio
public import ParleyJSON
public import ParleyRealtime

extension Session {
    /// What can happen to a session.
    public enum Input: Sendable, Equatable {
        /// Decoded; whether it makes sense now is judged here.
        case client(ClientEvent)
        /// What the client sent could not be decoded.
        case malformed(ProtocolError, clientEventID: EventID?)
        /// What the peer said, already linear at the session's rate: from transports with media of
        /// their own. WebRTC and SIP will bring it; over WebSocket audio comes in events.
        case audio(AudioFrame)
        /// VAD: the next frame's verdict.
        case speech(SpeechActivity)
        /// STT: partial, final or failed.
        case transcription(ItemID, Transcription)
        /// LLM: text, tool call, finished or failed.
        case generation(ResponseID, Generation)
        /// TTS: audio, finished or failed.
        case synthesis(ResponseID, Synthesis)
        /// MCP: what tools a server has.
        case tools(ItemID, ToolListing)
        /// MCP: what came of a call.
        case toolResult(ItemID, ToolResult)
        /// Transport: how much of the response the peer has heard. WebRTC and SIP will bring it;
        /// until then it is ignored.
        case playout(ResponseID, heard: Duration)
        /// The summary that was asked for, or why there is none.
        case summary(Summary)
        /// ``Session/deadline`` has passed.
        case timeout
        /// What the limits of the client's key leave; the answer to ``Effect/reportRateLimits``.
        case rateLimits([RateLimit])
        /// The client's key may have no more of this session: say why and end.
        case evicted(ProtocolError)
        /// The process wants to stop: say so and end.
        case shutdown
        /// The peer is gone.
        case disconnected
    }

    /// The verdict of the VAD on one frame.
    public struct SpeechActivity: Sendable, Equatable {
        /// Where the frame ends: samples at the session's rate since the session began.
        public var position: Int
        /// The probability of speech, 0 to 1.
        public var probability: Float

        /// Makes a verdict.
        public init(position: Int, probability: Float) {
            self.position = position
            self.probability = probability
        }
    }

    /// What a recogniser reports.
    public enum Transcription: Sendable, Equatable {
        /// The text so far, and how many bytes of its UTF-8 are stable.
        case partial(text: String, stableByteCount: Int)
        /// All that was said, if nothing follows what the recogniser had at this position, where
        /// the speaker paused.
        case provisional(
            text: String,
            details: TranscriptionDetails = TranscriptionDetails(),
            position: Int
        )
        /// The end: nothing follows.
        case final(text: String, details: TranscriptionDetails = TranscriptionDetails())
        /// The end: nothing follows.
        case failed(EngineFailure)
    }

    /// What some recognisers know of a transcript beside its words.
    public struct TranscriptionDetails: Sendable, Equatable {
        /// A list of `{token, logprob, bytes}` as the wire has it; nil where the engine has none.
        public var logprobs: JSON?
        /// Who spoke when; empty where the engine doesn't tell speakers apart.
        public var segments: [TranscriptionSegment]

        /// Makes details; by default there are none.
        public init(logprobs: JSON? = nil, segments: [TranscriptionSegment] = []) {
            self.logprobs = logprobs
            self.segments = segments
        }
    }

    /// What a language model reports.
    public enum Generation: Sendable, Equatable {
        case text(String)
        case toolCallStarted(name: String)
        case toolCallArguments(String)
        /// The end: nothing follows.
        case finished(GenerationResult)
        /// The end: nothing follows.
        case failed(EngineFailure)
    }

    /// How a generation ended.
    public struct GenerationResult: Sendable, Equatable {
        /// Nil when the model stopped by itself.
        public var incomplete: IncompleteReason?
        /// As the model counts; nil where it doesn't.
        public var inputTokens: Int?
        /// Those of the input that came from a prefix cache; nil where the model doesn't tell.
        public var cachedTokens: Int?
        /// As the model counts, calls included; nil where it doesn't.
        public var outputTokens: Int?

        /// Makes a result.
        public init(
            incomplete: IncompleteReason? = nil,
            inputTokens: Int? = nil,
            cachedTokens: Int? = nil,
            outputTokens: Int? = nil
        ) {
            self.incomplete = incomplete
            self.inputTokens = inputTokens
            self.cachedTokens = cachedTokens
            self.outputTokens = outputTokens
        }
    }

    /// What a synthesiser reports; clauses are spoken one after the other in the order they were
    /// asked for.
    public enum Synthesis: Sendable, Equatable {
        /// More audio of this clause, at the session's rate.
        case audio(clause: Int, AudioFrame)
        /// All audio of this clause was reported.
        case finished(clause: Int)
        /// The end: nothing follows for any clause.
        case failed(EngineFailure)
    }

    /// What a server of tools reports of itself, once.
    public enum ToolListing: Sendable, Equatable {
        case listed([ServerTool])
        case failed(MCPCallError)
    }

    /// A tool as its server describes it.
    public struct ServerTool: Sendable, Equatable {
        /// What the server knows it by.
        public var name: String
        /// When and what for; nil where the server doesn't say.
        public var description: String?
        /// JSON Schema of the arguments.
        public let inputSchema: JSON
        /// Counted once: every response asks for it.
        let schemaByteCount: Int
        /// What the server says of its nature, such as `readOnlyHint`; nil for nothing.
        public var annotations: JSON?

        /// Makes a tool.
        public init(
            name: String,
            description: String? = nil,
            inputSchema: JSON = ["type": "object"],
            annotations: JSON? = nil
        ) {
            self.name = name
            self.description = description
            self.inputSchema = inputSchema
            schemaByteCount = inputSchema.serialized().count
            self.annotations = annotations
        }
    }

    /// What came of a tool's call, once.
    public enum ToolResult: Sendable, Equatable {
        /// What the model reads.
        case output(String)
        case failed(MCPCallError)

        /// The same with a text of a bounded size; what is missing is said.
        func cut(to limit: Int) -> Self {
            switch self {
            case .output(let text): .output(Self.cut(text, to: limit))
            case .failed(.toolExecution(let message)):
                .failed(
                    .toolExecution(
                        message: Self.cut(message, to: max(limit, Limits.toolFailureByteCount))
                    )
                )
            // These words are ours, or short by now.
            case .failed(.protocolViolation), .failed(.http): self
            }
        }

        private static func cut(_ text: String, to limit: Int) -> String {
            guard text.utf8.count > limit else { return text }
            var end = text.utf8.index(text.startIndex, offsetBy: limit)
            while end.samePosition(in: text.unicodeScalars) == nil {
                end = text.utf8.index(before: end)
            }
            return "\(text[..<end])\n(cut: \(text.utf8.count) bytes in all)"
        }
    }

    /// What became of a ``Effect/startSummary(_:)``.
    public enum Summary: Sendable, Equatable {
        case written(String)
        case failed(EngineFailure)
    }

    /// Why an engine failed, as far as a client may know.
    public struct EngineFailure: Sendable, Equatable {
        /// `error.type` for the client.
        public var kind = ProtocolError.Kind.server
        /// `error.code` for the client.
        public var code: String
        /// One sentence for the client, without provider text.
        public var message: String

        /// Makes a failure.
        public init(code: String, message: String) {
            self.code = code
            self.message = message
        }

        /// Whatever is told of it is told as an engine's fault.
        func error(_ message: String, param: String? = nil) -> ProtocolError {
            ProtocolError(
                ProtocolError.Code(rawValue: code),
                message,
                param: param,
                kind: kind,
                origin: .engine
            )
        }

        /// An engine was given up; `engine` begins the sentence.
        static func overdue(_ engine: String) -> Self {
            Self(code: "engine_timeout", message: "\(engine) did not answer in time.")
        }
    }
}
