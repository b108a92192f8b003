import Foundation
import ParleyAudio

/// What `scripts/setup` put beside the tree.
enum Dependencies {
    /// The folder of the package.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appending(path: ".deps")
    static let sileroPath = folder.appending(path: "models/silero_vad_16k_op15.onnx").path
    static let pocketSphinxPath = folder.appending(path: "share/pocketsphinx/model/en-us").path
    /// Python with ONNX Runtime, where `scripts/setup --tests` ran.
    static let python = folder.appending(path: "test-venv/bin/python")

    static func speech(_ name: String) throws -> AudioFrame {
        try AudioFrame(wav: Data(contentsOf: folder.appending(path: "speech/\(name)")))
    }

    /// What the recordings say: name → words.
    static func transcripts() throws -> [String: String] {
        let table = folder.appending(path: "speech/transcripts.tsv")
        let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let columns = line.split(separator: "\t")
                return (String(columns[0]), String(columns[1]))
            }
        )
    }
}
