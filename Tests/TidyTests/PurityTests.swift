import Testing

/// The core is a value: same inputs, same outputs, on every machine.
@Suite("Purity")
struct PurityTests {
    private let pureSources = SourceTree.shared.sources.filter {
        ImportTests.pureEdges[$0.target] != nil
    }

    /// What would let the world in, and the kind of world it is.
    private static let impureWords: [String: Set<String>] = [
        "a clock": [
            "ContinuousClock", "SuspendingClock", "SystemClock", "Clock", "Date", "DispatchTime",
            "clock_gettime", "gettimeofday", "time",
        ],
        "concurrency": [
            "Task", "TaskGroup", "async", "await", "actor", "AsyncStream", "withTaskGroup",
            "withCheckedContinuation", "DispatchQueue", "Thread", "pthread_create",
        ],
        "a lock": [
            "Mutex", "Atomic", "NSLock", "NSRecursiveLock", "OSAllocatedUnfairLock",
            "pthread_mutex_t",
        ],
        "randomness": [
            "random", "SystemRandomNumberGenerator", "arc4random", "getrandom", "UUID", "shuffled",
            "randomElement",
        ],
        "the environment": ["getenv", "setenv", "ProcessInfo", "CommandLine", "environ"],
        "output": ["print", "debugPrint", "dump", "printf", "fputs", "NSLog", "os_log"],
        "files or sockets": [
            "FileManager", "FileHandle", "fopen", "socket", "URLSession", "readLine", "stdin",
            "stdout",
            "stderr",
        ],
    ]

    /// Words that count only where they are called: as names of members they are harmless.
    private static let callables: Set<String> = ["time", "print", "dump", "socket"]

    @Test("There are pure targets to look at")
    func pureTargetsExist() {
        #expect(Set(pureSources.map(\.target)) == Set(ImportTests.pureEdges.keys))
    }

    @Test(
        "Pure targets know no clock, task, lock, chance, environment or output",
        arguments: impureWords.keys
    )
    func nothingImpure(kind: String) {
        let words = Self.impureWords[kind] ?? []
        let findings = pureSources.flatMap { file in
            file.uses(of: words).filter { isUse($0.word, line: $0.line, in: file) }
                .map { Finding(file, $0.line, "`\($0.word)` brings \(kind) into a pure target") }
        }
        expectNone(findings)
    }

    @Test("Pure targets never ask what time it is")
    func noNow() {
        let findings = pureSources.flatMap { file in
            file.memberUses(of: "now")
                .filter { !file.lines[$0 - 1].contains("self.now") }
                .map { Finding(file, $0, "time comes in as a parameter") }
        }
        expectNone(findings)
    }

    @Test("Pure targets keep no global variables")
    func noGlobalState() {
        let findings = pureSources.flatMap { file in
            file.uses(of: ["nonisolated", "unsafe"])
                .map { Finding(file, $0.line, "`\($0.word)`: the core has no shared state") }
        }
        expectNone(findings)
    }

    /// A callable counts where a parenthesis follows and no dot or `func` stands before it;
    /// `random` where it is a member, for it is a good name of a parameter.
    private func isUse(_ word: String, line: Int, in file: SourceFile) -> Bool {
        if word == "random" { return file.memberUses(of: word).contains(line) }
        guard Self.callables.contains(word) else { return true }
        return file.tokens.indices.contains { index in
            guard file.tokens[index].text == word, file.tokens[index].line == line else {
                return false
            }
            let before = index > 0 ? file.tokens[index - 1].text : ""
            let after = index + 1 < file.tokens.count ? file.tokens[index + 1].text : ""
            return after == "(" && before != "." && before != "func"
        }
    }
}
