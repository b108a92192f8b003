import ParleyRealtime
import Testing

@testable import ParleySession

/// Every state of a session against every input, the silent cells too.
///
/// The tables are text, in `Traces/cells.table` and beside it; `PARLEY_UPDATE_TRACES=1` writes them
/// anew. Inputs that can't happen in a state are our own faults and trap in a debug build: those
/// cells are named here and say "impossible".
@Suite("Cells", .timeLimit(.minutes(1)))
struct CellTests {
    private typealias Inputs = CellInputs

    /// One clause, so that the response ends with it.
    private static let answered: [Session.Input] = [
        Inputs.create, .generation("resp_1", .text("Hello there.")), Inputs.finished, Inputs.audio,
        Inputs.spoken,
    ]
    private static let called: [Session.Input] = [
        Inputs.listed, Inputs.create, Inputs.call, Inputs.arguments, Inputs.finished,
    ]

    /// What has happened before, as a client and its engines would have it.
    private static let states: [(name: String, inputs: [Session.Input])] = [
        ("idle", []),
        ("user speaks", [Inputs.append, Inputs.speech]),
        ("user pauses", Inputs.pause),
        (
            "response waits for text",
            [Inputs.append, Inputs.speech, Inputs.commit, Inputs.create]
        ),
        ("model runs", [Inputs.create]),
        ("model writes", [Inputs.createText, Inputs.text]),
        ("model calls", [Inputs.create, Inputs.call]),
        ("model speaks", [Inputs.create, Inputs.text, Inputs.audio]),
        ("voice finishes", [Inputs.create, Inputs.text, Inputs.audio, Inputs.finished]),
        ("silence is waited for", [waiting] + answered),
        ("summary is written", [Inputs.message, Inputs.message] + answered),
        ("tools are listed", [Inputs.server(approval: "never")]),
        ("tools are ready", [Inputs.server(approval: "never"), Inputs.listed]),
        ("call needs approval", [Inputs.server(approval: "always")] + called),
        ("tool runs", [Inputs.server(approval: "never")] + called),
        ("closed", [.disconnected]),
    ]

    /// The client wants to hear from us when its user says nothing.
    private static let waiting = Inputs.client(
        """
        {"type":"session.update","session":{"type":"realtime","audio":{"input":\
        {"turn_detection":{"type":"server_vad","idle_timeout_ms":6000}}}}}
        """
    )

    /// Reports of engines that do not run.
    private static func isImpossible(_ state: String, _ input: String) -> Bool {
        switch (state, input) {
        case (_, "model of nothing"): false
        case ("response waits for text", let input) where input.hasPrefix("model "),
            ("voice finishes", let input) where input.hasPrefix("model "):
            true
        case (let state, "model arguments"):
            ["model runs", "model writes", "model speaks"].contains(state)
        // Nobody appended the audio that the verdict is about.
        case (let state, "verdict: speech"):
            !["user speaks", "user pauses", "response waits for text", "closed"].contains(state)
        case (let state, let input) where input.hasPrefix("voice"):
            ["response waits for text", "model runs", "model writes", "model calls"].contains(state)
        default: false
        }
    }

    @Test("Every cell does what the table says")
    func table() throws {
        var table = CellTable(
            title: "What a session says and does: each state against each input.",
            configuration: SessionConfiguration(model: "parley", voice: .named("slt")),
            states: Self.states,
            inputs: CellInputs.all,
            isImpossible: Self.isImpossible
        )
        // As soon as there is more than one turn with its answer.
        table.compaction = Session.CompactionRules(
            limit: .init(itemCount: 2),
            kept: .init(itemCount: 0)
        )
        try table.check(against: "cells.table")
    }

    private static let transcribingStates: [(name: String, inputs: [Session.Input])] = [
        ("idle", []),
        ("user speaks", [Inputs.append, Inputs.speech]),
        ("user pauses", Inputs.pause),
        ("recogniser finishes", [Inputs.append, Inputs.speech, Inputs.commit]),
        ("closed", [.disconnected]),
    ]

    @Test("Every cell of a transcription session does what its table says")
    func transcriptionTable() throws {
        let configuration = SessionConfiguration(model: "parley", voice: .named("slt"))
        try CellTable(
            title: "What a transcription session says and does: each state against each input.",
            configuration: configuration.transcribing(with: "whisper"),
            states: Self.transcribingStates,
            inputs: CellInputs.all,
            isImpossible: { state, input in state == "idle" && input == "verdict: speech" }
        ).check(against: "transcription-cells.table")
    }

    @Test("No kind of input is missing from the tables")
    func kinds() {
        let missing = Set(InputKind.allCases).subtracting(CellInputs.all.map(\.input.kind))
        #expect(missing.isEmpty)
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
}
