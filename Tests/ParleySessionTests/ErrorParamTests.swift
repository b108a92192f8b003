import Foundation
import ParleyRealtime
import Testing

@Suite("Members that errors name")
struct ErrorParamTests {
    @Test("No error of a session names a client of beta the place that GA has for a member")
    func betaPlaces() throws {
        let params = try Self.params
        #expect(params.contains("session.audio.input.transcription.model"))
        // Beta has no sessions that translate.
        for param in params where param != "session.audio.output.language" {
            let error = ProtocolError(.invalidValue, "Wrong.", param: param).named(in: .beta)
            #expect(error.param?.contains(".audio.") == false)
        }
    }

    /// Every place in a session or a response that the core's sources name.
    private static var params: [String] {
        get throws {
            let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            let sources = tests.appendingPathComponent("../../Sources/ParleySession").standardized
            let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
            let urls = (files?.compactMap { $0 as? URL } ?? []).filter {
                $0.pathExtension == "swift"
            }
            let literal = /"((?:session|response)\.[a-z_.]+)/
            return try urls.flatMap { url in
                try String(contentsOf: url, encoding: .utf8).matches(of: literal).map {
                    String($0.1)
                }
            }
        }
    }
}
