/// One thing that is wrong with a document: where, at which key, what was found and what was
/// expected.
package struct YAMLProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as the operator named it; nil for a text without one.
    package var file: String?
    package var position: YAMLPosition?
    /// The key, dotted, list entries by number from 0; empty for the whole document.
    package var path: String
    package var message: String

    /// Makes a problem.
    package init(
        _ message: String,
        path: String = "",
        at position: YAMLPosition? = nil,
        file: String? = nil
    ) {
        self.file = file
        self.position = position
        self.path = path
        self.message = message
    }

    /// One line, as compilers write theirs: `parley.yaml:7:3: server.port: found "http", expected
    /// …`.
    package var description: String {
        let place = [file, position.map { "\($0.line):\($0.column)" }].compactMap(\.self)
        let parts = [place.joined(separator: ":"), path, message]
        return parts.filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

/// Everything that is wrong with documents, in the order of their texts.
package struct YAMLProblems: Error, Sendable, Equatable, CustomStringConvertible {
    package var problems: [YAMLProblem]

    /// Makes a report, sorted by file and position; problems without one come first.
    package init(_ problems: [YAMLProblem]) {
        let inOrder = problems.enumerated().sorted { left, right in
            let keys = (left.element.sortKey, right.element.sortKey)
            return (keys.0.file, keys.0.position, left.offset)
                < (keys.1.file, keys.1.position, right.offset)
        }
        self.problems = inOrder.map(\.element)
    }

    /// One problem a line, as many as a person reads; of the others, how many there are.
    package var description: String {
        let lines = problems.prefix(Self.toldCount).map(\.description)
        let rest = problems.count - lines.count
        return (lines + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }

    /// Problems that are told at once.
    ///
    /// Chosen: more than anybody mends before the next try.
    package static let toldCount = 50
}

extension YAMLProblem {
    fileprivate var sortKey: (file: String, position: YAMLPosition) {
        (file ?? "", position ?? YAMLPosition(line: 0, column: 0))
    }
}
