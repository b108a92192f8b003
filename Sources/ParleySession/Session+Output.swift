public import ParleyAudio
public import ParleyJSON
public import ParleyRealtime

extension Session {
    /// What a session wants done; a list of these is carried out in order.
    public enum Output: Sendable, Equatable {
        case send(ServerEvent)
        case perform(Effect)
    }

    /// Work for engines and transports: commands, whose reports come back as ``Input``.
    public enum Effect: Sendable, Equatable {
        /// VAD: judge this audio next, report ``Input/speech(_:)`` for each frame that it
        /// completes.
        ///
        /// `position` is where the audio begins, in samples at the session's rate.
        case detect(AudioFrame, position: Int)
        /// VAD: forget what came before; the next audio begins anew.
        case resetDetection
        /// STT: open a recogniser for this item; ``feedTranscription(_:_:)`` brings its audio.
        case startTranscription(ItemID, TranscriptionRequest)
        /// STT: more audio of the item, at the session's rate; at the frame's, where a client gave
        /// the item whole.
        case feedTranscription(ItemID, AudioFrame)
        /// STT: the speaker paused at this position, maybe for good; report the text as if that was
        /// all.
        ///
        /// More audio says that he went on; then the text is of no use any more. The end says that
        /// it is the final one.
        case pauseTranscription(ItemID, position: Int)
        /// STT: that was all; report the final text.
        case finishTranscription(ItemID)
        /// STT: the item is void, or its text known; report nothing more.
        case cancelTranscription(ItemID)
        /// LLM: run the model.
        case startGeneration(ResponseID, GenerationRequest)
        /// TTS: speak one clause, after those asked for before.
        case startSynthesis(ResponseID, SynthesisRequest)
        /// LLM and TTS: stop all work for this response; report nothing more.
        case cancel(ResponseID)
        /// Have the session found in the log by this id, with what the client says of it.
        case startTrace(TraceID, Tracing)
        /// Tell the operator what goes on, but hardly as it was meant to; clients take an `error`
        /// event for more than a warning.
        case warn(String)
        /// Report ``Input/rateLimits(_:)``.
        case reportRateLimits
        /// MCP: connect to a server and ask it for its tools.
        ///
        /// The connection is known by the item that the list will be.
        case listTools(ItemID, MCPAddress)
        /// MCP: call a tool of a server whose tools were listed.
        case callTool(ItemID, ToolRequest)
        /// MCP: the call is given up; report nothing more.
        case cancelTool(ItemID)
        /// MCP: end the connection and whatever is still asked over it; report nothing more.
        case disconnectTools(ItemID)
        /// Have a model tell older turns in fewer words; report ``Input/summary(_:)`` once.
        case startSummary(SummaryRequest)
        /// The summary is given up; report nothing more.
        case cancelSummary
        /// End the connection, after what was sent.
        case closeConnection(CloseReason)
    }

    /// What the recogniser is told.
    public struct TranscriptionRequest: Sendable, Equatable {
        /// As the client named it; nil for the pipeline's own.
        public var model: String?
        /// ISO 639-1; nil where the client never said.
        public var language: String?
        /// Words to expect; nil where the client gave none.
        public var prompt: String?
        /// Whether anybody sees partial text.
        public var wantsPartials: Bool
        /// Whether the client asked how probable each token is.
        public var wantsLogprobs: Bool
        /// Whether the client may be told who spoke when.
        public var wantsSegments: Bool

        /// Makes a request.
        public init(
            model: String? = nil,
            language: String? = nil,
            prompt: String? = nil,
            wantsPartials: Bool = false,
            wantsLogprobs: Bool = false,
            wantsSegments: Bool = false
        ) {
            self.model = model
            self.language = language
            self.prompt = prompt
            self.wantsPartials = wantsPartials
            self.wantsLogprobs = wantsLogprobs
            self.wantsSegments = wantsSegments
        }
    }

    /// What the language model is told: a snapshot of configuration and conversation.
    public struct GenerationRequest: Sendable, Equatable {
        /// The session's model: a pipeline or what its language stage calls a model.
        public var model: String
        /// What the model is and how it should answer; empty for none.
        public var instructions: String
        /// The conversation, oldest turn first, or what the client gave instead.
        public var context: [ContextEntry]
        /// What the model may call: the client's functions, and what servers have listed.
        public var tools: [FunctionTool]
        /// Whether and what it must call.
        public var toolChoice: ToolChoice
        /// Counts text and calls together.
        public var maximumOutputTokens: OutputTokenLimit
        /// How freely the model chooses its words; nil leaves it to the model.
        public var temperature: Double?
        /// Whether one answer may call several functions; nil where the client never said.
        public var allowsParallelToolCalls: Bool?
        /// How much a reasoning model may think; nil where the client never said.
        public var reasoningEffort: ReasoningEffort?
        /// Engines that keep a prefix cache key it by this.
        public var conversationID: ConversationID
        /// What the model's text is for; models read it from the instructions, engines that have no
        /// model need it said.
        public var task = GenerationTask.answer

        /// Makes a request to answer these turns.
        public init(
            model: String,
            instructions: String,
            context: [ContextEntry],
            conversationID: ConversationID
        ) {
            self.model = model
            self.instructions = instructions
            self.context = context
            self.tools = []
            self.toolChoice = .auto
            self.maximumOutputTokens = .infinite
            self.conversationID = conversationID
        }
    }

    /// One call of an MCP tool.
    public struct ToolRequest: Sendable, Equatable {
        /// The connection, by the item of its server's list.
        public var server: ItemID
        /// What the server knows the tool by.
        public var name: String
        /// What the model gave it.
        public var arguments: JSONObject

        /// Makes a request.
        public init(server: ItemID, name: String, arguments: JSONObject) {
            self.server = server
            self.name = name
            self.arguments = arguments
        }
    }

    /// Older turns that are to be told in fewer words.
    public struct SummaryRequest: Sendable, Equatable {
        /// What is told of the turns before these; the new summary takes its place.
        public var previous: String?
        /// The turns, oldest first.
        public var turns: [ContextEntry]
        /// How long the summary may be.
        public var maximumTokenCount: Int
        /// What is longer than this is refused: its model has not understood its task.
        public var maximumByteCount: Int

        /// Makes a request.
        public init(
            previous: String? = nil,
            turns: [ContextEntry],
            maximumTokenCount: Int,
            maximumByteCount: Int
        ) {
            self.previous = previous
            self.turns = turns
            self.maximumTokenCount = maximumTokenCount
            self.maximumByteCount = maximumByteCount
        }
    }

    /// What a language model is to do with the last turn.
    public enum GenerationTask: Sendable, Equatable {
        case answer
        /// What was said in a stretch of speech, into a language by its BCP 47 tag.
        case translate(ItemID, into: String)
    }

    /// One turn as the model reads it: user audio is its transcript, assistant audio what was heard
    /// of it.
    public enum ContextEntry: Sendable, Equatable {
        case system(String)
        case user(String)
        /// What the user wrote or said with images in between.
        case userParts([UserPart])
        case assistant(String)
        case functionCall(FunctionCall)
        case functionCallOutput(callID: FunctionCallID, output: String)
    }

    /// A part of what the user wrote, said or showed.
    public enum UserPart: Sendable, Equatable {
        case text(String)
        case image(UserImage)
    }

    /// An image as the client gave it.
    public struct UserImage: Sendable, Equatable {
        /// `data:…;base64,…`, or where it is to be fetched from.
        public var url: String
        /// `auto`, `low` or `high`; nil where the client didn't say.
        public var detail: String?
        /// What it counts.
        public var tokenCount: Int

        /// Makes an image.
        public init(url: String, detail: String?, tokenCount: Int) {
            self.url = url
            self.detail = detail
            self.tokenCount = tokenCount
        }
    }

    /// One clause for the synthesiser.
    public struct SynthesisRequest: Sendable, Equatable {
        /// Counts the clauses of the response from 0.
        public var clause: Int
        /// What to say.
        public var text: String
        /// The voice's name, as the session shows it.
        public var voice: String
        /// 1 is the voice's natural pace.
        public var speed: Double

        /// Makes a request.
        public init(clause: Int, text: String, voice: String, speed: Double = 1) {
            self.clause = clause
            self.text = text
            self.voice = voice
            self.speed = speed
        }
    }
}
