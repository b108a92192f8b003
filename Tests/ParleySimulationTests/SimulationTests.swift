import ParleyTesting
import Testing

/// A part of what `parley-simulate` runs in release: a million steps and more belong there, where they take seconds.
@Suite("Simulation")
struct SimulationTests {
    @Test("Every promise is kept, whatever clients, engines and time do", arguments: 1...8)
    func promises(seed: Int) throws {
        try Simulation.run(seed: UInt64(seed), steps: 4_000)
    }

    @Test("A run follows from its seed", arguments: [3, 4])
    func repeats(seed: UInt64) {
        var first = SeededRandom(seed: seed)
        var second = SeededRandom(seed: seed)
        #expect((0..<100).map { _ in first.next() } == (0..<100).map { _ in second.next() })
    }

    @Test("Bytes of a fuzzer decide a session, and break no promise", arguments: 1...40)
    func bytes(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let bytes = (0..<4_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try Simulation.run(bytes: bytes)
    }

    @Test("No bytes at all are a session, too")
    func noBytes() throws {
        try Simulation.run(bytes: [])
    }
}
