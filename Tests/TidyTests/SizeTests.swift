import Testing

/// Small files, short functions, lines that fit beside each other.
@Suite("Sizes")
struct SizeTests {
    private let tree = SourceTree.shared

    private static let maximumFileLength = 500
    private static let maximumFunctionLength = 60
    private static let maximumColumns = 100

    @Test("A file has at most 500 lines")
    func filesAreSmall() {
        let findings = tree.code.filter { $0.lineCount > Self.maximumFileLength }
            .map { Finding($0, $0.lineCount, "\($0.lineCount) lines; split it by concern") }
        expectNone(findings)
    }

    @Test("A function has at most 60 lines")
    func functionsAreShort() {
        let findings = tree.files.flatMap { file in
            file.functionBodies.filter { $0.lineCount > Self.maximumFunctionLength }
                .map { Finding(file, $0.line, "`\($0.name)` has \($0.lineCount) lines") }
        }
        expectNone(findings)
    }

    @Test("A line has at most 100 columns")
    func linesAreShort() {
        let findings = tree.code.flatMap { file in
            file.lines.indices
                .filter { file.lines[$0].utf8.count > Self.maximumColumns }
                .filter { file.lines[$0].count > Self.maximumColumns }
                .map { Finding(file, $0 + 1, "\(file.lines[$0].count) columns") }
        }
        expectNone(findings)
    }

    @Test("The architecture's page has fewer than 300 lines")
    func architectureIsShort() throws {
        let file = try #require(tree.file("ARCHITECTURE.md"))
        #expect(file.lineCount < 300)
    }
}
