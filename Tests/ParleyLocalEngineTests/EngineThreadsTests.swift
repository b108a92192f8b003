import Foundation
import ParleyEngine
import ParleyEngineThreads
import Synchronization
import Testing

/// Opens once; whoever waits before that goes on then.
///
/// Blocks the thread that waits: only for work that runs on engine threads.
final class Gate: Sendable {
    private let isOpen = Atomic(false)
    private let arrivals = Atomic(0)

    func open() {
        isOpen.store(true, ordering: .releasing)
    }

    /// Waits until the gate opens, or until the work is of no use any more.
    func wait(_ work: EngineWork) throws(EngineError) {
        arrivals.add(1, ordering: .releasing)
        while !isOpen.load(ordering: .acquiring) { try work.check() }
    }

    /// Waits until so many have come to the gate.
    func arrived(_ count: Int) async {
        while arrivals.load(ordering: .acquiring) < count { await Task.yield() }
    }
}

/// Tells a task that something has happened.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func send() {
        continuation.yield()
    }

    /// Waits until somebody has sent it.
    func received() async {
        for await _ in stream { return }
    }
}

/// The engine's error that a task ended with.
func error<Value>(of task: Task<Value, any Error>) async -> EngineError? {
    switch await task.result {
    case .success: nil
    case .failure(let error): error as? EngineError
    }
}

@Suite("Engine threads", .timeLimit(.minutes(1)))
struct EngineThreadsTests {
    private let threads = EngineThreads("test", count: 2, capacity: 1)

    @Test("Work returns its value")
    func value() async throws {
        #expect(try await threads.run { _ in 42 } == 42)
    }

    @Test("The system's tools show a thread under its pool's name, wherever it was started")
    func names() async throws {
        let threads = EngineThreads("pocketsphinx", count: 1, capacity: 0)
        let name = try await threads.run { _ in
            try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        }
        #expect(name == "pocketsphinx\n")
    }

    @Test("Work fails with its own error")
    func failure() async {
        let error = EngineError(.inference, "no luck")
        await #expect(throws: error) {
            try await threads.run { _ throws(EngineError) -> Int in throw error }
        }
    }

    @Test("What runs and what waits is counted, and one more is refused")
    func overload() async throws {
        let gate = Gate()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<2 { group.addTask { try await pass(gate, number) } }
            await gate.arrived(2)
            group.addTask { try await pass(gate, 2) }
            while threads.load.waiting == 0 { await Task.yield() }
            #expect(threads.load == EngineLoad(running: 2, of: 2, waiting: 1, of: 1))
            await #expect(throws: EngineError(.overloaded, "1 calls wait, 1 may")) {
                try await threads.run { _ in 3 }
            }
            gate.open()
            let numbers = try await group.reduce(into: []) { $0.append($1) }
            #expect(numbers.sorted() == [0, 1, 2])
        }
    }

    @Test("Work that waits for a thread ends at once when it is cancelled")
    func cancelWaiting() async throws {
        let gate = Gate()
        let running = (0..<2).map { number in Task<Int, any Error> { try await pass(gate, number) }
        }
        await gate.arrived(2)
        let waiting = Task<Int, any Error> { try await pass(gate, 2) }
        while threads.load.waiting == 0 { await Task.yield() }
        waiting.cancel()
        #expect(await error(of: waiting)?.fault == .cancelled)
        #expect(threads.load == EngineLoad(running: 2, of: 2, waiting: 0, of: 1))
        gate.open()
        for task in running { _ = try await task.value }
    }

    @Test("Work that runs learns that it is cancelled")
    func cancelRunning() async throws {
        let gate = Gate()
        let task = Task<Int, any Error> { try await pass(gate, 0) }
        await gate.arrived(1)
        task.cancel()
        #expect(await error(of: task)?.fault == .cancelled)
    }

    @Test("A task that was cancelled before never begins")
    func cancelBefore() async {
        let began = Gate()
        let task = Task<Void, any Error> {
            while !Task.isCancelled { await Task.yield() }
            return try await threads.run { work throws(EngineError) in try began.wait(work) }
        }
        task.cancel()
        #expect(await error(of: task)?.fault == .cancelled)
        #expect(threads.load.running == 0)
    }

    @Test("A deadline that has passed ends the work")
    func deadline() async {
        await #expect(throws: EngineError(.timeout, "the work was not done at its deadline")) {
            try await threads.run(deadline: .now) { _ in 1 }
        }
    }

    @Test("A thousand small calls all come back")
    func many() async throws {
        let threads = EngineThreads("test", count: 2, capacity: 1_000)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1_000 { group.addTask { try await threads.run { _ in number } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 499_500)
    }

    private func pass(_ gate: Gate, _ number: Int) async throws(EngineError) -> Int {
        try await threads.run { work throws(EngineError) in
            try gate.wait(work)
            return number
        }
    }
}

@Suite("A model that is loaded once", .timeLimit(.minutes(1)))
struct EngineModelTests {
    private let model = EngineModel<Int>()

    @Test("It is cold, then ready, and not loaded again")
    func once() async throws {
        #expect(model.state == .cold)
        try await model.prepare { 1 }
        #expect(model.state == .ready)
        #expect(try await model.prepare { 2 } == 1)
    }

    @Test("Before it is loaded there is an error that says so")
    func notLoaded() {
        #expect(throws: EngineError(.load, "the model is not loaded yet")) { try model.loaded() }
    }

    @Test("A failure stays until somebody tries anew")
    func failure() async throws {
        let error = EngineError(.load, "no such file")
        await #expect(throws: error) {
            try await model.prepare { () throws(EngineError) -> Int in throw error }
        }
        #expect(model.state == .failed(error))
        #expect(throws: error) { try model.loaded() }
        try await model.prepare { 3 }
        #expect(try model.loaded() == 3)
    }

    @Test("Who asks meanwhile waits for the same attempt")
    func together() async throws {
        let gate = Gate()
        let threads = EngineThreads("test", count: 1, capacity: 0)
        let first = Task<Int, any Error> {
            try await model.prepare { () async throws(EngineError) in try await load(threads, gate)
            }
        }
        await gate.arrived(1)
        #expect(model.state == .loading)
        let second = Task<Int, any Error> { try await model.prepare { 8 } }
        gate.open()
        #expect(try await first.value == 7)
        #expect(try await second.value == 7)
    }

    @Test("When the first is cancelled the next one loads it")
    func cancelled() async throws {
        let gate = Gate()
        let threads = EngineThreads("test", count: 1, capacity: 0)
        let first = Task<Int, any Error> {
            try await model.prepare { () async throws(EngineError) in try await load(threads, gate)
            }
        }
        await gate.arrived(1)
        let second = Task<Int, any Error> { try await model.prepare { 8 } }
        first.cancel()
        #expect(await error(of: first)?.fault == .cancelled)
        #expect(try await second.value == 8)
    }

    private func load(
        _ threads: EngineThreads,
        _ gate: Gate
    ) async throws(EngineError) -> Int {
        try await threads.run { work throws(EngineError) in
            try gate.wait(work)
            return 7
        }
    }
}
