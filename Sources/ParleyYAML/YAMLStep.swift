/// One step from a value of a document into it.
package enum YAMLStep: Sendable, Hashable {
    /// To the value of a key of a mapping.
    case key(String)
    /// To an entry of a list, counted from 0.
    case index(Int)
}

extension [YAMLStep] {
    /// The steps as problems write them: `api_keys[0].pipeline`.
    package var path: String {
        let text = map { step in
            switch step {
            case .key(let key): ".\(key)"
            case .index(let index): "[\(index)]"
            }
        }.joined()
        return String(text.drop { $0 == "." })
    }
}

extension YAMLNode {
    /// Where the value stands that steps lead to; where they lead nowhere, what they came to last.
    package func position(of steps: [YAMLStep]) -> YAMLPosition {
        var node = self
        for step in steps {
            guard let next = node.node(at: step) else { break }
            node = next
        }
        return node.position
    }

    private func node(at step: YAMLStep) -> YAMLNode? {
        switch (step, content) {
        case (.key(let key), .mapping): self[key]
        case (.index(let index), .sequence(let nodes)) where nodes.indices.contains(index):
            nodes[index]
        case (.key, _), (.index, _): nil
        }
    }
}
