internal import CLinux
internal import Glibc

/// A signal that a server listens to.
package enum ProcessSignal: Sendable, CaseIterable {
    /// Ctrl-C: end now.
    case interrupt
    /// End in order.
    case terminate
    /// Read certificates and keys again.
    case hangUp

    fileprivate var number: Int32 {
        switch self {
        case .interrupt: SIGINT
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        }
    }
}

/// Delivers signals to a loop, in place of their default action.
///
/// Signals belong to the process: make one of these at a time. SIGPIPE is ignored from the first
/// loop on.
package final class SignalSource: EventHandler, Sendable {
    private let reader: Int32
    private let writer: Int32
    private let signals: Set<ProcessSignal>
    private let loop: EventLoop
    private let deliver: @Sendable (ProcessSignal) -> Void

    /// Takes the signals over.
    ///
    /// - Parameters:
    ///   - signals: Which ones.
    ///   - loop: Where they are delivered.
    ///   - deliver: Hears of each; several of one kind at once may arrive as one.
    /// - Throws: ``SystemError`` when the process is out of descriptors.
    package init(
        _ signals: Set<ProcessSignal> = Set(ProcessSignal.allCases),
        on loop: EventLoop,
        deliver: @escaping @Sendable (ProcessSignal) -> Void
    ) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError("cannot listen to signals") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        reader = ends[0]
        writer = ends[1]
        self.signals = signals
        self.loop = loop
        self.deliver = deliver
        for signal in signals where clinux_signal_to(signal.number, writer) != 0 {
            throw SystemError("cannot listen to a signal")
        }
        loop.execute { [self] in try? loop.watch(reader, .readable, self) }
    }

    /// Gives the signals their default actions back.
    package func stop() {
        for signal in signals { _ = clinux_signal_default(signal.number) }
        loop.execute { [self] in
            loop.unwatch(reader)
            // A handler on another thread may be about to write: the writing end stays open.
            close(reader)
        }
    }

    package func ready(_ events: IOEvents) {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = read(reader, &numbers, numbers.count)
        guard count > 0 else { return }
        for number in numbers.prefix(count) {
            let signal = signals.first { $0.number == Int32(number) }
            if let signal { deliver(signal) }
        }
    }
}
