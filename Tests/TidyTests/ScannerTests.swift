import Testing

/// The scanner that the other tests stand on.
@Suite("Scanner")
struct ScannerTests {
    private func blanked(_ text: String) -> String {
        String(decoding: blankCommentsAndStrings(Array(text.utf8)), as: UTF8.self)
    }

    private func file(_ text: String) -> SourceFile {
        SourceFile(path: "Sources/Example/Example.swift", text: Array(text.utf8))
    }

    @Test("Comments are blanked, nested ones too")
    func commentsAreBlanked() {
        #expect(blanked("a // b\nc") == "a     \nc")
        #expect(blanked("a /* b /* c */ d */ e") == "a                   e")
    }

    @Test("What strings say is blanked, their quotes stay")
    func stringsAreBlanked() {
        #expect(blanked(#"f("a { b")"#) == #"f("     ")"#)
        #expect(blanked(#"f("a \" {")"#) == #"f("      ")"#)
        #expect(blanked(##"f(#"a " b"#) {"##) == ##"f(#"     "#) {"##)
        #expect(blanked("\"\"\"\n{\n\"\"\" }") == "\"\"\"\n \n\"\"\" }")
    }

    @Test("An interpolation belongs to its string")
    func interpolationsAreBlanked() {
        let text = #"f("a \(g("b", (c))) d") {"#
        let code = blanked(text)
        #expect(code.filter { $0 != " " } == #"f(""){"#)
        #expect(code.count == text.count)
    }

    @Test("The length of a function is that of its body")
    func functionLengthsAreCounted() {
        let source = file(
            "struct S {\n    func f(\n        a: () -> Void = {}\n    ) {\n        a()\n    }\n}\n"
        )
        #expect(source.functionBodies == [FunctionBody(name: "f", line: 2, lineCount: 3)])
    }

    @Test("A requirement of a protocol has no body")
    func requirementsHaveNoBody() {
        let source = file("protocol P {\n    func f() -> Int\n    init(a: Int)\n}\nfunc g() {}\n")
        #expect(source.functionBodies.map(\.name) == ["g"])
    }

    @Test("A computed property counts as a function, a stored one does not")
    func computedPropertiesCount() {
        let source = file("var a: Int {\n    1\n}\nvar b = { 2 }\n")
        #expect(source.functionBodies.map(\.name) == ["a"])
    }

    @Test("The states of a machine are found with their owner")
    func statesAreFound() {
        let source = file(
            """
            struct Machine: ~Copyable {
                private enum State: ~Copyable {
                    /// Nothing. Next: ``active(_:)``.
                    case idle
                    case active(Int, of: Int), done
                    var isIdle: Bool { switch self { case .idle: true; default: false } }
                }
            }
            """
        )
        let expected = [StateDeclaration(name: "Machine.State", cases: ["idle", "active", "done"])]
        #expect(source.stateDeclarations == expected)
    }

    @Test("Imports of every form are found")
    func importsAreFound() {
        let source = file("public import A\n@testable import B\nimport struct C.D\n// import E\n")
        #expect(source.imports.map(\.module) == ["A", "B", "C"])
    }

    @Test("State diagrams are read from a page")
    func diagramsAreRead() {
        let page = SourceFile(
            path: "A.md",
            text: Array("```text state-machine M\nidle  nothing\n  → active\nactive\n```\n".utf8)
        )
        #expect(page.stateDiagrams.map(\.machine) == ["M"])
        #expect(page.stateDiagrams.map(\.states) == [["idle", "active"]])
    }

    @Test("Relative links are read from a page")
    func linksAreRead() {
        let page = SourceFile(
            path: "docs/a/B.md",
            text: Array("[x](../c.md#d) [y](https://z/)".utf8)
        )
        #expect(page.relativeLinks.map(\.path) == ["docs/c.md"])
    }
}
