/// A text with gaps for variables, written `{{name}}`.
///
/// Names are of letters, digits, `_` and `-`, with or without spaces around them; other braces are
/// text. What is filled in is never read as a template again.
public struct PromptTemplate: Sendable, Equatable {
    private enum Piece: Sendable, Equatable {
        case text(String)
        case variable(String)
    }

    private let pieces: [Piece]
    /// The names of the gaps, each once, in order.
    public let variables: [String]

    /// Reads a template; any text is one.
    public init(_ text: String) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let gap = rest.firstGap {
            pieces.append(.text(String(rest[..<gap.range.lowerBound])))
            pieces.append(.variable(gap.name))
            rest = rest[gap.range.upperBound...]
        }
        pieces.append(.text(String(rest)))
        var variables: [String] = []
        for case .variable(let name) in pieces where !variables.contains(name) {
            variables.append(name)
        }
        self.pieces = pieces
        self.variables = variables
    }

    /// The text with its gaps filled; one without a value stays empty.
    public func text(with values: [String: String]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let name): values[name] ?? ""
            }
        }.joined()
    }
}

extension Substring {
    /// The first `{{name}}`.
    fileprivate var firstGap: (name: String, range: Range<Index>)? {
        var place = startIndex
        while let start = self[place...].firstRange("{{") {
            place = start.upperBound
            guard let end = self[place...].firstRange("}}") else { return nil }
            let name = self[place..<end.lowerBound].withoutSpaces
            guard !name.isEmpty, name.unicodeScalars.allSatisfy(\.isNamePart) else { continue }
            return (String(name), start.lowerBound..<end.upperBound)
        }
        return nil
    }

    /// Where two equal characters stand first.
    private func firstRange(_ pair: String) -> Range<Index>? {
        var place = startIndex
        while let next = self[place...].firstIndex(where: { $0 == pair.first }) {
            place = index(after: next)
            if place < endIndex, self[place] == pair.last { return next..<index(after: place) }
        }
        return nil
    }

    private var withoutSpaces: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}

extension Unicode.Scalar {
    fileprivate var isNamePart: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
