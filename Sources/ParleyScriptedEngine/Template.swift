internal import ParleyNames

/// A reply with gaps: `{{1}}` is a capture, `{{result.temperature}}` a member of a tool's result.
struct Template: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case text(String)
        /// A capture, from 1.
        case capture(Int)
        /// The last thing the user said.
        case user
        /// A tool's result, or what stands in it at this path.
        case result([String])
    }

    /// Why a text is no template.
    struct Fault: Error, Equatable {
        var message: String
    }

    let parts: [Part]

    /// Reads a template.
    ///
    /// - Throws: ``Fault`` for a gap that is not closed or has an unknown name.
    init(_ text: String) throws(Fault) {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.index(of: "{{") {
            let afterOpen = rest[open...].dropFirst(2)
            guard let close = afterOpen.index(of: "}}") else {
                throw Fault(message: "found \"{{\" without \"}}\"")
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(try Self.gap(afterOpen[..<close]))
            rest = afterOpen[close...].dropFirst(2)
        }
        if !rest.isEmpty || parts.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    private static func gap(_ text: Substring) throws(Fault) -> Part {
        let name = text.filter { !$0.isWhitespace }
        if let number = Int(name), number > 0 { return .capture(number) }
        if name == "user" { return .user }
        let steps = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if steps.first == "result", !steps.contains("") { return .result(Array(steps.dropFirst())) }
        let hint = NearMatch.hint(for: name, among: ["user", "result"])
        throw Fault(
            message:
                "found \"{{\(name)}}\", expected a number from 1, \"user\" or \"result\"\(hint)"
        )
    }

    /// The highest capture that is named; 0 when none is.
    var highestCapture: Int {
        parts.reduce(0) { highest, part in
            if case .capture(let number) = part { return max(highest, number) }
            return highest
        }
    }
}

extension Substring {
    fileprivate func index(of mark: String) -> Index? {
        indices.first { self[$0...].hasPrefix(mark) }
    }
}
