import Foundation
import Testing

/// The papers say what the code does.
@Suite("Papers")
struct PaperTests {
    private let tree = SourceTree.shared

    @Test(
        "The papers that a newcomer looks for are there",
        arguments: [
            "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md",
        ]
    )
    func papersExist(path: String) {
        #expect(tree.file(path) != nil)
    }

    @Test("The architecture's page names every target")
    func architectureNamesTargets() throws {
        let page = try #require(tree.file("ARCHITECTURE.md"))
        let text = String(decoding: page.text, as: UTF8.self)
        let missing = Manifest.shared.targets.map(\.name).filter { !text.contains("`\($0)`") }
        #expect(missing == [])
    }

    @Test("The picture of imports on the architecture's page is that of the manifest")
    func importsMatchTheManifest() throws {
        let page = try #require(tree.file("ARCHITECTURE.md"))
        let manifest = Manifest.shared
        let drawn = page.drawnImports
        for target in manifest.targets
        where tree.sources.contains(where: { $0.target == target.name }) {
            let line = drawn.first { $0.target == target.name }
            #expect(
                line.map { Set($0.imports) } == Set(target.dependencies),
                "\(target.name): page \(line?.imports ?? []), manifest \(target.dependencies)"
            )
        }
        for (place, line) in drawn.enumerated() {
            let above = Set(drawn[...place].map(\.target)).intersection(line.imports)
            #expect(above.isEmpty, "\(line.target) imports \(above), which stand above it")
        }
    }

    @Test("The state diagrams of the architecture's page are those of the code")
    func diagramsMatchTheCode() throws {
        let page = try #require(tree.file("ARCHITECTURE.md"))
        let states = tree.sources.flatMap(\.stateDeclarations)
        for diagram in page.stateDiagrams {
            let state = states.first { $0.name == diagram.machine }
            #expect(
                state.map { Set($0.cases) } == Set(diagram.states),
                "\(diagram.machine): page \(diagram.states), code \(state?.cases ?? [])"
            )
        }
    }

    @Test("Every machine of the session has its diagram")
    func machinesHaveDiagrams() throws {
        let page = try #require(tree.file("ARCHITECTURE.md"))
        let drawn = Set(page.stateDiagrams.map(\.machine))
        for file in tree.sources where file.target == "ParleySession" {
            for state in file.stateDeclarations {
                #expect(drawn.contains(state.name), "ARCHITECTURE.md draws no \(state.name)")
            }
        }
    }

    @Test("A changelog fragment is named after what it changes and how")
    func changelogFragmentsAreNamed() {
        let kinds: Set<String> = ["added", "changed", "fixed", "removed", "security"]
        let findings = tree.files
            .filter { $0.path.hasPrefix("changelog/") && $0.name != "README.md" }
            .filter { file in
                let parts = file.name.split(separator: ".").map(String.init)
                let isNamed = parts.count == 3 && kinds.contains(parts[1]) && parts[2] == "md"
                let isSlug = parts.first?.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }
                return !isNamed || isSlug != true || file.text.isEmpty
            }
            .map { Finding($0, 1, "name it <slug>.<added|changed|fixed|removed|security>.md") }
        expectNone(findings)
    }

    @Test("A decision says context, decision, consequences and how it is confirmed")
    func decisionsAreWhole() {
        let findings = tree.files
            .filter {
                $0.path.hasPrefix("docs/decisions/") && $0.ending == "md" && $0.name != "README.md"
            }
            .flatMap { file in
                ["## Context", "## Decision", "## Consequences", "## How a machine confirms it"]
                    .filter { heading in !file.lines.contains { $0 == heading } }
                    .map { Finding(file, 1, "has no `\($0)`") }
            }
        expectNone(findings)
    }

    @Test("Decisions are numbered, each number once")
    func decisionsAreNumbered() {
        let numbers = tree.files
            .filter { $0.path.hasPrefix("docs/decisions/") && $0.name != "README.md" }
            .map { Int($0.name.prefix(4)) ?? -1 }
        #expect(!numbers.contains(-1), "a decision's name begins with four digits")
        #expect(numbers.count == Set(numbers).count)
    }

    @Test("Sources are cited by titles: a number of a section points nowhere here")
    func sourcesHaveTitles() {
        let needles = [
            #/Reference: \d/#, #/Realtime protocol.* sections? \d/#, #/\(\d{1,2}\.\d{1,2}\)\./#,
            #/^ *# \d{1,2}\.\d{1,2}[:.,]/#,
        ]
        let findings = tree.code.flatMap { file in
            file.lines.indices
                .filter { index in
                    let line = file.lines[index]
                    let isComment =
                        line.contains("//") || line.contains("#") || line.contains("\"\"\"")
                    return isComment && needles.contains { !line.ranges(of: $0).isEmpty }
                }
                .map { Finding(file, $0 + 1, "cite the title, not the number") }
        }
        expectNone(findings)
    }

    @Test("Links between papers lead somewhere")
    func linksLeadSomewhere() {
        let known = Set(tree.files.map(\.path))
        let findings = tree.files.filter { $0.ending == "md" }.flatMap { file in
            file.relativeLinks
                .filter { link in
                    !known.contains(link.path) && !known.contains { $0.hasPrefix(link.path + "/") }
                }
                .map { Finding(file, $0.line, "links to \($0.path), which isn't there") }
        }
        expectNone(findings)
    }
}

extension SourceFile {
    /// The lines of the block fenced as `text imports`, with the targets' whole names; a line that
    /// is indented goes on with the one above it.
    var drawnImports: [(target: String, imports: [String])] {
        let known = Set(Manifest.shared.targets.map(\.name))
        func whole(_ name: Substring) -> String {
            known.contains(String(name)) ? String(name) : "Parley\(name)"
        }
        var drawn: [(target: String, imports: [String])] = []
        var isInside = false
        for line in lines {
            if line.hasPrefix("```") {
                isInside = line == "```text imports"
            } else if isInside {
                let words = line.split(separator: " ").filter { $0 != "→" }
                if line.hasPrefix(" ") {
                    drawn[drawn.count - 1].imports += words.map(whole)
                } else if let target = words.first {
                    drawn.append((whole(target), words.dropFirst().map(whole)))
                }
            }
        }
        return drawn
    }

    /// Blocks fenced as `text state-machine <Machine>`: the states are the first words of the
    /// lines that aren't indented.
    var stateDiagrams: [(machine: String, states: [String])] {
        var diagrams: [(machine: String, states: [String])] = []
        var isInside = false
        for line in lines {
            let words = line.split(separator: " ")
            if words.first == "```text", words.count == 3, words[1] == "state-machine" {
                diagrams.append((String(words[2]), []))
                isInside = true
            } else if line.hasPrefix("```") {
                isInside = false
            } else if isInside, let state = words.first, !line.hasPrefix(" ") {
                diagrams[diagrams.count - 1].states.append(String(state))
            }
        }
        return diagrams
    }

    /// Links that are neither addresses nor anchors, from the root of the package.
    var relativeLinks: [(path: String, line: Int)] {
        lines.indices.flatMap { index in
            lines[index].components(separatedBy: "](").dropFirst().compactMap { rest in
                let target = rest.prefix { $0 != ")" && $0 != "#" }
                guard !target.isEmpty, !target.contains("://"), !target.contains(" ") else {
                    return nil
                }
                return (resolve(String(target)), index + 1)
            }
        }
    }

    private func resolve(_ link: String) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(String(part))
            }
        }
        return parts.joined(separator: "/")
    }
}
