import ParleyAudio
import ParleyRealtime
import Testing

@testable import ParleySession

/// Every state of a translation session against every input, as for other sessions.
@Suite("Cells of translation sessions")
struct TranslationCellTests {
    private static let states: [(name: String, inputs: [Session.Input])] = [
        ("idle", []),
        ("user speaks", [append, speech]),
        ("recogniser works", heard),
        ("model runs", heard + [text]),
        ("model writes", heard + [text, words]),
        ("model speaks", heard + [text, words, audio]),
        ("voice finishes", heard + [text, words, audio, written]),
        ("closing, recogniser works", heard + [close]),
        ("closing, voice finishes", heard + [close, text, words, audio, written]),
        ("closed", [close]),
    ]

    private static let inputs: [(name: String, input: Session.Input)] = [
        ("session.update", .client(.init(.sessionUpdate(SessionUpdate())))),
        ("session.input_audio_buffer.append", append),
        ("session.close", close),
        ("input_audio_buffer.append", .client(.init(.inputAudioBufferAppend(audio: [0, 0])))),
        ("input_audio_buffer.commit", .client(.init(.inputAudioBufferCommit))),
        ("input_audio_buffer.clear", .client(.init(.inputAudioBufferClear))),
        (
            "conversation.item.create",
            .client(
                .init(
                    .conversationItemCreate(
                        item: NewItem(content: .message(Message(role: .user, parts: []))),
                        position: .end
                    )
                )
            )
        ),
        ("conversation.item.retrieve", .client(.init(.conversationItemRetrieve(itemID: "i")))),
        ("conversation.item.delete", .client(.init(.conversationItemDelete(itemID: "item_1")))),
        (
            "conversation.item.truncate",
            .client(
                .init(.conversationItemTruncate(itemID: "i", contentIndex: 0, audioEnd: .zero))
            )
        ),
        ("response.create", .client(.init(.responseCreate(ResponseOptions())))),
        ("response.cancel", .client(.init(.responseCancel(responseID: nil)))),
        ("output_audio_buffer.clear", .client(.init(.outputAudioBufferClear))),
        ("test_tone", .client(.init(.testTone))),
        ("malformed", .malformed(ProtocolError(.invalidJSON, "No JSON."), clientEventID: nil)),
        ("audio of a transport", .audio(AudioFrame(samples: [0, 0]))),
        ("verdict: speech", .speech(.init(position: 1_536, probability: 1))),
        ("verdict: stale", .speech(.init(position: 0, probability: 1))),
        ("transcription final", text),
        ("transcription of nothing", .transcription("item_9", .final(text: "hello"))),
        ("transcription failed", .transcription("item_1", .failed(failure))),
        ("model text", words),
        ("model finished", written),
        ("model failed", .generation("resp_1", .failed(failure))),
        ("model of nothing", .generation("resp_9", .text("Late."))),
        ("voice audio", audio),
        ("voice finished", .synthesis("resp_1", .finished(clause: 0))),
        ("voice failed", .synthesis("resp_1", .failed(failure))),
        (
            "transcription partial",
            .transcription("item_1", .partial(text: "h", stableByteCount: 0))
        ),
        (
            "transcription provisional",
            .transcription("item_1", .provisional(text: "hello", position: 768))
        ),
        ("model call", .generation("resp_1", .toolCallStarted(name: "f"))),
        ("model arguments", .generation("resp_1", .toolCallArguments("{}"))),
        ("tools listed", .tools("mcpl_1", .listed([]))),
        ("tools failed", .tools("mcpl_1", .failed(.http(code: 500, message: "No.")))),
        ("tool output", .toolResult("mcp_1", .output("A text."))),
        ("tool failed", .toolResult("mcp_1", .failed(.toolExecution(message: "No.")))),
        ("summary written", .summary(.written("They talked."))),
        ("summary failed", .summary(.failed(failure))),
        ("playout", .playout("resp_1", heard: .seconds(1))),
        ("rate limits", .rateLimits([])),
        ("timeout before its time", .timeout),
        ("evicted", .evicted(ProtocolError(.rateLimitExceeded, "No more.", kind: .rateLimit))),
        ("shutdown", .shutdown),
        ("disconnected", .disconnected),
    ]

    /// Reports of engines that do not run.
    private static func isImpossible(_ state: String, _ input: String) -> Bool {
        switch (state, input) {
        // Nobody appended the audio that the verdict is about.
        case ("idle", "verdict: speech"): true
        case (let state, let input) where input.hasPrefix("model ") && input != "model of nothing":
            state.hasSuffix("voice finishes")
        case (let state, let input) where input.hasPrefix("voice "): state == "model runs"
        default: false
        }
    }

    @Test("Every cell does what the table says")
    func table() throws {
        var configuration = SessionConfiguration(model: "parley", voice: .named("slt"))
        configuration.output.language = "es"
        try CellTable(
            title: "What a translation session says and does: each state against each input.",
            configuration: configuration.translating(),
            states: Self.states,
            inputs: Self.inputs,
            isImpossible: Self.isImpossible
        ).check(against: "translation-cells.table")
    }

    @Test("No kind of input is missing from the table")
    func kinds() {
        let missing = Set(InputKind.allCases).subtracting(Self.inputs.map(\.input.kind))
        #expect(missing.isEmpty)
    }

    // MARK: Inputs

    private static let close = Session.Input.client(.init(.sessionClose))
    private static let append = Session.Input.client(
        .init(.sessionInputAudioBufferAppend(audio: [UInt8](repeating: 1, count: 48_000)))
    )
    private static let speech = Session.Input.speech(.init(position: 768, probability: 1))
    /// A stretch of speech that has ended.
    private static let heard: [Session.Input] =
        [append, speech]
        + (2...14).map { .speech(.init(position: 768 * $0, probability: 0)) }
    private static let text = Session.Input.transcription("item_1", .final(text: "hello"))
    private static let words = Session.Input.generation("resp_1", .text("Hola. Y "))
    private static let written = Session.Input.generation("resp_1", .finished(.init()))
    private static let audio = Session.Input.synthesis(
        "resp_1",
        .audio(clause: 0, AudioFrame(samples: [Int16](repeating: 1, count: 4_800)))
    )
    private static let failure = Session.EngineFailure(code: "broken", message: "It broke.")
}
