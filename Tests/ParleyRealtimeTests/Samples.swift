import ParleyAudio
import ParleyJSON
import ParleyRealtime

/// Server events that tests share: what the protocol reference shows, then one of every other type.
enum Samples {
    static let place = PartLocation(
        responseID: "resp_1",
        itemID: "item_a",
        outputIndex: 0,
        contentIndex: 0
    )
    static let call = CallLocation(
        responseID: "resp_1",
        itemID: "item_f",
        outputIndex: 0,
        callID: "call_1"
    )

    static var configuration: SessionConfiguration {
        var configuration = SessionConfiguration(model: "local-llm", voice: .named("alloy"))
        configuration.instructions.standard = "Be brief."
        return configuration
    }

    static let session = SessionObject(
        id: "sess_1",
        expiresAt: 1_790_000_000,
        configuration: configuration
    )

    /// Every member that can be set is set.
    static var richSession: SessionObject {
        var configuration = configuration
        configuration.tools = tools
        configuration.toolChoice = .function(name: "get_time")
        configuration.allowsParallelToolCalls = false
        configuration.reasoningEffort = .low
        configuration.maximumOutputTokens = .tokens(1_000)
        configuration.truncation = .retentionRatio(0.8, postInstructionsTokens: 8_000)
        configuration.prompt = ["id": "pmpt_1", "version": "2", "variables": ["name": "Ada"]]
        configuration.tracing = .configured(["workflow_name": "desk"])
        configuration.include = [.transcriptionLogprobs]
        configuration.input.format = .pcmu
        configuration.input.noiseReduction = NoiseReduction(.nearField)
        configuration.input.turnDetection = .semanticVAD(SemanticVAD())
        var transcription = InputTranscription()
        transcription.model = "whisper-1"
        transcription.language = "de"
        transcription.extras = ["keywords": ["Parley"]]
        configuration.input.transcription = transcription
        configuration.output.format = .pcma
        configuration.output.voice = .custom(id: "voice_1")
        configuration.output.speed = 1.25
        return SessionObject(id: "sess_1", expiresAt: 0, configuration: configuration)
    }

    private static let tools: [Tool] = [
        .function(
            FunctionTool(
                name: "get_time",
                description: "Tells the time.",
                parameters: ["type": "object"]
            )
        ),
        .mcp(
            MCPTool(
                serverLabel: "desk",
                definition: [
                    "type": "mcp", "server_label": "desk", "server_url": "https://desk.example",
                    "authorization": "secret", "headers": ["X-Key": "secret"],
                ]
            )
        ),
    ]

    static func user(transcript: String? = nil, audio: [UInt8]? = nil) -> Item {
        let part = ContentPart.inputAudio(audio: audio, transcript: transcript)
        return Item(id: "item_u", content: .message(Message(role: .user, parts: [part])))
    }

    static let assistantBegun = Item(
        id: "item_a",
        status: .inProgress,
        content: .message(Message(role: .assistant, parts: []))
    )

    static let assistant = Item(
        id: "item_a",
        content: .message(
            Message(role: .assistant, parts: [.outputAudio(audio: nil, transcript: "Hello.")])
        )
    )

    static let functionCallBegun = Item(
        id: "item_f",
        status: .inProgress,
        content: .functionCall(FunctionCall(callID: "call_1", name: "get_time", arguments: ""))
    )

    static func response(
        _ status: ResponseStatus = .inProgress,
        output: [Item] = [],
        usage: Usage? = nil
    ) -> Response {
        var response = Response(
            id: "resp_1",
            conversationID: "conv_1",
            configuration: configuration
        )
        response.status = status
        response.output = output
        response.usage = usage
        return response
    }

    static var usage: Usage {
        var usage = Usage()
        usage.inputText = 90
        usage.inputAudio = 30
        usage.cachedText = 64
        usage.outputText = 7
        usage.outputAudio = 12
        return usage
    }
}
