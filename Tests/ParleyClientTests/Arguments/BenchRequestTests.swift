import ParleyBench
import ParleyClient
import Testing

@testable import parley

@Suite("Arguments of bench")
struct BenchRequestTests {
    private func request(_ words: [String]) throws -> BenchRequest {
        try BenchRequest(Arguments(words, options: Command.bench.options), environmentKey: nil)
    }

    @Test(
        "Each kind has its defaults",
        arguments: [
            ("listen", 1_000, 60), ("talk", 10, 60), ("cancel", 4, 30), ("append", 4, 10),
        ]
    )
    func defaults(_ row: (String, Int, Int)) throws {
        let options = try request([row.0]).options()
        #expect(options.kind.rawValue == row.0)
        #expect(options.sessionCount == row.1)
        #expect(options.duration == .seconds(row.2))
        #expect(options.frameDuration == .milliseconds(20))
    }

    @Test("What follows two dashes goes to the server that is started")
    func spawned() throws {
        let options = try request(["listen", "--spawn", "--", "--config", "x.yaml"]).options()
        #expect(options.server == .spawned(arguments: ["--config", "x.yaml"]))
    }

    @Test("A server that runs is named by address and process")
    func running() throws {
        let options = try request(["listen", "--url", "localhost:1", "--pid", "7"]).options()
        let url = try RealtimeURL("localhost:1", model: "parley")
        #expect(options.server == .running(url, pid: 7))
    }

    @Test(
        "What makes no sense is refused",
        arguments: [
            [], ["lisen"], ["listen", "talk"], ["listen", "--sessions", "0"],
            ["listen", "--seconds", "0.5"], ["listen", "--frame-ms", "5"],
            ["listen", "--url", "ws://example.org"],
            ["listen", "--spawn", "--url", "ws://localhost"],
            ["listen", "--", "--config", "x"], ["listen", "--pid", "0"], ["idle"],
        ]
    )
    func refusals(_ words: [String]) {
        #expect(throws: UsageError.self) { try request(words) }
    }

    @Test("Idle sessions are weighed where the server's process is known")
    func idle() throws {
        #expect(try request(["idle", "--spawn"]).options().sessionCount == 500)
        #expect(try request(["idle", "--pid", "7"]).options().duration == .seconds(20))
    }

    @Test("Another machine is loaded only on demand")
    func remote() throws {
        let words = ["listen", "--url", "ws://example.org", "--allow-remote"]
        #expect(throws: Never.self) { try request(words) }
    }
}
