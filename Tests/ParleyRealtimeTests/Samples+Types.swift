import ParleyJSON
import ParleyRealtime

extension Samples {
    /// One event or more of every type, in the order of the declaration.
    static let ofEveryType: [ServerEvent] = bodies.enumerated().map {
        ServerEvent(id: EventID(rawValue: "event_\($0 + 1)"), $1)
    }

    private static let bodies =
        sessionBodies + itemBodies + responseBodies + mcpBodies + playoutBodies + translationBodies

    private static let sessionBodies: [ServerEvent.Body] = [
        .sessionCreated(session),
        .sessionUpdated(richSession),
        .error(ProtocolError(nil, "No key.", kind: .server), clientEventID: nil),
        .error(ProtocolError(.invalidType, "Not a string.", param: "item.id"), clientEventID: "c1"),
        .inputAudioBufferSpeechStarted(audioStart: .milliseconds(1_200), itemID: "item_u"),
        .inputAudioBufferSpeechStopped(audioEnd: .milliseconds(2_600), itemID: "item_u"),
        .inputAudioBufferCommitted(itemID: "item_u", previousItemID: "item_0"),
        .inputAudioBufferCleared,
        .inputAudioBufferTimeoutTriggered(
            audioStart: .milliseconds(10),
            audioEnd: .milliseconds(20),
            itemID: "item_u"
        ),
        .inputAudioBufferDTMFEventReceived(event: "#", receivedAt: 1_790_000_001),
    ]

    private static let itemBodies: [ServerEvent.Body] =
        [.conversationCreated(id: "conv_1")]
        + items.map { .conversationItemAdded(item: $0, previousItemID: nil) }
        + items.map { .conversationItemDone(item: $0, previousItemID: "item_0") }
        + items.map { .conversationItemRetrieved(item: $0) }
        + [
            .conversationItemDeleted(itemID: "item_u"),
            .conversationItemTruncated(
                itemID: "item_a",
                contentIndex: 0,
                audioEnd: .milliseconds(1_500)
            ),
        ] + transcriptionBodies

    private static let transcriptionBodies: [ServerEvent.Body] = [
        .conversationItemInputAudioTranscriptionDelta(
            itemID: "item_u",
            contentIndex: 0,
            delta: "Hi",
            logprobs: logprobs
        ),
        .conversationItemInputAudioTranscriptionCompleted(
            itemID: "item_u",
            contentIndex: 0,
            transcript: "Hi there",
            usage: .duration(.milliseconds(1_400)),
            logprobs: logprobs
        ),
        .conversationItemInputAudioTranscriptionSegment(
            itemID: "item_u",
            TranscriptionSegment(
                contentIndex: 0,
                id: "seg_1",
                speaker: "A",
                span: .milliseconds(100)..<(.milliseconds(2_300)),
                text: "Hi"
            )
        ),
        .conversationItemInputAudioTranscriptionFailed(
            itemID: "item_u",
            contentIndex: 0,
            error: ProtocolError(nil, "The recogniser did not answer.", kind: .server)
        ),
    ]

    private static let logprobs: JSON = [["token": "Hi", "logprob": -0.25, "bytes": [72, 105]]]

    /// One item of every type, with every kind of part.
    static let items: [Item] =
        [
            Item(
                id: "item_s",
                content: .message(Message(role: .system, parts: [.inputText("Be kind.")]))
            ),
            Item(
                id: "item_u",
                content: .message(
                    Message(
                        role: .user,
                        parts: [
                            .inputText("Look:"),
                            .inputImage(url: "data:image/png;base64,AAAA", detail: "low"),
                            .inputImage(url: "data:image/png;base64,AAAA", detail: nil),
                            .inputAudio(audio: [1, 2], transcript: nil),
                            .inputAudio(audio: nil, transcript: "Hi"),
                        ]
                    )
                )
            ),
            Item(
                id: "item_a",
                status: .incomplete,
                content: .message(
                    Message(
                        role: .assistant,
                        parts: [
                            .outputText("Hello."),
                            .outputAudio(audio: [1, 2, 3, 4], transcript: nil),
                            .outputAudio(audio: nil, transcript: "Hello."),
                        ]
                    )
                )
            ),
            functionCallBegun,
            Item(id: "item_o", content: .functionCallOutput(callID: "call_1", output: "12:00")),
        ] + toolItems

    /// Items that MCP tools leave in a conversation.
    static let toolItems: [Item] = [
        Item(
            id: "mcpl_1",
            content: .mcpListTools(
                MCPListTools(
                    serverLabel: "desk",
                    tools: [
                        [
                            "name": "book", "description": "Books.",
                            "input_schema": ["type": "object"],
                        ]
                    ]
                )
            )
        ),
        Item(
            id: "mcp_1",
            content: .mcpCall(MCPCall(serverLabel: "desk", name: "book", arguments: "{}"))
        ),
        Item(id: "mcp_2", content: .mcpCall(failedCall)),
        Item(
            id: "mcpr_1",
            content: .mcpApprovalRequest(
                MCPApprovalRequest(serverLabel: "desk", name: "book", arguments: "{}")
            )
        ),
        Item(
            id: "item_m",
            content: .mcpApprovalResponse(
                MCPApprovalResponse(approvalRequestID: "mcpr_1", approves: true)
            )
        ),
    ]

    private static var failedCall: MCPCall {
        var call = MCPCall(serverLabel: "desk", name: "book", arguments: "{}")
        call.approvalRequestID = "mcpr_1"
        call.error = .http(code: 502, message: "Bad gateway")
        return call
    }

    private static let responseBodies: [ServerEvent.Body] = [
        .responseCreated(response()),
        .responseDone(response(.completed, output: items, usage: usage)),
        .responseDone(response(.cancelled(.clientCancelled), usage: Usage())),
        .responseDone(response(.incomplete(.maximumOutputTokens), usage: Usage())),
        .responseDone(response(.failed(ResponseFailure(code: "x", message: "y")), usage: Usage())),
        .responseDone(outOfBandResponse),
        .responseOutputItemAdded(responseID: "resp_1", outputIndex: 0, item: assistantBegun),
        .responseOutputItemDone(responseID: "resp_1", outputIndex: 0, item: assistant),
        .responseContentPartAdded(place, .text("")),
        .responseContentPartDone(place, .audio(transcript: "Hello.")),
        .responseOutputTextDelta(place, delta: "Hel"),
        .responseOutputTextDone(place, text: "Hello."),
        .responseOutputAudioTranscriptDelta(place, delta: "Hel"),
        .responseOutputAudioTranscriptDone(place, transcript: "Hello."),
        .responseOutputAudioDelta(place, audio: [0, 1, 2, 3]),
        .responseOutputAudioDone(place),
        .responseFunctionCallArgumentsDelta(call, delta: "{"),
        .responseFunctionCallArgumentsDone(call, name: "get_time", arguments: "{}"),
    ]

    private static var outOfBandResponse: Response {
        var response = Response(
            id: "resp_2",
            conversationID: nil,
            configuration: richSession.configuration,
            metadata: ["topic": "x"]
        )
        response.status = .completed
        response.usage = Usage()
        return response
    }

    private static let mcpBodies: [ServerEvent.Body] = [
        .mcpListToolsInProgress(itemID: "mcpl_1"),
        .mcpListToolsCompleted(itemID: "mcpl_1"),
        .mcpListToolsFailed(itemID: "mcpl_1"),
        .responseMCPCallArgumentsDelta(
            responseID: "resp_1",
            itemID: "mcp_1",
            outputIndex: 0,
            delta: "{"
        ),
        .responseMCPCallArgumentsDone(
            responseID: "resp_1",
            itemID: "mcp_1",
            outputIndex: 0,
            arguments: "{}"
        ),
        .responseMCPCallInProgress(itemID: "mcp_1", outputIndex: 0),
        .responseMCPCallCompleted(itemID: "mcp_1", outputIndex: 0),
        .responseMCPCallFailed(itemID: "mcp_1", outputIndex: 0),
    ]

    private static let translationBodies: [ServerEvent.Body] = [
        .sessionCreated(translationSession),
        .sessionUpdated(hearingTranslationSession),
        .sessionInputTranscriptDelta(delta: "Hello", elapsed: .milliseconds(600)),
        .sessionOutputTranscriptDelta(delta: "Hola", elapsed: .milliseconds(1_400)),
        .sessionOutputAudioDelta(audio: [0, 0, 1, 0], elapsed: .milliseconds(1_400)),
        .sessionClosed,
    ]

    private static var translationSession: SessionObject {
        SessionObject(
            id: "sess_1",
            expiresAt: 1_790_000_000,
            configuration: configuration.translating()
        )
    }

    private static var hearingTranslationSession: SessionObject {
        var session = translationSession
        session.configuration.output.language = "pt-BR"
        session.configuration.input.noiseReduction = NoiseReduction(.farField)
        session.configuration.input.transcription = InputTranscription()
        session.configuration.input.transcription?.model = "whisper-1"
        session.configuration.input.transcription?.language = "en"
        return session
    }

    private static let playoutBodies: [ServerEvent.Body] = [
        .outputAudioBufferStarted(responseID: "resp_1"),
        .outputAudioBufferStopped(responseID: "resp_1"),
        .outputAudioBufferCleared(responseID: "resp_1"),
        .rateLimitsUpdated([
            RateLimit(name: "tokens", limit: 1_000, remaining: 900, reset: .milliseconds(1_500))
        ]),
    ]
}
