import Foundation
import ParleyTesting
import Testing

/// Whole exchanges as text.
///
/// `PARLEY_UPDATE_TRACES=1` writes them anew; review reads the difference.
@Suite("Traces")
struct TraceTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Traces")

    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path()))?
        .filter { $0.hasSuffix(".trace") }.sorted() ?? []

    @Test("A session does what its trace says", arguments: names)
    func replay(_ name: String) throws {
        let file = Self.folder.appending(path: name)
        let written = try String(contentsOf: file, encoding: .utf8)
        let played = try TracePlayer.play(written)
        #expect(!played.contains(" ?? "), "broken promises in \(name)")
        if ProcessInfo.processInfo.environment["PARLEY_UPDATE_TRACES"] == "1" {
            try played.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let difference = firstDifference(written, played)
        #expect(difference == nil, "\(name) \(difference ?? "")")
    }

    @Test("There are traces")
    func hasTraces() {
        #expect(!Self.names.isEmpty)
    }

    private func firstDifference(_ written: String, _ played: String) -> String? {
        let (old, new) = (written.split(separator: "\n"), played.split(separator: "\n"))
        for (index, line) in old.enumerated() where index >= new.count || new[index] != line {
            let found = index < new.count ? String(new[index]) : "nothing"
            return "line \(index + 1): expected \(line), found \(found)"
        }
        return new.count > old.count ? "has more: \(new[old.count])" : nil
    }
}
