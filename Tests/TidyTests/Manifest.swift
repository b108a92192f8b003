import Foundation

/// What `Package.swift` declares: each target with the targets it may import.
struct Manifest: Sendable {
    /// The manifest of this package.
    static let shared = Manifest(SourceTree.shared.file("Package.swift"))

    struct Target: Sendable {
        let name: String
        let dependencies: [String]
    }

    let targets: [Target]

    /// Calls that declare a target.
    private static let makers = [
        "swift(", "tests(", ".target(", ".executableTarget(", ".testTarget(", ".systemLibrary(",
    ]

    private init(_ file: SourceFile?) {
        let text = String(decoding: file?.text ?? [], as: UTF8.self)
        let list = text.range(of: "targets: [\n").map { text[$0.upperBound...] } ?? ""
        var found: [Target] = []
        for maker in Self.makers {
            var rest = list
            while let call = rest.range(of: maker) {
                let isWhole = rest[..<call.lowerBound].last.map { !$0.isLetter } ?? true
                rest = rest[call.upperBound...]
                if isWhole {
                    found += Self.target(in: Self.arguments(rest), labelled: maker.hasPrefix("."))
                }
            }
        }
        targets = found
    }

    func dependencies(of name: String) -> [String] {
        targets.first { $0.name == name }?.dependencies ?? []
    }

    /// The text up to the parenthesis that closes a call.
    private static func arguments(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    /// The first string is the name; the list of dependencies has a label, or is the first list.
    private static func target(in arguments: Substring, labelled: Bool) -> [Target] {
        guard let name = strings(in: arguments).first else { return [] }
        let label = labelled ? "dependencies: [" : "["
        let list = arguments.range(of: label).map { arguments[$0.upperBound...] } ?? ""
        return [Target(name: name, dependencies: strings(in: list.prefix { $0 != "]" }))]
    }

    private static func strings(in text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false)
            .enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }
}
