internal import Glibc

/// A connected socket with its output buffer and its interest in events.
///
/// Owners are actors of its loop that forward ``EventHandler/ready(_:)`` to it.
/// `@unchecked Sendable`: everything happens on its loop, which `precondition`s check at the doors.
final class StreamSocket: @unchecked Sendable {
    let loop: EventLoop
    let fd: Int32
    private let stream: any ByteStream
    private let onClose: @Sendable () -> Void

    /// What is still to be written, from ``written`` on.
    private(set) var output: [UInt8] = []
    private var written = 0
    /// Bytes that the peer took since the beginning.
    private(set) var writtenCount = 0
    private var interest: IOEvents = []
    private var wantsInput = true
    /// TLS may have to write before it can read, and the other way round.
    private var readWaitsForRoom = false
    private var writeWaitsForInput = false
    private var writeIsBlocked = false
    private(set) var isOpen = true
    /// Whether the peer has ended its side, or the connection is gone.
    private(set) var inputHasEnded = false

    init(
        _ fd: Int32,
        _ stream: any ByteStream,
        _ loop: EventLoop,
        onClose: @escaping @Sendable () -> Void = {}
    ) {
        self.fd = fd
        self.stream = stream
        self.loop = loop
        self.onClose = onClose
    }

    /// A loop that ends lets its connections go as they are.
    deinit {
        guard isOpen else { return }
        stream.close()
        onClose()
    }

    /// Makes `handler` the owner: the one that hears of events from now on.
    func attach(_ handler: any EventHandler) throws(SystemError) {
        guard isOpen else { throw SystemError("cannot watch a closed connection", code: EBADF) }
        interest = wantedInterest
        try loop.watch(fd, interest, handler)
    }

    // MARK: Input

    /// How reading ended, for now.
    enum ReadResult {
        /// There may be more later.
        case open
        /// The peer has ended its side in order.
        case ended
        /// The connection is gone.
        case failed
    }

    /// Reads what is there and lends it to `take`, until that says false.
    ///
    /// A part of what is there will do: epoll speaks up again for the rest.
    func read(_ take: (UnsafeMutableRawBufferPointer) -> Bool) -> ReadResult {
        var goesOn = true
        while isOpen, wantsInput, goesOn {
            readWaitsForRoom = false
            switch stream.read(into: loop.scratch) {
            case .done(let count):
                goesOn =
                    take(UnsafeMutableRawBufferPointer(rebasing: loop.scratch[..<count]))
                    && stream.holdsInput
            case .wantsRead: goesOn = false
            case .wantsWrite:
                readWaitsForRoom = true
                goesOn = false
            case .ended:
                inputHasEnded = true
                updateInterest()
                return .ended
            case .failed:
                inputHasEnded = true
                return .failed
            }
        }
        updateInterest()
        return .open
    }

    /// Stops or resumes reading; TCP then slows the peer.
    ///
    /// - Returns: Whether input is held that no event will announce, so that the owner must read.
    func setReading(_ wanted: Bool) -> Bool {
        wantsInput = wanted
        updateInterest()
        return wanted && isOpen && stream.holdsInput
    }

    var isReading: Bool { wantsInput }

    /// Whether reading goes on with a handshake, which is dear.
    var isShakingHands: Bool { stream.isShakingHands }

    // MARK: Output

    /// How much is still to be written.
    var pendingOutput: Int { output.count - written }

    /// Appends to what is to be written; the owner calls ``flush()`` at the end of the turn.
    func write<Result>(_ body: (inout [UInt8]) -> Result) -> Result { body(&output) }

    /// How writing ended, for now.
    enum WriteResult {
        case drained
        /// The peer does not take more now.
        case blocked
        /// The connection is gone.
        case failed
    }

    /// Writes what the peer takes.
    func flush() -> WriteResult {
        writeIsBlocked = false
        writeWaitsForInput = false
        while isOpen, written < output.count {
            let result = output.withUnsafeBytes {
                stream.write(UnsafeRawBufferPointer(rebasing: $0[written...]))
            }
            switch result {
            case .done(let count):
                written += count
                writtenCount &+= count
            case .wantsWrite:
                writeIsBlocked = true
                return block()
            case .wantsRead:
                writeWaitsForInput = true
                return block()
            case .ended, .failed: return .failed
            }
        }
        guard isOpen else { return .failed }
        // A burst's buffer goes back; an idle connection holds none.
        if output.capacity > 0 { output = [] }
        written = 0
        updateInterest()
        return .drained
    }

    private func block() -> WriteResult {
        if written > 64 << 10, written > output.count / 2 {
            output.removeFirst(written)
            written = 0
        }
        updateInterest()
        return .blocked
    }

    /// Whether an event calls for ``flush()``.
    func shouldFlush(on events: IOEvents) -> Bool {
        events.contains(.writable) && writeIsBlocked
            || events.contains(.readable) && writeWaitsForInput
    }

    /// Whether an event calls for ``read(_:)``.
    func shouldRead(on events: IOEvents) -> Bool {
        !events.isDisjoint(with: [.readable, .hangUp, .error])
            || events.contains(.writable) && readWaitsForRoom
    }

    /// Whether an event says that the connection is gone, which reading would not bring out.
    ///
    /// The kernel repeats such an event until the socket is closed.
    func isLost(on events: IOEvents) -> Bool {
        !events.isDisjoint(with: [.hangUp, .error]) && (!wantsInput || inputHasEnded)
    }

    // MARK: End

    /// Tells the peer that nothing more will be written.
    func endOutput() {
        guard isOpen else { return }
        stream.endOutput()
    }

    /// Closes at once; what was not written is lost.
    func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(fd)
        stream.close()
        output = []
        written = 0
        onClose()
    }

    private var wantedInterest: IOEvents {
        var wanted: IOEvents = []
        if wantsInput && !inputHasEnded || writeWaitsForInput { wanted.insert(.readable) }
        if writeIsBlocked || readWaitsForRoom { wanted.insert(.writable) }
        return wanted
    }

    private func updateInterest() {
        let wanted = wantedInterest
        guard isOpen, wanted != interest else { return }
        interest = wanted
        loop.change(fd, wanted)
    }
}
