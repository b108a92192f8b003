import ParleyHTTP
import ParleyJSON
import ParleyRealtime
import Testing

@testable import ParleyServer

@Suite("Bodies of REST requests")
struct RESTBodyTests {
    private func refusal(_ text: String, _ contentType: String? = nil) -> RESTRefusal? {
        do throws(RESTRefusal) {
            _ = try RESTBody.object(Array(text.utf8), contentType: contentType)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "JSON is taken under its types, and without any",
        arguments: [
            nil, "application/json", "application/json; charset=utf-8", "Application/JSON",
            "application/vnd.api+json",
        ]
    )
    func takesJSON(contentType: String?) throws {
        let object = try RESTBody.object(Array(#"{"a": 1}"#.utf8), contentType: contentType)
        #expect(object == ["a": 1])
    }

    @Test("Nothing is an empty object, whatever its type", arguments: [nil, "text/plain"])
    func takesNothing(contentType: String?) throws {
        #expect(try RESTBody.object([], contentType: contentType) == JSONObject())
    }

    @Test(
        "Another type is 415",
        arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
    )
    func refusesTypes(contentType: String) {
        #expect(refusal("{}", contentType)?.status == .unsupportedMediaType)
    }

    @Test(
        "What is no JSON object is 400",
        arguments: [
            "[]", "1", "null", "\"a\"", "{", "{\"a\":}", "\u{0}", "{} {}",
            String(repeating: "[", count: 10_000), "{\"a\":" + String(repeating: "[", count: 500),
        ]
    )
    func refusesOthers(text: String) {
        let refused = refusal(text, "application/json")
        #expect(refused?.status == .badRequest)
        #expect(refused?.error.code == .invalidJSON)
    }

    @Test("A small body can't ask for much memory")
    func boundsValues() {
        let zeros = String(repeating: "0,", count: 200_000)
        #expect(refusal("{\"a\":[\(zeros)0]}")?.error.code == .invalidJSON)
    }
}
