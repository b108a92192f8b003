import Foundation

/// The files of this package as they lie on disk, read once for all tests.
struct SourceTree: Sendable {
    /// The tree that this test file is part of.
    static let shared = SourceTree(root: packageRoot)

    /// Every text file of the package that is kept under version control.
    let files: [SourceFile]

    /// Folders that a build or a set-up makes, and what belongs to tools.
    private static let skippedFolders: Set<String> = [
        ".build", ".deps", ".git", ".swiftpm", ".venv", ".pytest_cache", "__pycache__",
    ]

    /// Endings of files that hold text, which people or our own tools wrote.
    private static let textEndings: Set<String> = [
        "swift", "c", "h", "md", "py", "sh", "txt", "yaml", "yml", "toml", "ini", "cfg", "svg",
        "modulemap",
    ]

    /// Text files without an ending.
    private static let textNames: Set<String> = [
        "LICENSE", "lock-requirements", "run", "serve", "setup", "smoke", "test",
    ]

    private static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    private init(root: URL) {
        files = Self.textPaths(below: root).sorted().compactMap { path in
            FileManager.default.contents(atPath: root.appendingPathComponent(path).path)
                .map { SourceFile(path: path, text: [UInt8]($0)) }
        }
    }

    /// Swift files of the products.
    var sources: [SourceFile] {
        files.filter { $0.path.hasPrefix("Sources/") && $0.isSwift }
    }

    /// Swift files of the tests.
    var tests: [SourceFile] {
        files.filter { $0.path.hasPrefix("Tests/") && $0.isSwift }
    }

    /// All files in a programming language.
    var code: [SourceFile] {
        files.filter { ["swift", "c", "h", "py"].contains($0.ending) }
    }

    /// The file at a path from the root of the package.
    func file(_ path: String) -> SourceFile? {
        files.first { $0.path == path }
    }

    private static func textPaths(below root: URL) -> [String] {
        var paths: [String] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let url = root.appendingPathComponent(folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            for name in names where !skippedFolders.contains(name) {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                // Links lead to files that are read where they lie.
                switch kind(of: root.appendingPathComponent(path)) {
                case .typeDirectory?: folders.append(path)
                case .typeRegular? where isText(name): paths.append(path)
                default: continue
                }
            }
        }
        return paths
    }

    private static func kind(of url: URL) -> FileAttributeType? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
        return attributes?[.type] as? FileAttributeType
    }

    private static func isText(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let ending = parts.last else { return textNames.contains(name) }
        return textEndings.contains(String(ending))
    }
}

/// One file: its text, and its code without what comments and strings say.
struct SourceFile: Sendable {
    /// From the root of the package, such as `Sources/ParleyAudio/G711.swift`.
    let path: String
    let text: [UInt8]
    /// The text with comments and the contents of strings blanked; offsets and lines stay the same.
    let code: [UInt8]
    /// Words and signs of the code; empty for files that aren't Swift.
    let tokens: [Token]
    /// The text line by line, without line ends.
    let lines: [Substring]

    init(path: String, text: [UInt8]) {
        let isSwift = path.hasSuffix(".swift")
        self.path = path
        self.text = text
        code = isSwift ? blankCommentsAndStrings(text) : text
        tokens = isSwift ? tokenize(code) : []
        lines = String(decoding: text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    var isSwift: Bool { ending == "swift" }

    /// What follows the last dot of the name; empty without one.
    var ending: String {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 ? String(parts.last ?? "") : ""
    }

    /// The last component of the path.
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The name without its ending and without `+Concern`.
    var subject: String {
        String(name.prefix { $0 != "." && $0 != "+" })
    }

    /// The target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// How many lines there are; a line end at the very end begins no further line.
    var lineCount: Int {
        lines.last?.isEmpty == true ? lines.count - 1 : lines.count
    }
}
