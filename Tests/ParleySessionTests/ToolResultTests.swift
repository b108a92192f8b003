import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Results of tools are cut")
struct ToolResultTests {
    private typealias Result = Session.ToolResult

    @Test("A text is cut where a character ends, and its reader is told")
    func cutsText() {
        let text = String(repeating: "ä", count: 10)
        #expect(Result.output(text).cut(to: 20) == .output(text))
        #expect(Result.output(text).cut(to: 19) == .output("äääääääää\n(cut: 20 bytes in all)"))
    }

    @Test("The words of a tool that failed are cut, too, but have room for a sentence")
    func cutsFailure() {
        let sentence = String(repeating: "x", count: 1_000)
        func failure(_ words: String) -> Result { .failed(.toolExecution(message: words)) }
        #expect(failure(sentence).cut(to: 10) == failure(sentence))
        let cut = failure(sentence + "ää").cut(to: 10)
        #expect(cut == failure(sentence + "\n(cut: 1004 bytes in all)"))
        #expect(failure(sentence + "ää").cut(to: 1_004) == failure(sentence + "ää"))
    }

    @Test("Words of our own are left as they are")
    func keepsOurs() {
        let words = String(repeating: "x", count: 2_000)
        for error: MCPCallError in [
            .http(code: 502, message: words), .protocolViolation(code: -32_600, message: words),
        ] {
            #expect(Result.failed(error).cut(to: 10) == .failed(error))
        }
    }
}
