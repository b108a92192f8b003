import Glibc
import ParleyNetwork
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    actor Pinned {
        nonisolated let loop: EventLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor {
            loop.asUnownedSerialExecutor()
        }
        init(_ loop: EventLoop) { self.loop = loop }
        func isHome() -> Bool { loop.isCurrent }
    }

    @Test("An actor pinned to a loop runs on it")
    func actorRunsOnItsLoop() async throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let pinned = Pinned(loop)
        #expect(await pinned.isHome())
        #expect(!loop.isCurrent)
    }

    @Test("Child tasks stay on the loop and are cancelled together")
    func childrenStayOnTheLoop() async throws {
        let homes = try await withLoop { loop in
            await withTaskGroup(of: Bool.self) { group in
                group.addTask { loop.isCurrent }
                group.addTask {
                    try? await Task.sleep(for: .seconds(600), clock: loop.clock)
                    return loop.isCurrent
                }
                var homes = [await group.next() == true]
                group.cancelAll()
                for await home in group { homes.append(home) }
                return homes
            }
        }
        #expect(homes == [true, true])
    }

    @Test("More jobs than one turn may run all run, in order")
    func manyJobs() async throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let seen = Recorded<[Int]>([])
        await withCheckedContinuation { done in
            loop.execute {
                for index in 0..<5000 {
                    Task(executorPreference: loop) {
                        seen.update { $0.append(index) }
                        if index == 4999 { done.resume() }
                    }
                }
            }
        }
        #expect(seen.value == Array(0..<5000))
    }

    @Test("A descriptor that becomes readable calls its handler on the loop")
    func readiness() async throws {
        final class Handler: EventHandler {
            let loop: EventLoop
            let reader: Int32
            let called: CheckedContinuation<Bool, Never>
            init(_ loop: EventLoop, _ reader: Int32, _ called: CheckedContinuation<Bool, Never>) {
                self.loop = loop
                self.reader = reader
                self.called = called
            }
            func ready(_ events: IOEvents) {
                loop.unwatch(reader)
                called.resume(returning: loop.isCurrent && events.contains(.readable))
            }
        }
        let loop = try EventLoop()
        defer { loop.shutDown() }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        defer {
            close(reader)
            close(writer)
        }
        let onLoop = await withCheckedContinuation { called in
            loop.execute {
                do {
                    try loop.watch(reader, .readable, Handler(loop, reader, called))
                    write(writer, "x", 1)
                } catch {
                    called.resume(returning: false)
                }
            }
        }
        #expect(onLoop)
    }

    @Test("Watching a descriptor that is none throws the system's reason")
    func watchRefused() async throws {
        final class Handler: EventHandler {
            func ready(_ events: IOEvents) {}
        }
        let message = try await withLoop { loop in
            do throws(SystemError) {
                try loop.watch(100_000, .readable, Handler())
                return ""
            } catch {
                return error.description
            }
        }
        #expect(message == "cannot watch a descriptor: Bad file descriptor")
    }

    @Test("What asked for the end of the turn is called after the turn's jobs")
    func turnEnd() async throws {
        final class Recorder: TurnEndHandler {
            let events = Recorded<[String]>([])
            let ended: CheckedContinuation<Void, Never>
            init(_ ended: CheckedContinuation<Void, Never>) { self.ended = ended }
            func turnEnded() {
                events.update { $0.append("end") }
                ended.resume()
            }
        }
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let kept = Recorded<Recorder?>(nil)
        await withCheckedContinuation { ended in
            let recorder = Recorder(ended)
            kept.update { $0 = recorder }
            loop.execute {
                loop.atTurnEnd(recorder)
                Task(executorPreference: loop) { recorder.events.update { $0.append("job") } }
            }
        }
        #expect(kept.value?.events.value == ["job", "end"])
    }

    @Test("A loop that was shut down and let go frees itself")
    func freed() throws {
        weak var gone: EventLoop?
        do {
            let loop = try EventLoop()
            gone = loop
            loop.shutDown()
        }
        #expect(gone == nil)
    }

    @Test("Jobs that are ready when a loop is stopped still run")
    func stopRunsReadyJobs() throws {
        let loop = try EventLoop()
        let ran = Recorded(false)
        loop.execute {
            Task(executorPreference: loop) {
                await Task.yield()
                ran.update { $0 = true }
            }
            loop.stop()
        }
        loop.shutDown()
        #expect(ran.value)
    }

    @Test("A loop that has ended drops what it is asked to run")
    func executeAfterEnd() throws {
        final class Held: Sendable {}
        let loop = try EventLoop()
        loop.shutDown()
        weak var held: Held?
        do {
            let object = Held()
            held = object
            loop.execute { withExtendedLifetime(object) {} }
        }
        #expect(held == nil)
    }

    @Test("A loop tells the CPU time of its thread, and none once it has ended")
    func cpuTime() async throws {
        let loop = try EventLoop()
        #expect(await Pinned(loop).isHome())
        #expect(loop.cpuTime > .zero)
        loop.shutDown()
        #expect(loop.cpuTime == .zero)
    }

    @Test("A group deals its loops out in turn")
    func group() throws {
        let group = try EventLoopGroup(count: 3)
        defer { group.shutDown() }
        let dealt = (0..<6).map { _ in ObjectIdentifier(group.next()) }
        #expect(Set(dealt).count == 3)
        #expect(Array(dealt[..<3]) == Array(dealt[3...]))
    }
}
