/// Reads a tree into values and collects everything that is wrong with it, not only the first.
///
/// Who reads asks each section for the keys it knows; what nobody asked for is an unknown key.
/// Reading never stops at a wrong value: it is noted, the reader gets nil and goes on, and the
/// whole is refused at the end.
///
/// ```swift
/// let port = try YAMLReader.read(node, file: "parley.yaml") { root in
///     root.integer("port", in: 0...65_535) ?? 8080
/// }
/// ```
package final class YAMLReader {
    private let file: String?
    /// By path, so that a mapping asked for twice knows all questions.
    private var sections: [String: YAMLSection] = [:]
    private var problems: [YAMLProblem] = []
    private var noted: Set<YAMLProblem> = []

    private init(file: String?) {
        self.file = file
    }

    /// Reads a whole document, which must be a mapping; an empty one has no keys.
    ///
    /// - Parameters:
    ///   - node: The document.
    ///   - file: How problems name it.
    ///   - body: Asks for values.
    /// - Returns: What `body` returns.
    /// - Throws: ``YAMLProblems`` with everything that was wrong, unknown keys too.
    package static func read<Value>(
        _ node: YAMLNode,
        file: String? = nil,
        _ body: (YAMLSection) -> Value
    ) throws(YAMLProblems) -> Value {
        let (value, problems) = gather(node, file: file, body)
        guard problems.isEmpty else { throw YAMLProblems(problems) }
        return value
    }

    /// Reads a whole document like ``read(_:file:_:)``, and gives what could be read in spite of
    /// what was wrong, for those who go on to look for more.
    ///
    /// - Parameters:
    ///   - node: The document.
    ///   - file: How problems name it.
    ///   - body: Asks for values.
    /// - Returns: What `body` returns, and everything that was wrong, unknown keys too.
    package static func gather<Value>(
        _ node: YAMLNode,
        file: String? = nil,
        _ body: (YAMLSection) -> Value
    ) -> (value: Value, problems: [YAMLProblem]) {
        let reader = YAMLReader(file: file)
        let pairs = reader.pairs(of: node, path: "") ?? []
        let value = body(reader.section(pairs, path: "", at: node.position))
        for section in reader.sections.values { section.noteUnknownKeys() }
        return (value, reader.problems)
    }

    /// Notes a problem, once: a section that is none is asked for by each who wants a key of it.
    func note(_ message: String, path: String, at position: YAMLPosition) {
        let problem = YAMLProblem(message, path: path, at: position, file: file)
        if noted.insert(problem).inserted { problems.append(problem) }
    }

    func section(_ pairs: [YAMLPair], path: String, at position: YAMLPosition) -> YAMLSection {
        if let section = sections[path] { return section }
        let section = YAMLSection(self, pairs: pairs, path: path, at: position)
        sections[path] = section
        return section
    }

    /// The pairs of a mapping, none of a null; anything else is noted.
    func pairs(of node: YAMLNode, path: String) -> [YAMLPair]? {
        if case .mapping(let pairs) = node.content { return pairs }
        if node.isNull { return [] }
        let message = "found \(node.summary), expected a mapping\(node.spaceHint)"
        note(message, path: path, at: node.position)
        return nil
    }
}

extension YAMLNode {
    /// What to say of `port:8080`, which is one text and no key; empty for anything else.
    package var spaceHint: String {
        guard case .scalar(let scalar) = content, scalar.style == .plain,
            scalar.text.contains(":"), !scalar.text.contains("://")
        else { return "" }
        return "; a space goes behind the \":\" of a key"
    }
}

extension YAMLNode {
    /// What stands there, short enough for one line of a message.
    package var summary: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar where isNull: "nothing"
        case .scalar(let scalar): "\"\(Self.excerpt(scalar.text))\""
        }
    }

    private static func excerpt(_ text: String) -> String {
        let line = text.prefix(40).map { $0.isNewline ? " " : $0 }
        return String(line) + (text.count > 40 ? "…" : "")
    }
}
