import ParleyRealtime
import Testing

@testable import ParleyRuntime

@Suite struct EffectTasksTests {
    private let start = ContinuousClock.now
    private let key = EffectKey.generation(ResponseID("resp_1"))

    /// Enters a task that does nothing; gives the number to finish it with.
    private func enter(_ tasks: inout EffectTasks) -> Int {
        var number = 0
        tasks.start(key, at: start) { generation in
            number = generation
            return Task {}
        }
        return number
    }

    @Test("A call that was cancelled is timed from then to its end")
    func timesCancelled() {
        var tasks = EffectTasks()
        let number = enter(&tasks)
        tasks.cancel(key, at: start + .milliseconds(10))
        #expect(!tasks.isEmpty)
        let lasted = tasks.finish(key, number, at: start + .milliseconds(35))
        #expect(lasted == .milliseconds(25))
        #expect(tasks.isEmpty)
    }

    @Test("A call that ends by itself is not timed")
    func ignoresFinished() {
        var tasks = EffectTasks()
        let number = enter(&tasks)
        #expect(tasks.finish(key, number, at: start) == nil)
        tasks.cancel(key, at: start)
        #expect(tasks.isEmpty)
    }

    @Test("A call that another one takes the place of is cancelled")
    func timesReplaced() {
        var tasks = EffectTasks()
        let first = enter(&tasks)
        let second = enter(&tasks)
        #expect(tasks.finish(key, first, at: start + .milliseconds(5)) == .milliseconds(5))
        #expect(tasks.finish(key, second, at: start + .milliseconds(5)) == nil)
    }
}
