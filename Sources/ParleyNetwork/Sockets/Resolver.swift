internal import CLinux
internal import Glibc
internal import Synchronization

/// Turns names into addresses without blocking a loop.
enum Resolver {
    private static let underWay = Atomic<Int>(0)

    /// All addresses of `host`, in the system's order.
    ///
    /// A numeric address is read at once; a name is asked for on a thread of its own, since the
    /// system's resolver only knows how to block.
    /// - Throws: ``NetworkError`` of kind `resolve` or `cancelled`. A cancelled look-up ends at
    ///   once for the caller; its thread runs on to its end.
    static func addresses(
        of host: String,
        port: UInt16
    ) async throws(NetworkError) -> [ResolvedAddress] {
        if let numeric = try? ResolvedAddress.resolve(host, port: port, flags: AI_NUMERICHOST) {
            return numeric
        }
        guard underWay.wrappingAdd(1, ordering: .relaxed).newValue <= Limits.lookups else {
            underWay.wrappingSubtract(1, ordering: .relaxed)
            throw NetworkError(.resolve, "cannot resolve \(host): too many look-ups at once")
        }
        let lookup = Lookup(host, port) { underWay.wrappingSubtract(1, ordering: .relaxed) }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { lookup.start($0) }
        } onCancel: {
            lookup.finish(.failure(.cancelled(host)))
        }
        return try result.get()
    }
}

/// One look-up, which ends once: by its thread or by being cancelled.
private final class Lookup: Sendable {
    typealias Outcome = Result<[ResolvedAddress], NetworkError>

    private enum State {
        case waiting(CheckedContinuation<Outcome, Never>?)
        case finished(Outcome)
    }

    private let host: String
    private let port: UInt16
    private let atEnd: @Sendable () -> Void
    private let state = Mutex(State.waiting(nil))

    init(_ host: String, _ port: UInt16, atEnd: @escaping @Sendable () -> Void) {
        self.host = host
        self.port = port
        self.atEnd = atEnd
    }

    func start(_ continuation: CheckedContinuation<Outcome, Never>) {
        let early = state.withLock { state in
            if case .finished(let outcome) = state { return Optional(outcome) }
            state = .waiting(continuation)
            return nil
        }
        if let early {
            atEnd()
            return continuation.resume(returning: early)
        }
        let retained = Unmanaged.passRetained(self)
        let failure = clinux_start_thread(
            "resolve",
            { Unmanaged<Lookup>.fromOpaque($0).takeRetainedValue().run() },
            retained.toOpaque()
        )
        guard failure == 0 else {
            retained.release()
            atEnd()
            let reason = SystemError.text(failure)
            return finish(.failure(NetworkError(.resolve, "cannot resolve \(host): \(reason)")))
        }
    }

    private func run() {
        defer { atEnd() }
        do throws(ResolveError) {
            finish(.success(try ResolvedAddress.resolve(host, port: port)))
        } catch {
            finish(.failure(NetworkError(.resolve, error.description)))
        }
    }

    func finish(_ outcome: Outcome) {
        let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            guard case .waiting(let continuation) = state else { return nil }
            state = .finished(outcome)
            return continuation
        }
        waiting?.resume(returning: outcome)
    }
}
