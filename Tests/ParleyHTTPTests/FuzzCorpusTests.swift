import Foundation
import ParleyHTTP
import Testing

/// Replays what fuzzing has committed, without the fuzzer.
@Suite struct FuzzCorpusTests {
    private func inputs(_ name: String) throws -> [[UInt8]] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Fuzz"
        )
        let folders = ["Corpus/\(name)", "Failures/\(name)"].map { root.appending(path: $0) }
        return try folders.flatMap { folder -> [[UInt8]] in
            guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
            let files = try FileManager.default.contentsOfDirectory(
                at: folder,
                includingPropertiesForKeys: nil
            )
            return try files.map { Array(try Data(contentsOf: $0)) }
        }
    }

    @Test("Every committed request gives the same result however it is cut")
    func requests() throws {
        let inputs = try inputs("HTTPRequest")
        #expect(!inputs.isEmpty)
        for input in inputs {
            let whole = ParsedRequests(input)
            for cut in [1, 2, 5] { #expect(ParsedRequests(input, cut: [cut]) == whole) }
        }
    }

    @Test("Every committed stream of frames gives the same result however it is cut")
    func frames() throws {
        let inputs = try inputs("WebSocket")
        #expect(!inputs.isEmpty)
        for input in inputs {
            for peer in [WebSocketDecoder.Peer.client, .server] {
                let whole = ParsedFrames(input, peer: peer)
                for cut in [1, 2, 5] {
                    #expect(ParsedFrames(input, cut: [cut], peer: peer) == whole)
                }
            }
        }
    }
}
