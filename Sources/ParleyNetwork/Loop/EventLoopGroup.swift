internal import Synchronization

/// The loops of a process, dealt out in turn.
package final class EventLoopGroup: Sendable {
    /// All loops, in a fixed order.
    package let loops: [EventLoop]
    private let dealt = Atomic<Int>(0)

    /// Starts `count` loops (one at least), named `name-0`, `name-1`, ….
    ///
    /// - Throws: ``SystemError`` when the process is out of descriptors or threads.
    package init(count: Int, name: String = "loop") throws(SystemError) {
        var started: [EventLoop] = []
        do {
            for index in 0..<max(1, count) {
                started.append(try EventLoop(name: "\(name)-\(index)"))
            }
        } catch {
            for loop in started { loop.shutDown() }
            throw error
        }
        loops = started
    }

    /// The loop whose turn it is.
    package func next() -> EventLoop {
        let index = dealt.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
    }

    /// Ends all loops and waits for their threads; not to be called on one of them.
    package func shutDown() {
        for loop in loops { loop.stop() }
        for loop in loops { loop.shutDown() }
    }
}
