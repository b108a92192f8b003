import ParleyClient
import ParleyJSON
import Testing

@testable import ParleyBench

@Suite("Processes and machines")
struct ProcessTests {
    @Test("The kernel's line is read, whatever the process is called")
    func statistics() throws {
        let tail = "S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 3 0 99 1000 512 18446744073709551615"
        for name in ["(parley)", "(a b) c)", "()", "(((x)"] {
            let found = ProcessStatistics(
                "42 \(name) \(tail)",
                ticksPerSecond: 100,
                pageByteCount: 4_096
            )
            let statistics = try #require(found)
            #expect(statistics.cpuTime == .seconds(2))
            #expect(statistics.residentByteCount == 512 * 4_096)
        }
    }

    @Test("Another line is none", arguments: ["", "42 (x", "42 (x) S 1 2", "42 (x) S a b c d"])
    func noStatistics(_ line: String) {
        #expect(ProcessStatistics(line, ticksPerSecond: 100, pageByteCount: 4_096) == nil)
    }

    @Test("This machine says what it is")
    func machine() {
        let machine = Machine.current
        #expect(machine.processorCount >= 1)
        #expect(machine.memoryByteCount > 0)
        #expect(machine.kernel != "unknown")
    }

    @Test("The work of all processors is read without idling and interrupts")
    func busyTime() {
        let text = "cpu  100 20 30 9999 9999 9999 9999 50 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
        #expect(Processors.busyTime(in: text, ticksPerSecond: 100) == .seconds(2))
        #expect(Processors.busyTime(in: "", ticksPerSecond: 100) == nil)
        #expect(Processors.busyTime(in: "cpu 1 2", ticksPerSecond: 100) == nil)
        #expect(Processors.busyTime != nil)
    }

    @Test("Fields of the kernel's tables are found")
    func fields() {
        let table = "processor\t: 0\nmodel name\t: A  B: C\nmodel name\t: D\n"
        #expect(Machine.field("model name", in: table) == "A  B: C")
        #expect(Machine.field("missing", in: table) == nil)
        #expect(Machine.memory(in: "MemTotal:       2048 kB\n") == 2_097_152)
        #expect(Machine.memory(in: "") == 0)
    }
}

@Suite("Results")
struct ResultTests {
    private func result(
        lateness: Duration,
        share: Double,
        held: Int = 2,
        foreign: Double? = nil
    ) -> BenchResult {
        var late = Histogram()
        late.record(lateness)
        var delay = Histogram()
        delay.record(.milliseconds(120))
        return BenchResult(
            kind: .listen,
            machine: Machine(
                processor: "CPU",
                processorCount: 2,
                memoryByteCount: 1,
                kernel: "6"
            ),
            sessionsAsked: 3,
            sessionsHeld: held,
            duration: .seconds(60),
            frameDuration: .milliseconds(20),
            input: "noise",
            isPinned: true,
            delays: [
                .init(
                    name: "speech_started",
                    meaning: "start",
                    histogram: delay,
                    target: .milliseconds(100)
                )
            ],
            figures: [
                .init(name: "x", meaning: "The x", value: 1.26, places: 1),
                .init(name: "y", meaning: "The y", value: 50, places: 0, target: 50),
                .init(name: "z", meaning: "The z", value: 51, places: 0, target: 50),
            ],
            losses: ErrorTally(),
            errors: ErrorTally(),
            generator: .init(lateness: late, processorShare: share),
            foreignShare: foreign
        )
    }

    @Test("A run in time is valid")
    func valid() {
        let found = result(lateness: .milliseconds(1), share: 0.5)
        #expect(found.faults.isEmpty)
        #expect(found.json["valid"] == true)
        #expect(found.json["schema"] == "parley-bench/1")
        #expect(found.json["delays_ms"]?["speech_started"]?["p95"]?.number == 120)
        #expect(found.json["delays_ms"]?["speech_started"]?["target_p95"]?.number == 100)
        #expect(found.json["figures"]?["x"] == 1.26)
        #expect(found.json["figure_targets"] == ["y": 50.0, "z": 50.0])
    }

    @Test("A generator that was late or busy makes a run invalid")
    func invalid() {
        #expect(result(lateness: .milliseconds(11), share: 0.5).faults.count == 1)
        #expect(result(lateness: .zero, share: 0.95).faults.count == 1)
        #expect(result(lateness: .zero, share: 0.1, held: 0).faults == ["no session was held"])
        #expect(result(lateness: .milliseconds(11), share: 0.95).json["valid"] == false)
        #expect(
            result(lateness: .zero, share: 0.1, foreign: 0.5).faults
                == ["other work on this machine took 50 % of a processor"]
        )
        #expect(result(lateness: .zero, share: 0.1, foreign: 0.02).faults.isEmpty)
    }

    @Test("The table says what was missed")
    func table() {
        let lines = result(lateness: .milliseconds(1), share: 0.5).table.split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        #expect(lines[0] == "listen: 2 of 3 sessions, 60 s")
        #expect(
            lines[4] == "start          1  120.00  120.00  120.00  120.00         100  MISSED"
        )
        #expect(lines.contains("The x: 1.3"))
        #expect(lines.contains("The y: 50 (target 50, held)"))
        #expect(lines.contains("The z: 51 (target 50, MISSED)"))
    }

    @Test("Columns are aligned, short rows too")
    func columns() {
        let lines = BenchResult.aligned([["a", "bb"], ["ccc"], ["", "d"]])
        #expect(lines == ["a    bb", "ccc", "      d"])
    }
}
