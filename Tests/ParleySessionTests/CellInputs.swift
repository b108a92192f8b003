import ParleyAudio
import ParleyRealtime

@testable import ParleySession

/// What can happen to a session, one or more of each kind; a test compares them with ``InputKind``.
enum CellInputs {
    typealias Named = (name: String, input: Session.Input)

    static let all: [Named] = clientEvents + others + reports

    private static let clientEvents: [Named] = [
        ("session.update", client(#"{"type":"session.update","session":{"type":"realtime"}}"#)),
        ("input_audio_buffer.append", append),
        ("input_audio_buffer.commit", commit),
        ("input_audio_buffer.clear", .client(.init(.inputAudioBufferClear))),
        ("conversation.item.create", message),
        (
            "conversation.item.create of an approval",
            client(
                """
                {"type":"conversation.item.create","item":{"type":"mcp_approval_response",\
                "approval_request_id":"mcpr_1","approve":true}}
                """
            )
        ),
        (
            "conversation.item.retrieve",
            client(#"{"type":"conversation.item.retrieve","item_id":"item_1"}"#)
        ),
        (
            "conversation.item.delete",
            client(#"{"type":"conversation.item.delete","item_id":"item_1"}"#)
        ),
        (
            "conversation.item.truncate",
            .client(
                .init(.conversationItemTruncate(itemID: "item_1", contentIndex: 0, audioEnd: .zero))
            )
        ),
        ("response.create", create),
        ("response.cancel", .client(.init(.responseCancel(responseID: nil)))),
        ("output_audio_buffer.clear", .client(.init(.outputAudioBufferClear))),
        ("test_tone", .client(.init(.testTone))),
        (
            "session.input_audio_buffer.append",
            .client(.init(.sessionInputAudioBufferAppend(audio: [0, 0])))
        ),
        ("session.close", .client(.init(.sessionClose))),
        ("malformed", .malformed(ProtocolError(.invalidJSON, "No JSON."), clientEventID: nil)),
    ]

    private static let others: [Named] = [
        ("audio of a transport", .audio(AudioFrame(samples: [0, 0]))),
        ("verdict: speech", .speech(.init(position: 1_536, probability: 1))),
        ("verdict: stale", .speech(.init(position: 0, probability: 1))),
        ("playout", .playout("resp_1", heard: .seconds(1))),
        ("timeout before its time", .timeout),
        (
            "rate limits",
            .rateLimits([RateLimit(name: "requests", limit: 9, remaining: 1, reset: .zero)])
        ),
        ("evicted", .evicted(ProtocolError(.rateLimitExceeded, "No more.", kind: .rateLimit))),
        ("shutdown", .shutdown),
        ("disconnected", .disconnected),
    ]

    private static let reports: [Named] = [
        (
            "transcription partial",
            .transcription("item_1", .partial(text: "hel", stableByteCount: 3))
        ),
        (
            "transcription provisional",
            .transcription("item_1", .provisional(text: "hello", position: 768))
        ),
        ("transcription final", .transcription("item_1", .final(text: "hello"))),
        ("transcription failed", .transcription("item_1", .failed(failure))),
        ("transcription of nothing", .transcription("item_9", .final(text: "hello"))),
        ("model text", text),
        ("model call", call),
        ("model arguments", arguments),
        ("model finished", finished),
        ("model failed", .generation("resp_1", .failed(failure))),
        ("model of nothing", .generation("resp_9", .text("Late."))),
        ("voice audio", audio),
        ("voice finished", spoken),
        ("voice failed", .synthesis("resp_1", .failed(failure))),
        ("tools listed", listed),
        ("tools failed", .tools("mcpl_1", .failed(.http(code: 500, message: "No.")))),
        ("tool output", .toolResult("mcp_1", .output("A text."))),
        ("tool failed", .toolResult("mcp_1", .failed(.toolExecution(message: "No.")))),
        ("summary written", .summary(.written("They talked."))),
        ("summary failed", .summary(.failed(failure))),
    ]

    // MARK: Those that states are made of

    /// What a client writes; what can't be read is malformed, as it is on a connection.
    static func client(_ text: String) -> Session.Input {
        do {
            return .client(try EventDecoder().decode(Array(text.utf8)))
        } catch {
            return .malformed(error.error, clientEventID: nil)
        }
    }

    static let create = Session.Input.client(.init(.responseCreate(ResponseOptions())))
    static let createText = client(
        #"{"type":"response.create","response":{"output_modalities":["text"]}}"#
    )
    static let message = client(
        """
        {"type":"conversation.item.create","item":{"type":"message","role":"user",\
        "content":[{"type":"input_text","text":"Hello."}]}}
        """
    )
    static let commit = Session.Input.client(.init(.inputAudioBufferCommit))
    static let append = Session.Input.client(
        .init(.inputAudioBufferAppend(audio: [UInt8](repeating: 1, count: 9_600)))
    )
    static let speech = Session.Input.speech(.init(position: 768, probability: 1))
    /// Speech, and then silence that may end the turn.
    static let pause: [Session.Input] =
        [append, append, speech]
        + (2...9).map { .speech(.init(position: 768 * $0, probability: 0)) }
    static let text = Session.Input.generation("resp_1", .text("Hello there. And "))
    static let call = Session.Input.generation("resp_1", .toolCallStarted(name: "f"))
    static let arguments = Session.Input.generation("resp_1", .toolCallArguments("{}"))
    static let finished = Session.Input.generation("resp_1", .finished(.init()))
    static let audio = Session.Input.synthesis(
        "resp_1",
        .audio(clause: 0, AudioFrame(samples: [Int16](repeating: 1, count: 4_800)))
    )
    static let spoken = Session.Input.synthesis("resp_1", .finished(clause: 0))
    static let listed = Session.Input.tools("mcpl_1", .listed([.init(name: "f")]))
    static let failure = Session.EngineFailure(code: "broken", message: "It broke.")

    /// Names a server of tools whose calls need an approval, or none.
    static func server(approval: String) -> Session.Input {
        client(
            """
            {"type":"session.update","session":{"type":"realtime","output_modalities":["text"],\
            "tools":[{"type":"mcp","server_label":"s","server_url":"https://s.example/mcp",\
            "require_approval":"\(approval)"}]}}
            """
        )
    }
}
