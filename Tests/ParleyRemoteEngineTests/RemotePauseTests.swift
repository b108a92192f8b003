import ParleyAudio
import ParleyEngine
import Testing

@testable import ParleyRemoteEngine

@Suite("A remote recogniser in pauses", .timeLimit(.minutes(1)))
struct RemotePauseTests {
    /// An utterance that a test speaks piece by piece, in quarters of a second.
    private struct Speaker {
        let speech: AsyncStream<SpeechPiece>
        private let continuation: AsyncStream<SpeechPiece>.Continuation

        init() {
            (speech, continuation) = AsyncStream.makeStream(of: SpeechPiece.self)
        }

        func say() {
            let samples = [Int16](repeating: 0, count: 4_000)
            continuation.yield(.audio(AudioFrame(samples: samples, sampleRate: 16_000)))
        }

        func pause() -> SpeechPause {
            let pause = SpeechPause(position: 4_000)
            continuation.yield(.pause(pause))
            return pause
        }

        func finish() { continuation.finish() }
    }

    private let options = TranscriptionOptions(language: "en")

    @Test("An utterance that ends with its pause is uploaded once")
    func adopted() async throws {
        let service = try MockService.service()
        let speaker = Speaker()
        speaker.say()
        _ = speaker.pause()
        var texts: [String] = []
        let engine = RemoteTranscriptionEngine(service)
        let text = try await engine.transcribe(speaker.speech, options: options) { report in
            guard case .provisional(let transcript, _) = report else { return }
            texts.append(transcript.text)
            speaker.finish()
        }.text
        #expect(text == "I heard 250 milliseconds at 16000 hertz in en.")
        #expect(texts == [text])
        #expect(try await service.requestsSeen().count == 1)
    }

    @Test("When the speaker goes on, all of it is uploaded")
    func resumed() async throws {
        let service = try MockService.service()
        let speaker = Speaker()
        speaker.say()
        let pause = speaker.pause()
        let engine = RemoteTranscriptionEngine(service)
        let text = try await engine.transcribe(speaker.speech, options: options) { _ in
            pause.end()
            speaker.say()
            speaker.finish()
        }.text
        #expect(text == "I heard 500 milliseconds at 16000 hertz in en.")
        #expect(try await service.requestsSeen().count == 2)
    }

    @Test("A service that fails in a pause fails the utterance only if it ends there")
    func failed() async throws {
        for goesOn in [false, true] {
            let service = try MockService.service(fault: "status-400*1")
            let speaker = Speaker()
            speaker.say()
            _ = speaker.pause()
            if goesOn { speaker.say() }
            speaker.finish()
            let engine = RemoteTranscriptionEngine(service)
            let task = Task<Transcript, any Error> {
                try await engine.transcribe(speaker.speech, options: self.options) { _ in }
            }
            let result = await task.result
            #expect((try? result.get().text.hasPrefix("I heard 500")) ?? false == goesOn)
        }
    }
}
