internal import Glibc
internal import ParleyClient
internal import ParleyNetwork

/// Plays many clients at once, on one loop.
///
/// All sessions are values and sockets of this actor; a frame costs a look at the clock and one
/// system call. How late frames go out is counted, because a generator that is late measures
/// itself.
actor LoadGenerator<Script: LoadScript> {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// What was counted since the last ``resetFigures()``.
    struct Snapshot: Sendable {
        var figures: Script.Figures
        /// How late frames went out.
        var lateness: Histogram
        var framesSent: Int
        /// Sessions that stream.
        var heldSessions: Int
    }

    private enum Phase {
        case waiting, connecting, ready, lost
    }

    private struct Member {
        var script: Script
        var phase = Phase.waiting
        var connection: LoadConnection?
    }

    nonisolated let target: LoadTarget
    private let frames: FrameStore
    private let origin = ContinuousClock.now
    private var members: [Member]
    private var scratch = [UInt8](repeating: 0, count: 256 << 10)

    private var figures = Script.Figures()
    private var lateness = Histogram()
    private var framesSent = 0
    /// Sessions that could not be opened or were lost, by reason.
    private(set) var losses = ErrorTally()

    private var nextToConnect = 0
    private var connectingCount = 0
    private var connected: CheckedContinuation<Void, Never>?

    private var pacer: FramePacer?
    /// The members that stream, in the pacer's order.
    private var streaming: [Int] = []
    private var streamStart = Duration.zero
    private var isStopped = false

    /// Handshakes under way at a time.
    ///
    /// Chosen: as many as a listener surely holds in its queue.
    private static var connectingLimit: Int { 64 }
    /// Frames sent before the loop looks at its sockets again.
    private static var framesPerTurn: Int { 512 }
    /// How far apart the loop wakes to send.
    ///
    /// Chosen: half a millisecond costs a few per cent of a core and is far below what is measured.
    private static var tick: Duration { .microseconds(500) }

    /// Makes a generator; nothing happens before ``connect(within:)``.
    init(_ scripts: [Script], _ target: LoadTarget, _ frames: FrameStore, on loop: EventLoop) {
        self.loop = loop
        self.target = target
        self.frames = frames
        members = scripts.map { Member(script: $0) }
    }

    private var now: Duration { .now - origin }

    // MARK: Doors

    /// Opens all sessions.
    ///
    /// - Parameter limit: When to give up on those that are not ready.
    /// - Returns: How many are ready.
    func connect(within limit: Duration) async -> Int {
        let timer = loop.schedule(at: .now + limit) { [weak self] in
            self?.assumeIsolated { $0.giveUpConnecting() }
        }
        connectMore()
        if !isConnected { await withCheckedContinuation { connected = $0 } }
        loop.cancelTimer(timer)
        return members.count { $0.phase == .ready }
    }

    /// Begins the stream of every session that is ready.
    func begin() {
        streaming = members.indices.filter { members[$0].phase == .ready }
        let pacer = FramePacer(sessionCount: streaming.count, interval: frames.frameDuration)
        streamStart = now
        for (place, index) in streaming.enumerated() {
            let clock = StreamClock(
                start: streamStart + pacer.phase(of: place),
                frameDuration: frames.frameDuration
            )
            perform(members[index].script.begin(clock), of: index)
        }
        self.pacer = pacer
        sendDue()
    }

    /// Tells every session something that only its script knows.
    func tell(_ news: @Sendable (inout Script) -> Void) {
        for index in members.indices { news(&members[index].script) }
    }

    /// Forgets what was counted so far; sessions that were lost stay counted.
    func resetFigures() {
        figures = Script.Figures()
        lateness = Histogram()
        framesSent = 0
    }

    /// What was counted.
    var snapshot: Snapshot {
        Snapshot(
            figures: figures,
            lateness: lateness,
            framesSent: framesSent,
            heldSessions: members.count { $0.phase == .ready }
        )
    }

    /// Ends all sessions.
    func stop() {
        isStopped = true
        for index in members.indices { disconnect(index) }
    }

    // MARK: Connecting

    private var isConnected: Bool {
        nextToConnect == members.count && connectingCount == 0
    }

    private func connectMore() {
        while connectingCount < Self.connectingLimit, nextToConnect < members.count {
            let index = nextToConnect
            nextToConnect += 1
            connectingCount += 1
            members[index].phase = .connecting
            let file = target.openSocket()
            guard file >= 0 else {
                lose(
                    index,
                    errno == EMFILE ? "no file descriptor was left" : "no socket could be made"
                )
                continue
            }
            members[index].connection = LoadConnection(file, target, SecureRandom())
            do throws(SystemError) {
                let port = LoadPort(generator: self, index: index)
                try loop.watch(file, [.writable], port)
            } catch {
                lose(index, "a socket could not be watched")
            }
        }
        if isConnected { connected.take()?.resume() }
    }

    private func settle(_ index: Int, as phase: Phase) {
        if members[index].phase == .connecting { connectingCount -= 1 }
        members[index].phase = phase
    }

    private func giveUpConnecting() {
        nextToConnect = members.count
        for index in members.indices where members[index].phase != .ready {
            if members[index].phase != .lost { lose(index, "the session was not ready in time") }
        }
        connected.take()?.resume()
    }

    private func lose(_ index: Int, _ reason: String) {
        settle(index, as: .lost)
        losses.add(reason)
        disconnect(index)
    }

    private func disconnect(_ index: Int) {
        guard let connection = members[index].connection.take() else { return }
        loop.unwatch(connection.file)
        connection.close()
    }

    // MARK: Events

    fileprivate func ready(_ index: Int, _ events: IOEvents) {
        guard let connection = members[index].connection else { return }
        let before = connection.interest
        let time = now
        var actions: [LoadAction] = []
        let progress = scratch.withUnsafeMutableBytes { bytes in
            connection.ready(events, bytes) { text in
                actions += receive(text, at: time, by: index)
            }
        }
        perform(actions, of: index)
        if case .closed(let reason) = progress { return closed(index, reason) }
        updateInterest(index, before)
        if connectingCount < Self.connectingLimit, !isStopped { connectMore() }
    }

    private func closed(_ index: Int, _ reason: String) {
        // A session that failed was counted with its own reason.
        if members[index].phase != .lost { lose(index, reason) }
        connectMore()
    }

    private func receive(
        _ text: UnsafeRawBufferPointer,
        at time: Duration,
        by index: Int
    ) -> [LoadAction] {
        let type = ServerMessage.leadingType(text) ?? ServerMessage(Array(text)).type
        let wanted = Script.wantsText(of: type) ? Array(text) : []
        let event = LoadEvent(type: type, text: wanted, time: time)
        return members[index].script.receive(event, &figures)
    }

    private func perform(_ actions: [LoadAction], of index: Int) {
        for action in actions {
            switch action {
            case .send(let text): sent(index, members[index].connection?.send(text: text))
            case .sendFrames(let bytes): sent(index, members[index].connection?.send(frames: bytes))
            case .ready: settle(index, as: .ready)
            case .fail(let reason): lose(index, reason)
            }
        }
    }

    private func sent(_ index: Int, _ failure: String??) {
        if let failure = failure ?? nil { return lose(index, failure) }
        guard let connection = members[index].connection, connection.isBlocked else { return }
        loop.change(connection.file, connection.interest)
    }

    private func updateInterest(_ index: Int, _ before: IOEvents) {
        guard let connection = members[index].connection, connection.interest != before else {
            return
        }
        loop.change(connection.file, connection.interest)
    }

    // MARK: Frames

    /// Sends the frames whose time has come, and comes back.
    private func sendDue() {
        guard !isStopped, var pacer else { return }
        var budget = Self.framesPerTurn
        while budget > 0, let due = pacer.next(at: now - streamStart) {
            budget -= 1
            send(streaming[due.session], dueAt: streamStart + due.time)
        }
        self.pacer = pacer
        let pause = max(streamStart + pacer.nextTime - now, Self.tick)
        let wait = budget > 0 ? pause : .zero
        loop.schedule(at: .now + wait) { [weak self] in
            self?.assumeIsolated { $0.sendDue() }
        }
    }

    private func send(_ index: Int, dueAt due: Duration) {
        guard members[index].phase == .ready, let connection = members[index].connection else {
            return
        }
        let failure: String?
        switch members[index].script.nextFrame(at: due, &figures) {
        case .stored(let frame): failure = connection.send(frames: frames.frames[frame])
        case .quiet: failure = connection.send(frames: frames.quiet)
        case .none: return
        }
        framesSent += 1
        lateness.record(now - due)
        sent(index, failure)
    }
}

/// Tells a generator about one of its sockets.
private final class LoadPort<Script: LoadScript>: EventHandler {
    private let generator: LoadGenerator<Script>
    private let index: Int

    init(generator: LoadGenerator<Script>, index: Int) {
        self.generator = generator
        self.index = index
    }

    func ready(_ events: IOEvents) {
        generator.assumeIsolated { $0.ready(index, events) }
    }
}
