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

    @Test("The random peers reach every event, every effect and every end")
    func reach() throws {
        var reached: Set<String> = []
        for seed in 1...8 {
            reached.formUnion(try Simulation.reach(seed: UInt64(seed), steps: 4_000))
        }
        let expected: Set<String> = [
            "session.created", "session.updated", "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
            "input_audio_buffer.cleared", "conversation.item.added", "conversation.item.done",
            "conversation.item.retrieved", "conversation.item.deleted",
            "conversation.item.truncated", "conversation.item.input_audio_transcription.delta",
            "conversation.item.input_audio_transcription.completed",
            "conversation.item.input_audio_transcription.failed", "response.created",
            "response.output_text.delta", "response.output_audio.delta",
            "response.function_call_arguments.delta", "reset_detection", "start_transcription",
            "pause_transcription", "finish_transcription", "cancel_transcription", "generate",
            "synthesize", "cancel",
            "close", "completed", "cancelled", "incomplete", "failed",
            "conversation_already_has_active_response", "response_cancel_not_active",
            "input_audio_buffer_commit_empty", "invalid_value", "unsupported_content_type",
            "cannot_update_voice", "session_expired", "string_above_max_length",
            "missing_required_parameter",
        ]
        #expect(expected.subtracting(reached).isEmpty)
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
            "cancel_transcription", "generate", "synthesize", "cancel", "close", "invalid_value",
            "missing_required_parameter", "inference_failed", "engine_timeout",
            "translation_incomplete", "session_expired", "language_not_spoken",
        ]
        #expect(expected.subtracting(reached).isEmpty)
    }

    @Test("A run follows from its seed", arguments: [3, 4])
    func repeats(seed: UInt64) {
        var first = SeededRandom(seed: seed)
        var second = SeededRandom(seed: seed)
        #expect((0..<100).map { _ in first.next() } == (0..<100).map { _ in second.next() })
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
