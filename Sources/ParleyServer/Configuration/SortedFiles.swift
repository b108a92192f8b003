internal import ParleyNames
internal import ParleyYAML

/// The files of a models folder, told apart by what they hold.
struct SortedFiles {
    private(set) var pipelines: [PipelineReader.StageFile] = []
    /// By name.
    private(set) var stages: [String: PipelineReader.StageFile] = [:]
    private(set) var aliases: [(alias: NameTable.Alias, file: String, position: YAMLPosition?)] = []
    private(set) var problems: [YAMLProblem] = []
    /// Every file is YAML, and one of the kinds that there are.
    private(set) var isWhole = true

    /// Sorts files, in the order of their names.
    init(_ files: [ConfigurationFile]) {
        for file in files.sorted(by: { $0.name < $1.name }) { take(file) }
    }

    private mutating func take(_ file: ConfigurationFile) {
        let tree: YAMLNode
        do {
            tree = try file.tree()
        } catch {
            problems += error.problems
            isWhole = false
            return
        }
        var entry = PipelineReader.StageFile(name: file.stem, file: file.name, tree: tree)
        if let name = tree["name"]?.scalarText, !name.isEmpty { entry.name = name }
        if tree["pipeline"] != nil {
            let other = pipelines.first { $0.name == entry.name }
            noteRepetition(of: entry, other, "pipeline")
            pipelines.append(entry)
        } else if tree["engine"] != nil {
            let other = stages.updateValue(entry, forKey: entry.name)
            noteRepetition(of: entry, other, "stage")
        } else if tree["alias"] != nil {
            takeAlias(tree, file: file)
        } else {
            problems.append(Self.unknown(tree, file: file.name))
            isWhole = false
        }
    }

    private mutating func noteRepetition(
        of entry: PipelineReader.StageFile,
        _ other: PipelineReader.StageFile?,
        _ kind: String
    ) {
        guard let other else { return }
        let name = entry.tree["name"]
        let message = "\(other.file) has a \(kind) of the name \"\(entry.name)\" too"
        let place = name?.position ?? entry.tree.position
        let path = name == nil ? "" : "name"
        problems.append(YAMLProblem(message, path: path, at: place, file: entry.file))
    }

    /// LocalAI's file that is only another name.
    private mutating func takeAlias(_ tree: YAMLNode, file: ConfigurationFile) {
        do throws(YAMLProblems) {
            let alias = try YAMLReader.read(tree, file: file.name) { root -> NameTable.Alias? in
                for key in ["description", "usage"] { _ = root.string(key) }
                let name = root.string("name") ?? file.stem
                guard let target = root.string("alias") else { return nil }
                return NamePattern(name).map { NameTable.Alias($0, for: target) }
            }
            if let alias { aliases.append((alias, file.name, tree["alias"]?.position)) }
        } catch {
            problems += error.problems
        }
    }

    /// The keys that say what a file is.
    private static let kinds = ["pipeline", "engine", "alias"]

    private static func unknown(_ tree: YAMLNode, file: String) -> YAMLProblem {
        if let backend = tree["backend"] {
            let reason = "not supported: \(LocalAIOptions.reason(forBackend: backend))"
            return YAMLProblem(reason, path: "backend", at: backend.position, file: file)
        }
        guard case .mapping(let pairs) = tree.content else {
            let message = "found \(tree.summary), expected \(expected)\(tree.spaceHint)"
            return YAMLProblem(message, at: tree.position, file: file)
        }
        for pair in pairs {
            guard let near = NearMatch.nearest(to: pair.key, among: kinds) else { continue }
            let message = "unknown key; did you mean \"\(near)\"?"
            return YAMLProblem(message, path: pair.key, at: pair.keyPosition, file: file)
        }
        let keys = pairs.prefix(toldKeys).map { "\"\($0.key)\"" }.joined(separator: ", ")
        let message = "found the keys \(keys), expected \(expected)"
        return YAMLProblem(message, at: tree.position, file: file)
    }

    /// Keys of a file that are told.
    ///
    /// Chosen: enough to know it again.
    private static let toldKeys = 4

    private static let expected =
        "\"pipeline\" (a pipeline), \"engine\" (a stage) or \"alias\" (another name)"
}

extension ConfigurationFile {
    /// The file's name without folders and ending.
    var stem: String {
        let last = name.split(separator: "/").last ?? ""
        guard let dot = last.lastIndex(of: "."), dot > last.startIndex else { return String(last) }
        return String(last[..<dot])
    }
}
