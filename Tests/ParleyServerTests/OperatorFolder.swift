import Foundation
import ParleyYAML

@testable import ParleyServer

/// The files of an operator, in a folder of its own for each test, gone afterwards.
struct OperatorFolder {
    let path: String

    /// Writes files, does something with the folder, and removes it.
    static func with<Value>(
        _ files: [String: String] = [:],
        _ body: (OperatorFolder) throws -> Value
    ) throws -> Value {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "parley-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = OperatorFolder(path: url.path)
        for (name, text) in files { try folder.write(text, name) }
        return try body(folder)
    }

    /// Writes a file; a name that ends in a slash is a folder.
    func write(_ text: String, _ name: String) throws {
        let url = URL(filePath: "\(path)/\(name)")
        let isFolder = name.hasSuffix("/")
        let folder = isFolder ? url : url.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if !isFolder { try Data(text.utf8).write(to: url) }
    }

    /// What is wrong with the configuration, the folder's own path left out.
    ///
    /// `$DIR` stands for that path in variables and flags.
    func problems(
        config: String? = nil,
        environment: [String: String] = [:],
        flags: [(name: String, value: String?)] = []
    ) -> [String] {
        do throws(YAMLProblems) {
            _ = try Configuration.load(
                path: config.map { "\(path)/\($0)" },
                environment: environment.mapValues(filled),
                flags: flags.map { ($0.name, $0.value.map(filled)) }
            )
            return []
        } catch {
            return error.problems.map { $0.description.replacing("\(path)/", with: "") }
        }
    }

    private func filled(_ text: String) -> String {
        text.replacing("$DIR", with: path)
    }
}
