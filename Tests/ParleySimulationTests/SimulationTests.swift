import ParleyRealtime
import ParleyTesting
import Testing

/// A part of what `parley-simulate` runs in release: a million steps and more belong there, where
/// they take seconds.
@Suite("Simulation")
struct SimulationTests {
    @Test("Every promise is kept, whatever clients, engines and time do", arguments: 1...8)
    func promises(seed: Int) throws {
        try Simulation.run(seed: UInt64(seed), steps: 4_000)
    }

    /// What the wire and the core have a word for, and no history shows.
    private static let unseen: [String: String] = [
        "error": "told by its code",
        "response.done": "told by how the response ended",
        "input_audio_buffer.dtmf_event_received": "only calls have it",
        "output_audio_buffer.started": "only calls have it",
        "output_audio_buffer.stopped": "only calls have it",
        "output_audio_buffer.cleared": "only calls have it",
        "detect": "there is one for each frame: traces leave it out",
        "feed_transcription": "there is one for each frame: traces leave it out",
    ]

    /// How responses end, and errors that only what happened before can bring.
    private static let ends: Set<String> = [
        "completed", "cancelled", "incomplete", "failed",
        "conversation_already_has_active_response", "response_cancel_not_active",
        "input_audio_buffer_commit_empty", "invalid_value", "unsupported_content_type",
        "cannot_update_voice", "session_expired", "string_above_max_length",
        "missing_required_parameter",
    ]

    @Test("The random peers reach every event, every effect and every end")
    func reach() throws {
        let events = try Declarations.eventTypes
        let effects = try Declarations.effectNames
        #expect(events.count > 45 && effects.count > 18)
        #expect(events.union(effects).isSuperset(of: Self.unseen.keys))
        var reached: Set<String> = []
        let expected = events.union(effects).union(Self.ends).subtracting(Self.unseen.keys)
        for seed in 1...40 where !reached.isSuperset(of: expected) {
            reached.formUnion(try Simulation.reach(seed: UInt64(seed), steps: 4_000))
        }
        #expect(expected.subtracting(reached).sorted() == [])
    }

    @Test("Random peers of translation sessions reach every event and every end")
    func reachOfTranslations() throws {
        var reached: Set<String> = []
        for seed in 1...8 {
            reached.formUnion(
                try Simulation.reach(seed: UInt64(seed), steps: 4_000, of: .translation)
            )
        }
        let expected: Set<String> = [
            "session.created", "session.updated", "session.input_transcript.delta",
            "session.output_transcript.delta", "session.output_audio.delta", "session.closed",
            "start_transcription", "pause_transcription", "finish_transcription",
            "cancel_transcription", "start_generation", "start_synthesis", "cancel",
            "close_connection", "invalid_value",
            "missing_required_parameter", "inference_failed", "engine_timeout",
            "translation_incomplete", "session_expired", "warn",
        ]
        #expect(expected.subtracting(reached).isEmpty)
    }

    @Test("A run follows from its seed", arguments: [3, 4])
    func repeats(seed: UInt64) throws {
        let first = try Simulation.history(seed: seed, steps: 2_000)
        #expect(first.count > 1_000)
        #expect(try Simulation.history(seed: seed, steps: 2_000) == first)
        #expect(try Simulation.history(seed: seed + 1, steps: 2_000) != first)
    }

    @Test("Bytes of a fuzzer decide a session, and break no promise", arguments: 1...40)
    func bytes(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let bytes = (0..<4_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try Simulation.run(bytes: bytes)
    }

    @Test("No bytes at all are a session, too")
    func noBytes() throws {
        try Simulation.run(bytes: [])
    }
}
