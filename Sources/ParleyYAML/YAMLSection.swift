internal import ParleyNames

/// One mapping of a document, asked key by key.
///
/// Each question marks its key as known. A missing key is nil; a key with a wrong value is noted
/// and nil too.
package final class YAMLSection {
    private let reader: YAMLReader
    private let pairs: [YAMLPair]
    private var known: Set<String> = []
    private var elsewhere: [String: String] = [:]
    private var takesAnyKey = false
    /// The dotted path of this mapping; empty for the document itself.
    package let path: String
    /// Where the mapping begins.
    package let position: YAMLPosition

    init(_ reader: YAMLReader, pairs: [YAMLPair], path: String, at position: YAMLPosition) {
        self.reader = reader
        self.pairs = pairs
        self.path = path
        self.position = position
    }

    /// The keys that are there, in order; asks for none of them.
    package var keys: [String] { pairs.map(\.key) }

    /// Whether the key is there, with whatever value.
    package func contains(_ key: String) -> Bool {
        node(key) != nil
    }

    /// The value of a key as it stands; what it says is the caller's to judge.
    package func node(_ key: String) -> YAMLNode? {
        pair(key)?.value
    }

    /// Text: any scalar as it is written, so that a version or a name made of digits needs no
    /// quotes.
    package func string(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        return text(of: node, key: key)
    }

    /// A whole number of a range.
    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        if case .integer(let value)? = node.scalarValue, range.contains(value) { return value }
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        return wrong(node, key, expected: expected)
    }

    /// A number of a range, with or without a fraction.
    package func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = node(key) else { return nil }
        if let value = node.scalarValue?.asNumber, range.contains(value) { return value }
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        return wrong(node, key, expected: expected)
    }

    /// `true` or `false`.
    package func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .bool(let value)? = node.scalarValue { return value }
        return wrong(node, key, expected: "true or false")
    }

    /// One of the names of an enumeration.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) -> Choice? {
        guard let node = node(key) else { return nil }
        let names = Choice.allCases.map(\.rawValue)
        guard let text = text(of: node, key: key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let expected = NearMatch.alternatives(names) + NearMatch.hint(for: text, among: names)
        return wrong(node, key, expected: expected)
    }

    /// The mapping under a key.
    package func section(_ key: String) -> YAMLSection? {
        guard let node = node(key) else { return nil }
        return section(of: node, path: path(to: key))
    }

    /// A list of texts; a lone text is a list of one.
    package func strings(_ key: String) -> [String]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let entries) = node.content else {
            return text(of: node, key: key, expected: "text or a list of texts").map { [$0] }
        }
        return entries.enumerated().compactMap { index, entry in
            text(of: entry, key: "\(key)[\(index)]")
        }
    }

    /// A list of mappings.
    package func sections(_ key: String) -> [YAMLSection]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let entries) = node.content else {
            return wrong(node, key, expected: "a list of mappings")
        }
        return entries.enumerated().compactMap { index, entry in
            section(of: entry, path: path(to: "\(key)[\(index)]"))
        }
    }

    /// All pairs, where the keys are the operator's to choose.
    package func entries() -> [YAMLPair] {
        takesAnyKey = true
        return pairs
    }

    /// Refuses a key that is known, and says why it can't be had.
    package func refuse(_ key: String, because reason: String) {
        guard let pair = pair(key) else { return }
        reader.note("not supported: \(reason)", path: path(to: key), at: pair.keyPosition)
    }

    /// Tells where a key stands that people look for here.
    package func expect(_ key: String, at path: String) {
        elsewhere[key] = path
    }

    /// Notes that a key must be there.
    ///
    /// - Returns: Nil, for the caller to return.
    @discardableResult
    package func missing<Value>(_ key: String, expected: String) -> Value? {
        known.insert(key)
        reader.note("missing, expected \(expected)", path: path(to: key), at: position)
        return nil
    }

    /// Notes what is wrong with the value of a key, in the caller's words.
    ///
    /// - Returns: Nil, for the caller to return.
    @discardableResult
    package func invalid<Value>(_ key: String, _ message: String) -> Value? {
        let place = node(key)?.position ?? position
        reader.note(message, path: path(to: key), at: place)
        return nil
    }

    /// Notes what is wrong with an entry of the list under a key, or with all that stands there
    /// where it is no list.
    ///
    /// - Returns: Nil, for the caller to return.
    @discardableResult
    package func invalid<Value>(_ key: String, at index: Int, _ message: String) -> Value? {
        guard let node = node(key), case .sequence(let entries) = node.content,
            entries.indices.contains(index)
        else { return invalid(key, message) }
        reader.note(message, path: path(to: "\(key)[\(index)]"), at: entries[index].position)
        return nil
    }

    /// Notes what is wrong with the mapping as a whole.
    package func invalid(_ message: String) {
        reader.note(message, path: path, at: position)
    }

    func noteUnknownKeys() {
        guard !takesAnyKey else { return }
        for pair in pairs where !known.contains(pair.key) {
            let near = elsewhere[pair.key].map { "; did you mean \"\($0)\"?" }
            let hint = near ?? NearMatch.hint(for: pair.key, among: known.sorted())
            reader.note("unknown key\(hint)", path: path(to: pair.key), at: pair.keyPosition)
        }
    }

    private func pair(_ key: String) -> YAMLPair? {
        known.insert(key)
        return pairs.first { $0.key == key }
    }

    private func section(of node: YAMLNode, path: String) -> YAMLSection? {
        guard let pairs = reader.pairs(of: node, path: path) else { return nil }
        return reader.section(pairs, path: path, at: node.position)
    }

    private func text(
        of node: YAMLNode,
        key: String,
        expected: String = "text"
    ) -> String? {
        if case .scalar(let scalar) = node.content, !node.isNull { return scalar.text }
        return wrong(node, key, expected: expected)
    }

    private func wrong<Value>(_ node: YAMLNode, _ key: String, expected: String) -> Value? {
        reader.note(
            "found \(node.summary), expected \(expected)",
            path: path(to: key),
            at: node.position
        )
        return nil
    }

    private func path(to key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}

extension YAMLNode {
    fileprivate var scalarValue: YAMLScalar.Value? {
        if case .scalar(let scalar) = content { return scalar.value }
        return nil
    }
}

extension YAMLScalar.Value {
    /// As a number, whole or not.
    fileprivate var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string: nil
        }
    }
}
