import Glibc
import Synchronization
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct EventLoopFairnessTests {
    /// Notes when its pipe became readable, and stops watching it.
    private final class PipeHandler: EventHandler {
        let loop: EventLoop
        let reader: Int32
        let seen: Recorded<[String]>

        init(_ loop: EventLoop, _ reader: Int32, _ seen: Recorded<[String]>) {
            self.loop = loop
            self.reader = reader
            self.seen = seen
        }

        func ready(_ events: IOEvents) {
            loop.unwatch(reader)
            seen.update { $0.append("readable") }
        }
    }

    /// A loop whose clock takes a step with each look at it, beside a pipe that the loop watches.
    ///
    /// With a step of a second a turn is over as soon as anything has run, without one never.
    private func withSteppingLoop(
        step: Duration,
        _ body: @escaping @Sendable (EventLoop, _ writer: Int32, Recorded<[String]>, Gate) -> Void
    ) async throws -> [String] {
        let readings = Mutex(0)
        let start = ContinuousClock.now
        let loop = try EventLoop(now: {
            let count = readings.withLock { readings in
                readings += 1
                return readings
            }
            return start + step * count
        })
        defer { loop.shutDown() }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        defer {
            close(reader)
            close(writer)
        }
        let seen = Recorded<[String]>([])
        let done = Gate()
        loop.execute {
            do {
                try loop.watch(reader, .readable, PipeHandler(loop, reader, seen))
                body(loop, writer, seen, done)
            } catch {
                done.open()
            }
        }
        await done.wait()
        return seen.value
    }

    @Test("Descriptors are looked at between jobs once a turn's time is over")
    func jobs() async throws {
        let seen = try await withSteppingLoop(step: .seconds(1)) { loop, writer, seen, done in
            for number in 1...3 {
                Task(executorPreference: loop) {
                    if number == 1 { write(writer, "x", 1) }
                    seen.update { $0.append("job \(number)") }
                    if number == 3 { done.open() }
                }
            }
        }
        #expect(seen == ["job 1", "readable", "job 2", "job 3"])
    }

    @Test("Descriptors are looked at between pieces of patient work, too")
    func patience() async throws {
        let seen = try await withSteppingLoop(step: .seconds(1)) { loop, writer, seen, done in
            for number in 1...3 {
                loop.patiently {
                    if number == 1 { write(writer, "x", 1) }
                    seen.update { $0.append("patient \(number)") }
                    if number == 3 { done.open() }
                }
            }
        }
        #expect(seen == ["patient 1", "readable", "patient 2", "patient 3"])
    }

    @Test("Patient work waits for jobs, and for those that they make ready")
    func jobsFirst() async throws {
        let seen = try await withSteppingLoop(step: .zero) { loop, _, seen, done in
            loop.patiently {
                seen.update { $0.append("patient") }
                done.open()
            }
            Task(executorPreference: loop) {
                for number in 1...3 {
                    seen.update { $0.append("job \(number)") }
                    await Task.yield()
                }
            }
        }
        #expect(seen == ["job 1", "job 2", "job 3", "patient"])
    }

    @Test("Tasks that give way take turns")
    func takingTurns() async throws {
        let seen = try await withLoop { loop in
            let seen = Recorded<[String]>([])
            await withTaskGroup(of: Void.self) { group in
                for name in ["a", "b"] {
                    group.addTask {
                        for number in 1...3 {
                            seen.update { $0.append("\(name)\(number)") }
                            await loop.giveWay()
                        }
                    }
                }
            }
            return seen.value
        }
        #expect(seen == ["a1", "b1", "a2", "b2", "a3", "b3"])
    }

    @Test("Who gives way goes on although the loop is asked to stop")
    func stop() throws {
        let loop = try EventLoop()
        let ran = Recorded(false)
        loop.execute {
            Task(executorPreference: loop) {
                await loop.giveWay()
                ran.update { $0 = true }
            }
            loop.stop()
        }
        loop.shutDown()
        #expect(ran.value)
    }
}
