import Testing

/// Nothing unfinished, nothing of one machine, nothing that waits by the clock.
///
/// The needles are put together from halves, so that this file passes its own tests.
@Suite("Marks")
struct MarkTests {
    private let tree = SourceTree.shared

    @Test(
        "Nothing is marked as unfinished",
        arguments: ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    )
    func nothingIsUnfinished(mark: String) {
        expectNone(
            tree.files.flatMap { file in
                file.wholeWords(mark).map {
                    Finding(file, $0, "`\(mark)`: finish it, or open an issue")
                }
            }
        )
    }

    @Test(
        "Nothing traps for want of an implementation",
        arguments: ["unimpl" + "emented", "not impl" + "emented"]
    )
    func nothingIsAStub(reason: String) {
        expectNone(
            tree.code.flatMap { file in
                file.lines(containing: "fatal" + "Error(\"\(reason)").map {
                    Finding(file, $0, "a stub")
                }
            }
        )
    }

    @Test("A placeholder file goes when the first real one comes")
    func placeholdersGo() {
        let placeholders = (tree.sources + tree.tests).filter { $0.name == "Placeholder.swift" }
        expectNone(
            placeholders
                .filter { file in
                    (tree.sources + tree.tests).contains {
                        $0.target == file.target && $0.path != file.path
                    }
                }
                .map { Finding($0, 1, "the target has real files now") }
        )
    }

    @Test(
        "No file names a path of one machine",
        arguments: ["wo" + "rk", "ro" + "ot", "ho" + "me"]
    )
    func noPathOfOneMachine(folder: String) {
        expectNone(
            tree.files.flatMap { file in
                file.paths(below: folder).map { Finding(file, $0, "a path of one machine") }
            }
        )
    }

    @Test(
        "No file names a package registry's host",
        arguments: [
            "py" + "pi.org", "python" + "hosted.org", "deb." + "debian.org",
            "security." + "debian.org",
            "npm" + "js.org", "crates" + ".io", "proxy." + "golang.org",
        ]
    )
    func noRegistryHost(host: String) {
        expectNone(
            tree.files.flatMap { file in
                file.lines(containing: host).map {
                    Finding(file, $0, "names the host of a registry")
                }
            }
        )
    }

    @Test("Tests wait for what happens, never for time to pass")
    func testsDoNotSleep() {
        let sleepers = ["Task.sle" + "ep", "Thread.sle" + "ep", "usle" + "ep(", "nanosle" + "ep("]
        let swift = tree.tests.flatMap { file in
            sleepers.flatMap { file.codeLines(containing: $0) }
                .filter { !file.lines[$0 - 1].contains("clock: ") }
                .map { Finding(file, $0, "a test that sleeps by the clock on the wall") }
        }
        let python = tree.files
            .filter { $0.path.hasPrefix("Tests/Conformance/") && $0.ending == "py" }
            .flatMap { file in
                file.lines(containing: ".sle" + "ep(")
                    .map { Finding(file, $0, "a test that sleeps") }
            }
        expectNone(swift + python)
    }

    @Test(
        "What the compiler can't check is proven in a comment",
        arguments: [
            "@unchecked Sendable", "nonisolated(unsafe)",
        ]
    )
    func uncheckedIsProven(mark: String) {
        expectNone(
            (tree.sources + tree.tests).flatMap { file in
                file.codeLines(containing: mark)
                    .filter { !file.hasComment(above: $0) }
                    .map { Finding(file, $0, "`\(mark)` without a comment that proves it") }
            }
        )
    }
}

extension SourceFile {
    /// Numbers of the lines that hold a mark as a word of its own.
    func wholeWords(_ mark: String) -> [Int] {
        lines(containing: mark).filter { number in
            let line = lines[number - 1]
            return line.ranges(of: mark).contains { range in
                let before = line[..<range.lowerBound].last.map(isNameCharacter) ?? false
                let after =
                    line[range.upperBound...].first.map { $0.isLetter || $0.isNumber } ?? false
                return !before && !after
            }
        }
    }

    /// Numbers of the lines that hold an absolute path below a folder of the root.
    func paths(below folder: String) -> [Int] {
        let needle = "/\(folder)/"
        return lines(containing: needle).filter { number in
            let line = lines[number - 1]
            return line.ranges(of: needle).contains { range in
                !(line[..<range.lowerBound].last.map { isNameCharacter($0) || "/})$".contains($0) }
                    ?? false)
            }
        }
    }

    /// Like ``lines(containing:)``, for the code without comments and strings.
    func codeLines(containing needle: String) -> [Int] {
        String(decoding: code, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
            .filter { $0.element.contains(needle) }
            .map { $0.offset + 1 }
    }

    /// Whether a comment of some words stands directly above a line's declaration.
    func hasComment(above number: Int) -> Bool {
        var wordCount = 0
        for line in lines[..<(number - 1)].reversed().prefix(12) {
            let words = line.split(separator: " ")
            guard let first = words.first else { break }
            if first.hasPrefix("//") {
                wordCount += words.count - 1
            } else if wordCount > 0 || line.hasSuffix("}") {
                break
            }
        }
        return wordCount > 3
    }
}
