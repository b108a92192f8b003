/// Builds the tree of one document from its events, within limits.
struct YAMLTreeBuilder {
    /// A sequence or mapping whose end has not come yet.
    fileprivate struct Frame {
        enum Kind {
            case sequence([YAMLNode])
            /// `key` waits for its value.
            case mapping([YAMLPair], seen: [String: YAMLPosition], key: Key?)
        }

        struct Key {
            var name: String
            var position: YAMLPosition
            /// `<<`, plain: the value's pairs are taken over.
            var isMerge: Bool
        }

        var kind: Kind
        var merged: [YAMLPair] = []
        var position: YAMLPosition
        var anchor: String?
        /// Count of nodes when it began, to know its own weight at the end.
        var nodesBefore: Int
        /// Levels of the deepest value in it.
        var height = 0
    }

    /// A node with a name, and what naming it costs.
    private struct Anchor {
        var node: YAMLNode
        var nodeCount: Int
        var height: Int
    }

    private let limits: YAMLLimits
    private var frames: [Frame] = []
    private var anchors: [String: Anchor] = [:]
    private var nodeCount = 0
    private var hasDocument = false
    /// The document's value, once it is whole.
    private(set) var root: YAMLNode?

    init(limits: YAMLLimits) {
        self.limits = limits
    }

    mutating func take(_ kind: YAMLEvent.Kind, at position: YAMLPosition) throws(YAMLProblem) {
        switch kind {
        case .documentStarted: try startDocument(at: position)
        case .scalar(let scalar, let tag, let anchor):
            try take(scalar, tag: tag, anchor: anchor, at: position)
        case .sequenceStarted(let tag, let anchor):
            try check(tag, is: "tag:yaml.org,2002:seq", at: position)
            try open(.sequence([]), anchor: anchor, at: position)
        case .mappingStarted(let tag, let anchor):
            try check(tag, is: "tag:yaml.org,2002:map", at: position)
            try open(.mapping([], seen: [:], key: nil), anchor: anchor, at: position)
        case .sequenceEnded, .mappingEnded: try close()
        case .alias(let name): try takeAlias(name, at: position)
        case .ignored: break
        }
    }

    private mutating func startDocument(at position: YAMLPosition) throws(YAMLProblem) {
        guard !hasDocument else {
            throw YAMLProblem("found a second document, expected one", at: position)
        }
        hasDocument = true
    }

    private mutating func take(
        _ scalar: YAMLScalar,
        tag: String?,
        anchor: String?,
        at position: YAMLPosition
    ) throws(YAMLProblem) {
        var scalar = scalar
        if let tag {
            guard let known = YAMLScalar.Tag(rawValue: tag) else {
                throw YAMLProblem("tag \"\(tag)\" is not supported", at: position)
            }
            scalar.tag = known
        }
        try count(1, at: position)
        let node = YAMLNode(.scalar(scalar), at: position)
        if let anchor { anchors[anchor] = Anchor(node: node, nodeCount: 1, height: 0) }
        try place(node, height: 0, at: position)
    }

    private mutating func open(
        _ kind: Frame.Kind,
        anchor: String?,
        at position: YAMLPosition
    ) throws(YAMLProblem) {
        try checkDepth(of: 1, at: position)
        if case .mapping(_, _, nil)? = frames.last?.kind { throw Self.complexKey(at: position) }
        // From here on the name means the new node, which has no value before it ends.
        if let anchor { anchors[anchor] = nil }
        let frame = Frame(kind: kind, position: position, anchor: anchor, nodesBefore: nodeCount)
        try count(1, at: position)
        frames.append(frame)
    }

    private mutating func close() throws(YAMLProblem) {
        guard let frame = frames.popLast() else { return }
        let node = YAMLNode(frame.content, at: frame.position)
        if let anchor = frame.anchor {
            let weight = nodeCount - frame.nodesBefore
            anchors[anchor] = Anchor(node: node, nodeCount: weight, height: frame.height + 1)
        }
        try place(node, height: frame.height + 1, at: frame.position)
    }

    private mutating func takeAlias(_ name: String, at position: YAMLPosition) throws(YAMLProblem) {
        guard let anchor = anchors[name] else {
            let isOpen = frames.contains { $0.anchor == name }
            let why = isOpen ? "stands inside what it names" : "names nothing before it"
            throw YAMLProblem("alias \"*\(name)\" \(why)", at: position)
        }
        try count(anchor.nodeCount, at: position)
        try checkDepth(of: anchor.height, at: position)
        try place(anchor.node, height: anchor.height, at: position)
    }

    private func checkDepth(of height: Int, at position: YAMLPosition) throws(YAMLProblem) {
        guard frames.count + height <= limits.depth else {
            throw YAMLProblem("nested deeper than \(limits.depth) levels", at: position)
        }
    }

    private mutating func count(_ more: Int, at position: YAMLPosition) throws(YAMLProblem) {
        nodeCount += more
        guard nodeCount <= limits.nodeCount else {
            throw YAMLProblem(
                "more than \(limits.nodeCount) values, those behind aliases counted",
                at: position
            )
        }
    }

    /// Puts a whole node where it belongs: into the open frame, or at the top.
    private mutating func place(
        _ node: YAMLNode,
        height: Int,
        at position: YAMLPosition
    ) throws(YAMLProblem) {
        guard var frame = frames.popLast() else {
            root = node
            return
        }
        do throws(YAMLProblem) {
            try frame.add(node, at: position)
        } catch {
            throw YAMLProblem(error.message, path: path(to: error.path), at: error.position)
        }
        frame.height = max(frame.height, height)
        frames.append(frame)
    }

    /// The path of a key in the innermost mapping, by the keys and indexes that wait for a value.
    private func path(to key: String) -> String {
        let steps = frames.map(\.step) + (key.isEmpty ? [] : [".\(key)"])
        return String(steps.joined().drop { $0 == "." })
    }

    private func check(
        _ tag: String?,
        is expected: String,
        at position: YAMLPosition
    ) throws(YAMLProblem) {
        guard let tag, tag != expected, tag != "!" else { return }
        throw YAMLProblem("tag \"\(tag)\" is not supported", at: position)
    }

    fileprivate static func complexKey(at position: YAMLPosition) -> YAMLProblem {
        YAMLProblem("found a list or mapping as a key, expected text", at: position)
    }
}

extension YAMLTreeBuilder.Frame {
    /// The step of a path from this frame into what is being read.
    fileprivate var step: String {
        switch kind {
        case .sequence(let nodes): "[\(nodes.count)]"
        case .mapping(_, _, let key): key.map { ".\($0.name)" } ?? ""
        }
    }

    /// What the frame has become; pairs taken over by `<<` give way to its own.
    fileprivate var content: YAMLNode.Content {
        switch kind {
        case .sequence(let nodes):
            return .sequence(nodes)
        case .mapping(let pairs, let seen, _):
            var names = Set(seen.keys)
            let inherited = merged.filter { names.insert($0.key).inserted }
            return .mapping(pairs + inherited)
        }
    }

    fileprivate mutating func add(_ node: YAMLNode, at position: YAMLPosition) throws(YAMLProblem) {
        switch kind {
        case .sequence(var nodes):
            kind = .sequence([])
            nodes.append(node)
            kind = .sequence(nodes)
        case .mapping(let pairs, let seen, nil):
            let key = try Self.key(node, at: position)
            kind = .mapping(pairs, seen: seen, key: key)
        case .mapping(let pairs, let seen, let key?) where key.isMerge:
            try merge(node, at: position)
            kind = .mapping(pairs, seen: seen, key: nil)
        case .mapping(var pairs, var seen, let key?):
            kind = .sequence([])
            if let first = seen.updateValue(key.position, forKey: key.name) {
                let message = "duplicate key, first in line \(first.line)"
                throw YAMLProblem(message, path: key.name, at: key.position)
            }
            pairs.append(YAMLPair(key: key.name, keyPosition: key.position, value: node))
            kind = .mapping(pairs, seen: seen, key: nil)
        }
    }

    private static func key(
        _ node: YAMLNode,
        at position: YAMLPosition
    ) throws(YAMLProblem) -> Key {
        guard case .scalar(let scalar) = node.content else {
            throw YAMLTreeBuilder.complexKey(at: position)
        }
        guard !scalar.text.isEmpty else {
            throw YAMLProblem("found an empty key, expected text", at: position)
        }
        let isMerge = scalar.text == "<<" && scalar.style == .plain && scalar.tag == nil
        return Key(name: scalar.text, position: position, isMerge: isMerge)
    }

    private mutating func merge(_ node: YAMLNode, at position: YAMLPosition) throws(YAMLProblem) {
        switch node.content {
        case .mapping(let pairs):
            merged += pairs
        case .sequence(let nodes):
            for entry in nodes {
                guard case .mapping(let pairs) = entry.content else {
                    throw Self.badMerge(at: entry.position)
                }
                merged += pairs
            }
        case .scalar:
            throw Self.badMerge(at: position)
        }
    }

    private static func badMerge(at position: YAMLPosition) -> YAMLProblem {
        YAMLProblem("\"<<\" takes a mapping or a list of mappings", at: position)
    }
}
