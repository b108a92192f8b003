import ParleyHTTP
import ParleyJSON
import ParleyRealtime
import Testing

@testable import ParleyServer

@Suite("Bodies of REST requests")
struct RESTBodyTests {
    private func refusal(_ text: String) -> RESTRefusal? {
        do throws(RESTRefusal) {
            _ = try RESTBody.object(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("JSON is taken, and nothing is an empty object")
    func takesJSON() throws {
        #expect(try RESTBody.object(Array(#"{"a": 1}"#.utf8)) == ["a": 1])
        #expect(try RESTBody.object([]) == JSONObject())
    }

    @Test(
        "What is no JSON object is 400",
        arguments: [
            "[]", "1", "null", "\"a\"", "{", "{\"a\":}", "\u{0}", "{} {}",
            String(repeating: "[", count: 10_000), "{\"a\":" + String(repeating: "[", count: 500),
        ]
    )
    func refusesOthers(text: String) {
        let refused = refusal(text)
        #expect(refused?.status == .badRequest)
        #expect(refused?.error.code == .invalidJSON)
    }

    @Test("A small body can't ask for much memory")
    func boundsValues() {
        let zeros = String(repeating: "0,", count: 200_000)
        #expect(refusal("{\"a\":[\(zeros)0]}")?.error.code == .invalidJSON)
    }
}
