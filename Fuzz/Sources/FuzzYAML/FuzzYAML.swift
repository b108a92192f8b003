import FuzzDriver
import ParleyYAML

/// Reads the input as YAML, and the tree as values of every kind.
@main
enum FuzzYAML {
    static func main() { runFuzzer(check) }
}

private let limits = YAMLLimits(byteCount: 1 << 16, depth: 24, nodeCount: 2_000)

private func check(_ bytes: [UInt8]) {
    let first = Result { () throws(YAMLProblem) in try YAMLNode.parse(bytes, limits: limits) }
    let second = Result { () throws(YAMLProblem) in try YAMLNode.parse(bytes, limits: limits) }
    switch (first, second) {
    case (.success(let tree), .success(let again)):
        precondition(tree == again, "Read twice, the tree differs")
        var nodeCount = 0
        checkTree(tree, depth: 0, &nodeCount)
        // Pairs taken over by "<<" were counted where they were written and where they are named.
        precondition(nodeCount <= 2 * limits.nodeCount, "\(nodeCount) nodes")
        readValues(tree)
    case (.failure(let problem), .failure(let again)):
        precondition(problem == again, "Read twice, the problem differs")
        let position = problem.position ?? .start
        precondition(position.line > 0 && position.column > 0, "\(position) is no place")
    case (.success, .failure), (.failure, .success):
        preconditionFailure("Read twice, the outcome differs")
    }
}

private func checkTree(_ node: YAMLNode, depth: Int, _ nodeCount: inout Int) {
    precondition(depth <= limits.depth, "Deeper than the limit")
    precondition(node.position.line > 0 && node.position.column > 0)
    nodeCount += 1
    switch node.content {
    case .scalar(let scalar):
        _ = scalar.value
    case .sequence(let nodes):
        for node in nodes { checkTree(node, depth: depth + 1, &nodeCount) }
    case .mapping(let pairs):
        precondition(Set(pairs.map(\.key)).count == pairs.count, "A key comes twice")
        for pair in pairs { checkTree(pair.value, depth: depth + 1, &nodeCount) }
    }
}

private enum Choice: String, CaseIterable { case a, b }

/// Asks for some keys as everything they could be; the problems must come in the order of the text.
private func readValues(_ tree: YAMLNode) {
    do throws(YAMLProblems) {
        try YAMLReader.read(tree, file: "fuzz.yaml") { root in
            for key in root.keys.prefix(8) { readValues(root, key) }
        }
    } catch {
        let positions = error.problems.compactMap(\.position)
        precondition(positions == positions.sorted(), "Problems out of order")
    }
}

private func readValues(_ section: YAMLSection, _ key: String) {
    _ = section.string(key)
    _ = section.integer(key, in: 0...9)
    _ = section.number(key, in: 0...1)
    _ = section.bool(key)
    _ = section.choice(key, of: Choice.self)
    _ = section.strings(key)
    _ = section.section(key)?.string("name")
    for entry in section.sections(key) ?? [] { _ = entry.string("name") }
}
