import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct TimerTests {
    @Test("Timers fire by deadline, and in the order of setting when that is equal")
    func order() {
        var heap = TimerHeap()
        let start = ContinuousClock.now
        let fired = Recorded<[String]>([])
        let plan: [(Int, String)] = [(30, "d"), (10, "a"), (20, "b"), (20, "c"), (40, "e")]
        for (offset, name) in plan {
            _ = heap.insert(start + .milliseconds(offset)) { fired.update { $0.append(name) } }
        }
        while let action = heap.popDue(start + .milliseconds(30)) { action() }
        #expect(fired.value == ["a", "b", "c", "d"])
        #expect(heap.earliest == start + .milliseconds(40))
    }

    @Test("A cancelled timer does not fire, and many of them take no room")
    func cancelled() {
        var heap = TimerHeap()
        let start = ContinuousClock.now
        for round in 0..<10_000 {
            let id = heap.insert(start + .seconds(round)) { Issue.record("fired") }
            heap.remove(id)
        }
        #expect(heap.isEmpty)
        #expect(heap.earliest == nil)
    }

    @Test("Any order of setting comes out sorted", arguments: 1...20)
    func sorted(seed: Int) {
        var heap = TimerHeap()
        let start = ContinuousClock.now
        var state = UInt64(seed)
        var wanted: [ContinuousClock.Instant] = []
        for index in 0..<500 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let deadline = start + .milliseconds(Int64(state >> 40))
            let id = heap.insert(deadline) {}
            if index % 3 == 0 { heap.remove(id) } else { wanted.append(deadline) }
        }
        var seen: [ContinuousClock.Instant] = []
        while let next = heap.earliest {
            seen.append(next)
            _ = heap.popDue(next)
        }
        #expect(seen == wanted.sorted())
    }

    @Test("A timer may set another timer when it fires")
    func nested() async throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        await withCheckedContinuation { done in
            loop.execute {
                loop.schedule(at: .now) { loop.schedule(at: .now) { done.resume() } }
            }
        }
    }

    @Test("A sleep on the loop's clock ends on the loop")
    func sleep() async throws {
        let ended = try await withLoop { loop in
            try await loop.clock.sleep(until: .now + .microseconds(10), tolerance: nil)
            return loop.isCurrent
        }
        #expect(ended)
    }

    @Test("A sleep ends when its task is cancelled")
    func cancelledSleep() async throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let task = Task { try await Task.sleep(for: .seconds(600), clock: loop.clock) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
