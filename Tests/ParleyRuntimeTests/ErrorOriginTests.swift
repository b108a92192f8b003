import ParleyAudio
import ParleyEngine
import ParleyRealtime
import ParleySession
import Testing

@testable import ParleyRuntime

@Suite("Errors are counted by whose fault they tell of")
struct ErrorOriginTests {
    @Test("What the client asked for wrongly, or too often, is the client's")
    func client() {
        #expect(ProtocolError(.invalidValue, "Wrong.").origin == .client)
        let tooMany = ProtocolError(.rateLimitExceeded, "No more.", kind: .rateLimit)
        #expect(tooMany.origin == .client)
    }

    @Test("What goes wrong here is ours")
    func server() {
        #expect(ProtocolError(.server, "A mistake.", kind: .server).origin == .server)
        #expect(ProtocolError(nil, "A mistake.", kind: .server).origin == .server)
    }

    @Test("An engine's failure is the engine's, whatever it is", arguments: faults)
    func engine(fault: EngineError.Fault) {
        let failure = Session.EngineFailure(.language, EngineError(fault, "detail"))
        #expect(Self.errors(of: .failed(failure)) == [.engine])
    }

    @Test("So is a translation that the model breaks off, or doesn't come to the end of")
    func translation() {
        let result = Session.GenerationResult(incomplete: .maximumOutputTokens)
        #expect(Self.errors(of: .finished(result)) == [.engine])
        let endless = String(repeating: "word ", count: Limits().responseByteCount / 5 + 1)
        #expect(Self.errors(of: .text(endless)) == [.engine])
    }

    private static let faults: [EngineError.Fault] = [
        .load, .inference, .request, .unavailable, .refused, .rejected, .rateLimited,
        .quotaExceeded, .contextLength, .timeout, .malformedAnswer, .overloaded,
        EngineError.Fault(rawValue: "a_fault_of_tomorrow"),
    ]

    /// Whose faults the client is told of when the model of a translation session reports this.
    private static func errors(of report: Session.Generation) -> [ProtocolError.Origin] {
        var configuration = SessionConfiguration(model: "parley", voice: .named("slt"))
        configuration.output.language = "es"
        var session = TranslationSession(
            Session.Birth(
                id: "sess_1",
                configuration: configuration.translating(),
                ids: .sequential(),
                unixTime: 0
            )
        )
        _ = session.start(at: Instant())
        let audio = [UInt8](repeating: 1, count: 48_000)
        let inputs: [Session.Input] =
            [.client(ClientEvent(.sessionInputAudioBufferAppend(audio: audio)))]
            + (1...14).map { .speech(.init(position: 768 * $0, probability: $0 == 1 ? 1 : 0)) }
            + [.transcription("item_1", .final(text: "hello")), .generation("resp_1", report)]
        return inputs.flatMap { session.handle($0, at: Instant()) }.compactMap { output in
            guard case .send(let event) = output, case .error(let error, _) = event.body else {
                return nil
            }
            return error.origin
        }
    }
}
