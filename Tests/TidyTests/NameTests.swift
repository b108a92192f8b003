import Testing

/// The specification's noun, in one place, in a file that bears its name.
@Suite("Names")
struct NameTests {
    private let tree = SourceTree.shared

    /// Parts of names that say nothing about what a thing is.
    private static let emptyParts: Set<String> = [
        "Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Base",
        "Impl",
    ]

    @Test("No type is a manager, a helper, a utility, a base or an implementation")
    func typeNamesSaySomething() {
        let findings = (tree.sources + tree.tests).flatMap { file in
            file.typeDeclarations
                .filter { !Self.emptyParts.isDisjoint(with: camelParts($0.name)) }
                .map { Finding(file, $0.line, "`\($0.name)` doesn't say what it is") }
        }
        expectNone(findings)
    }

    @Test("No file is named after a manager, a helper, a utility, a base or an implementation")
    func fileNamesSaySomething() {
        let findings = tree.code
            .filter {
                !Self.emptyParts.isDisjoint(with: camelParts(String($0.name.prefix { $0 != "." })))
            }
            .map { Finding($0, 1, "the file's name doesn't say what it is") }
        expectNone(findings)
    }

    @Test("A file of the products holds what it is named after")
    func filesHoldTheirSubject() {
        let findings = tree.sources.compactMap { file -> Finding? in
            let outer = file.typeDeclarations.filter { $0.depth == 0 }
            let declaresTypes = outer.contains { $0.keyword != "extension" }
            let names = outer.map(\.name)
            guard file.name != "main.swift", declaresTypes, !holdsSubject(file.subject, names)
            else { return nil }
            return Finding(file, 1, "holds \(names.joined(separator: ", ")), not \(file.subject)")
        }
        expectNone(findings)
    }

    /// A plural stands for types that begin with its singular: `Metrics` for `MetricLabel`.
    private func holdsSubject(_ subject: String, _ names: [String]) -> Bool {
        let singular = subject.hasSuffix("s") ? String(subject.dropLast()) : subject
        return names.contains { $0 == subject || $0.hasPrefix(singular) }
    }

    @Test(
        "Parts of a name are found",
        arguments: [
            ("SessionManager", ["Session", "Manager"]),
            ("Base64Decoder", ["Base64", "Decoder"]),
            ("HTTPUtils", ["HTTP", "Utils"]),
            ("ID", ["ID"]),
        ]
    )
    func partsAreFound(name: String, parts: [String]) {
        #expect(camelParts(name) == parts)
    }
}

/// Splits a name where a capital begins a word; digits belong to the word before them.
func camelParts(_ name: String) -> [String] {
    var parts: [String] = []
    let characters = Array(name)
    for index in characters.indices {
        let isCapital = characters[index].isUppercase
        let afterSmall = index > 0 && !characters[index - 1].isUppercase
        let beforeSmall = index + 1 < characters.count && characters[index + 1].isLowercase
        if index == 0 || (isCapital && (afterSmall || beforeSmall)) {
            parts.append("")
        }
        parts[parts.count - 1].append(characters[index])
    }
    return parts
}
