import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Arguments that a model writes piece by piece")
struct CallArgumentsTests {
    /// Where the text of the open call lies in memory.
    private func place(_ session: borrowing Session) -> UnsafePointer<UInt8>? {
        session.responses["resp_1"]?.call?.arguments.utf8
            .withContiguousStorageIfAvailable { $0.baseAddress } ?? nil
    }

    @Test("A piece does not copy what came before it")
    func growsInPlace() {
        var test = TestSession()
        _ = test.send(.responseCreate(ResponseOptions()))
        _ = test.feed(.generation("resp_1", .toolCallStarted(name: "f")))
        var last: UnsafePointer<UInt8>?
        var moveCount = 0
        for _ in 0..<4_096 {
            _ = test.feed(.generation("resp_1", .toolCallArguments("0123456789abcdef")))
            let now = place(test.session)
            if now != last { moveCount += 1 }
            last = now
        }
        #expect(last != nil)
        // A text that is held once moves when its room has doubled; one that is held twice moves
        // with each piece.
        #expect(moveCount < 64)
    }
}
