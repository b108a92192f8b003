package import ParleyEngine
package import ParleyNetwork
package import ParleyRealtime
package import ParleySession

/// Owns one session and is its only caller: carries out what it decides and reports what came of
/// it.
///
/// Lives on one event loop together with the connection of its peer, so that a frame reaches
/// `Session.handle` without a thread hop. Engine calls are tasks that the driver starts, cancels by
/// name
/// and awaits before it ends.
package actor SessionDriver {
    /// The loop on which everything of this session runs.
    package nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    let id: SessionID
    let pipeline: Pipeline
    let metrics: RuntimeMetrics
    /// With the id that the client's trace is found by, once it has one.
    var log: Logger
    let rateLimits: @Sendable () -> [RateLimit]
    private let peer: any Peer
    private let decoder: EventDecoder
    private let encoder: EventEncoder
    private let began = ContinuousClock.now

    private var session: any LiveSession & ~Copyable
    /// Inputs that came while others are handled; they are next.
    private var inputs: [Session.Input] = []
    private var isHandling = false
    private var isEnded = false
    private var timer: (id: EventLoop.TimerID, deadline: Instant)?
    private var turnTimer = TurnTimer()
    /// Nil where nothing is translated.
    private var translationTimer: TranslationTimer?

    var listener: SpeechListener?
    var tasks = EffectTasks()
    var recognisers: [ItemID: RecogniserFeed] = [:]
    var clauses: [ResponseID: [Session.SynthesisRequest]] = [:]
    let tools: (any ToolEngine)?
    /// Servers of tools by the items of their lists.
    var toolServers: [ItemID: any ToolConnection] = [:]
    var images: ImageFetcher
    var imageTurns = ImageTurns()
    private let imagePolicy: ImagePolicy

    /// Makes a driver; ``start()`` lets the session speak.
    package init(
        _ birth: consuming Session.Birth,
        pipeline: Pipeline,
        peer: any Peer,
        loop: EventLoop,
        services: Services
    ) {
        self.loop = loop
        self.id = birth.id
        self.pipeline = pipeline
        self.peer = peer
        self.metrics = services.metrics
        self.tools = services.tools
        self.log = services.log.with(["session.id": id.rawValue])
        self.rateLimits = services.rateLimits
        var decoder = EventDecoder(dialect: birth.dialect)
        decoder.kind = birth.configuration.kind
        decoder.refusesUnknownMembers = birth.isStrict
        self.decoder = decoder
        self.encoder = EventEncoder(dialect: birth.dialect)
        self.imagePolicy = services.images
        self.images = ImageFetcher(
            services.images,
            responseByteCount: birth.limits.conversationImageByteCount,
            on: loop
        )
        if birth.configuration.kind == .translation {
            translationTimer = TranslationTimer(backlog: birth.limits.translationBacklogCount)
        }
        self.session = birth.session()
    }

    /// What drivers share.
    package struct Services: Sendable {
        package var metrics: RuntimeMetrics
        package var log: Logger
        /// What the limits of the client's key leave; asked where the session reports them.
        package var rateLimits: @Sendable () -> [RateLimit] = { [] }
        /// Reaches MCP servers; without it, none can be.
        package var tools: (any ToolEngine)?
        /// From where images may be fetched.
        package var images = ImagePolicy()

        /// Bundles them.
        package init(metrics: RuntimeMetrics, log: Logger) {
            self.metrics = metrics
            self.log = log
        }
    }

    // MARK: The peer's doors

    /// Says the session's first words.
    package func start() {
        metrics.activeSessions.add(1)
        metrics.sessions.add()
        log.info("Session started", ["pipeline": pipeline.name])
        isHandling = true
        carryOut(session.start(at: now))
        isHandling = false
        settle()
    }

    /// Takes one text message of the peer; returns when the session has handled it.
    package func receive(_ message: [UInt8]) async {
        if let long = takeAtOnce(message) { await hear(long) }
    }

    /// - Returns: What takes more than one turn of the loop.
    private func takeAtOnce(_ message: [UInt8]) -> ClientEvent? {
        do {
            let event = try decoder.decode(message)
            noteIgnoredMembers(of: event, message)
            if let error = imagePolicy.fault(of: event) {
                handle(.malformed(error, clientEventID: event.id))
            } else if isLong(event) {
                return event
            } else {
                handle(.client(event))
            }
        } catch {
            handle(.malformed(error.error, clientEventID: error.clientEventID))
        }
        return nil
    }

    /// Logs a member that no event knows: what a strict server would refuse.
    private func noteIgnoredMembers(of event: ClientEvent, _ message: [UInt8]) {
        guard log.isEnabled(.debug), !decoder.refusesUnknownMembers else { return }
        // Comes fifty times a second.
        if event.audio != nil { return }
        var strict = decoder
        strict.refusesUnknownMembers = true
        do {
            _ = try strict.decode(message)
        } catch {
            guard error.error.code == .unknownParameter else { return }
            log.debug("Unknown member ignored", ["param": error.error.param ?? ""])
        }
    }

    /// Takes a binary message, which the protocol doesn't have on a WebSocket.
    package func receiveBinary() {
        handle(.malformed(EventDecoder.binaryMessage, clientEventID: nil))
    }

    /// Asks the session to say goodbye: the process is about to stop.
    package func shutDown() {
        handle(.shutdown)
    }

    /// Tells the client why its session can't go on, and ends it.
    package func evict(_ error: ProtocolError) {
        handle(.evicted(error))
    }

    /// Ends the session, whose peer is gone; returns when its last engine call has ended.
    package func end() async {
        guard !isEnded else { return }
        handle(.disconnected)
        isEnded = true
        let farewells = tasks.take { if case .farewell = $0 { true } else { false } }
        if let timer { loop.cancelTimer(timer.id) }
        timer = nil
        for feed in recognisers.values { feed.finish() }
        recognisers = [:]
        clauses = [:]
        for task in tasks.cancelAll() + farewells { await task.value }
        await images.close()
        metrics.activeSessions.add(-1)
        log.info("Session ended", ["seconds": "\(now.sinceOrigin.components.seconds)"])
    }

    /// Bytes of audio that the session takes for certain.
    var freeAudioByteCount: Int { session.freeAudioByteCount }

    // MARK: The turn

    private var now: Instant { Instant(ContinuousClock.now - began) }

    /// Lets the session handle an input and all that follows from it at once.
    ///
    /// The verdicts on what was said before it come before it.
    func handle(_ input: Session.Input) {
        guard !isEnded else { return }
        listener?.judgeWholeFrames()
        inputs.append(input)
        settle()
    }

    /// Lets the session handle the verdict on its next frame.
    func hear(_ verdict: Session.SpeechActivity) {
        guard !isEnded else { return }
        inputs.append(.speech(verdict))
        settle()
    }

    /// Inputs that come while outputs are carried out wait until those are done.
    private func settle() {
        guard !isHandling else { return }
        isHandling = true
        var next = 0
        while next < inputs.count {
            let input = inputs[next]
            next += 1
            carryOut(session.handle(input, at: now))
        }
        inputs.removeAll(keepingCapacity: true)
        isHandling = false
        armTimer()
    }

    private func carryOut(_ outputs: [Session.Output]) {
        for output in outputs {
            if let latency = translationTimer?.observe(output, at: .now) {
                metrics.translationLatency.record(latency)
            }
            switch output {
            case .send(let event): send(event)
            case .perform(let effect): perform(effect)
            }
        }
    }

    private func send(_ event: ServerEvent) {
        // What the dialect has no word for stays unsaid.
        if let message = encoder.encode(event) { peer.send(message) }
        switch turnTimer.observe(event.body, at: .now) {
        case .turnCommitted: metrics.turns.add()
        case .turnLatency(let latency): metrics.turnLatency.record(latency)
        case nil: break
        }
        if case .error(let error, _) = event.body { metrics.error(error.origin) }
    }

    /// Sees to it that the session hears of the time at its deadline.
    private func armTimer() {
        let deadline = isEnded ? nil : session.deadline
        guard deadline != timer?.deadline else { return }
        if let timer { loop.cancelTimer(timer.id) }
        timer = deadline.map { deadline in
            let id = loop.schedule(at: began + deadline.sinceOrigin) { [weak self] in
                self?.assumeIsolated { $0.deadlinePassed() }
            }
            return (id, deadline)
        }
    }

    private func deadlinePassed() {
        timer = nil
        handle(.timeout)
    }

    func close(_ reason: Session.CloseReason) {
        if let fault = reason.fault {
            log.error("Session closed by a fault of ours", ["fault": fault])
        }
        peer.close(reason)
    }

    /// Waits while the peer has more than it can take.
    func waitForPeer() async {
        await peer.drained()
    }
}
