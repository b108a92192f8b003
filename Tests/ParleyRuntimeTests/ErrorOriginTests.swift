import ParleyEngine
import ParleyRealtime
import Testing

@testable import ParleyRuntime

@Suite("Errors are counted by whose fault they tell of")
struct ErrorOriginTests {
    @Test("What the client asked for wrongly, or too often, is the client's")
    func client() {
        #expect(ErrorOrigin(ProtocolError(.invalidValue, "Wrong.")) == .client)
        let tooMany = ProtocolError(.rateLimitExceeded, "No more.", kind: .rateLimit)
        #expect(ErrorOrigin(tooMany) == .client)
    }

    @Test("An engine's failure is the engine's, whatever it is", arguments: faults)
    func engine(fault: EngineError.Fault) {
        let code = ProtocolError.Code(rawValue: fault.rawValue)
        #expect(ErrorOrigin(ProtocolError(code, "Failed.", kind: .server)) == .engine)
    }

    @Test("What else goes wrong here is ours")
    func server() {
        #expect(ErrorOrigin(ProtocolError(.server, "A mistake.", kind: .server)) == .server)
        #expect(ErrorOrigin(ProtocolError(nil, "A mistake.", kind: .server)) == .server)
    }

    private static let faults: [EngineError.Fault] = [
        .load, .inference, .request, .unavailable, .refused, .timeout, .malformedAnswer,
        .overloaded,
    ]
}
