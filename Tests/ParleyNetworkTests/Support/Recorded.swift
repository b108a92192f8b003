import Synchronization

/// What a test gathers from several threads.
final class Recorded<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value { mutex.withLock { $0 } }

    func update(_ body: @Sendable (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}
