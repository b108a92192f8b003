import ParleyAudio
import ParleyRealtime
import ParleyTesting
import Testing

@testable import ParleySession

/// Every state of a session against every input, the silent cells too.
///
/// The table is text, in `Traces/cells.table`; `PARLEY_UPDATE_TRACES=1` writes it anew. Inputs that
/// can't happen in a state are our own faults and trap in a debug build: those cells are named here
/// and say "impossible".
@Suite("Cells")
struct CellTests {
    /// What has happened before, as a client and its engines would have it.
    private static let states: [(name: String, inputs: [Session.Input])] = [
        ("idle", []),
        ("user speaks", [append, speech]),
        (
            "response waits for text",
            [append, speech, .client(.init(.inputAudioBufferCommit)), create]
        ),
        ("model runs", [create]),
        ("model writes", [createText, text]),
        ("model calls", [create, call]),
        ("model speaks", [create, text, audio]),
        ("voice finishes", [create, text, audio, finished]),
        ("closed", [.disconnected]),
    ]

    private static let inputs: [(name: String, input: Session.Input)] = [
        ("response.create", create),
        ("response.cancel", .client(.init(.responseCancel(responseID: nil)))),
        ("input_audio_buffer.append", append),
        ("input_audio_buffer.commit", .client(.init(.inputAudioBufferCommit))),
        ("input_audio_buffer.clear", .client(.init(.inputAudioBufferClear))),
        ("conversation.item.delete", .client(.init(.conversationItemDelete(itemID: "item_1")))),
        ("malformed", .malformed(ProtocolError(.invalidJSON, "No JSON."), clientEventID: nil)),
        ("verdict: speech", later),
        ("verdict: stale", .speech(.init(position: 0, probability: 1))),
        ("transcription final", .transcription("item_1", .final(text: "hello"))),
        ("transcription of nothing", .transcription("item_9", .final(text: "hello"))),
        ("model text", text),
        ("model finished", finished),
        ("model failed", .generation("resp_1", .failed(failure))),
        ("model of nothing", .generation("resp_9", .text("Late."))),
        ("voice audio", audio),
        ("voice finished", .synthesis("resp_1", .finished(clause: 0))),
        ("voice failed", .synthesis("resp_1", .failed(failure))),
        ("playout", .playout("resp_1", heard: .seconds(1))),
        ("timeout before its time", .timeout),
        ("evicted", .evicted(ProtocolError(.rateLimitExceeded, "No more.", kind: .rateLimit))),
        ("shutdown", .shutdown),
        ("disconnected", .disconnected),
    ]

    /// Reports of engines that do not run.
    private static func isImpossible(_ state: String, _ input: String) -> Bool {
        switch (state, input) {
        case ("response waits for text", "model text"),
            ("response waits for text", "model finished"),
            ("response waits for text", "model failed"), ("voice finishes", "model text"),
            ("voice finishes", "model finished"), ("voice finishes", "model failed"):
            true
        // Nobody appended the audio that the verdict is about.
        case (let state, "verdict: speech"):
            !["user speaks", "response waits for text", "closed"].contains(state)
        case (let state, let input) where input.hasPrefix("voice"):
            ["response waits for text", "model runs", "model writes", "model calls"].contains(state)
        default: false
        }
    }

    @Test("Every cell does what the table says")
    func table() throws {
        try CellTable(
            title: "What a session says and does: each state against each input.",
            configuration: SessionConfiguration(model: "parley", voice: .named("slt")),
            states: Self.states,
            inputs: Self.inputs,
            isImpossible: Self.isImpossible
        ).check(against: "cells.table")
    }

    @Test("Impossible news traps in a debug build")
    func impossible() async {
        await #expect(processExitsWith: .failure) {
            var session = Session(
                Session.Birth(
                    id: "sess_1",
                    configuration: SessionConfiguration(model: "parley", voice: .named("slt")),
                    ids: .sequential(),
                    unixTime: 0
                )
            )
            _ = session.start(at: Instant())
            _ = session.handle(.speech(.init(position: 768, probability: 1)), at: Instant())
        }
    }

    // MARK: Inputs

    private static let create = Session.Input.client(.init(.responseCreate(ResponseOptions())))
    private static var createText: Session.Input {
        var options = ResponseOptions()
        options.outputModality = .text
        return .client(.init(.responseCreate(options)))
    }
    private static let append = Session.Input.client(
        .init(.inputAudioBufferAppend(audio: [UInt8](repeating: 1, count: 9_600)))
    )
    private static let speech = Session.Input.speech(.init(position: 768, probability: 1))
    private static let later = Session.Input.speech(.init(position: 1_536, probability: 1))
    private static let text = Session.Input.generation("resp_1", .text("Hello there. And "))
    private static let call = Session.Input.generation("resp_1", .toolCallStarted(name: "f"))
    private static let finished = Session.Input.generation("resp_1", .finished(.init()))
    private static let audio = Session.Input.synthesis(
        "resp_1",
        .audio(clause: 0, AudioFrame(samples: [Int16](repeating: 1, count: 4_800)))
    )
    private static let failure = Session.EngineFailure(code: "broken", message: "It broke.")
}
