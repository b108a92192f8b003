/// One value of a YAML document and where it stands.
///
/// The tree is what the text says, after aliases and merge keys: scalars keep their text, and what
/// a scalar means is asked of ``YAMLScalar/value``.
package struct YAMLNode: Sendable, Equatable {
    /// The three kinds of YAML node.
    package enum Content: Sendable, Equatable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// Pairs in the order of the text; no key comes twice.
        case mapping([YAMLPair])
    }

    package var content: Content
    /// Where the node begins; of a node behind an alias, where it was written.
    package var position: YAMLPosition

    /// Makes a node.
    package init(_ content: Content, at position: YAMLPosition) {
        self.content = content
        self.position = position
    }

    /// Whether the node says "nothing": an empty plain scalar, `~` or `null`.
    package var isNull: Bool {
        if case .scalar(let scalar) = content { return scalar.value == .null }
        return false
    }

    /// The value of a key, when this is a mapping which has it.
    package subscript(key: String) -> YAMLNode? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs.first { $0.key == key }?.value
    }
}

/// One key of a mapping and its value.
package struct YAMLPair: Sendable, Equatable {
    package var key: String
    package var keyPosition: YAMLPosition
    package var value: YAMLNode

    /// Makes a pair.
    package init(key: String, keyPosition: YAMLPosition, value: YAMLNode) {
        self.key = key
        self.keyPosition = keyPosition
        self.value = value
    }
}

/// A place in a text.
///
/// - Units: Lines and characters, both counted from 1.
package struct YAMLPosition: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    /// Makes a position.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where a text begins.
    package static let start = YAMLPosition(line: 1, column: 1)

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// How much of a document is read; what goes beyond is an error, never a slow start or a full
/// memory.
package struct YAMLLimits: Sendable {
    /// Bytes of the text.
    package var byteCount: Int
    /// Sequences and mappings inside each other.
    package var depth: Int
    /// Nodes of the tree, those behind aliases counted each time they are named.
    package var nodeCount: Int

    /// Chosen: far above any configuration or script, and still read in a fraction of a second.
    package static let standard = YAMLLimits(byteCount: 1 << 20, depth: 64, nodeCount: 100_000)

    /// Makes limits.
    package init(byteCount: Int, depth: Int, nodeCount: Int) {
        self.byteCount = byteCount
        self.depth = depth
        self.nodeCount = nodeCount
    }
}
