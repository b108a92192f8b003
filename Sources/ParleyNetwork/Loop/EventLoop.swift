internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread with one epoll set, and at once the executor of everything that lives on it.
///
/// As `SerialExecutor` it runs the actors pinned to it: a call between two actors of one loop is a
/// plain call. As `TaskExecutor` it keeps the nonisolated async code of a task that was started
/// with `executorPreference: loop` on the same thread; start every task of a connection or session
/// so. A loop must outlive its actors and tasks, whose references to it are unowned: make loops
/// once, at start, and ``shutDown()`` them last. Never block one.
///
/// `@unchecked Sendable`: the fields under "loop-confined" are touched on the loop's own thread
/// only (preconditions check it where a caller could err); everything else is atomic, locked or
/// constant.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        var isSignalled = false
        var isClosed = false
    }

    private struct Watch {
        let handler: any EventHandler
        /// Tells an event of this descriptor from a late one of its number's former owner.
        let generation: UInt32
    }

    /// What the loop's thread is called.
    package let name: String
    private let epoll: Int32
    private let wake: Int32
    private let inbox = Mutex(Inbox())
    private let currentThread = Atomic<UInt>(0)
    private let isStopping = Atomic<Bool>(false)
    /// The thread until someone joins it.
    private let unjoined: Mutex<pthread_t?>
    /// What a turn's time is told by.
    private let now: @Sendable () -> ContinuousClock.Instant

    // Loop-confined.
    private var ready = JobQueue()
    /// What can wait until everything else of a turn is done.
    private var patient = Queue<@Sendable () -> Void>()
    private var watches: [Watch?] = []
    private var lastGeneration: UInt32 = 0
    private var turnEnd: [any TurnEndHandler] = []
    private var timers = TimerHeap()
    private var residents: [ObjectIdentifier: any AnyObject & Sendable] = [:]
    /// Where sockets are read into, shared by all of the loop: an idle connection owns no buffer.
    let scratch = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Limits.readSize,
        alignment: 64
    )

    /// Starts the loop's thread.
    ///
    /// - Parameters:
    ///   - name: What the thread is called.
    ///   - now: What a turn's time is told by; timers go by the system's clock all the same.
    /// - Throws: ``SystemError`` when the process is out of descriptors or threads.
    package init(
        name: String = "loop",
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(SystemError) {
        clinux_ignore_broken_pipes()
        self.name = name
        self.now = now
        epoll = clinux_epoll_create()
        wake = clinux_eventfd()
        unjoined = Mutex(nil)
        guard epoll >= 0, wake >= 0 else { throw SystemError("cannot create an event loop") }
        _ = clinux_epoll_control(epoll, EPOLL_CTL_ADD, wake, CLINUX_EPOLLIN, UInt64(UInt32(wake)))
        // The thread keeps the loop alive until it ends.
        let retained = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { raw in
                guard let raw = raw else { return nil }
                let loop = Unmanaged<EventLoop>.fromOpaque(raw).takeRetainedValue()
                loop.runThread()
                return nil
            },
            retained.toOpaque()
        )
        guard failure == 0 else {
            retained.release()
            throw SystemError("cannot start an event loop's thread", code: failure)
        }
        let started = thread
        unjoined.withLock { $0 = started }
    }

    deinit {
        if let thread = unjoined.withLock({ $0.take() }) { pthread_detach(thread) }
        if epoll >= 0 { close(epoll) }
        if wake >= 0 { close(wake) }
        scratch.deallocate()
    }

    // MARK: Executor

    /// Whether the caller is on the loop's thread.
    @inline(__always)
    package var isCurrent: Bool {
        currentThread.load(ordering: .relaxed) == clinux_current_thread()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent { ready.append(job) } else { post(.job(job)) }
    }

    /// Runs `body` on the loop: at once when the caller is there, else soon.
    ///
    /// A loop that has ended drops it.
    package func execute(_ body: @escaping @Sendable () -> Void) {
        if isCurrent { body() } else { post(.call(body)) }
    }

    private func post(_ work: Work) {
        let mustWake = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.work.append(work)
            defer { inbox.isSignalled = true }
            return !inbox.isSignalled
        }
        if mustWake { eventfd_write(wake, 1) }
    }

    // `assumeIsolated` in an I/O callback, where no task is running, asks these two.
    package func checkIsolated() { precondition(isCurrent, "not on this event loop") }
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    /// CPU time that the loop's thread has used; zero once it has ended.
    package var cpuTime: Duration {
        let thread = currentThread.load(ordering: .acquiring)
        return thread == 0 ? .zero : .nanoseconds(Int64(clamping: clinux_thread_cpu(thread)))
    }

    // MARK: Ending

    /// Asks the loop to end after the jobs that are ready now; returns at once.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        eventfd_write(wake, 1)
    }

    /// Ends the loop and waits for its thread; not to be called on the loop itself.
    package func shutDown() {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        stop()
        if let thread = unjoined.withLock({ $0.take() }) { pthread_join(thread, nil) }
    }

    // MARK: Descriptors (loop-confined)

    /// Reports readiness of `fd` to `handler`, which the loop keeps until ``unwatch(_:)``.
    ///
    /// - Throws: ``SystemError`` when the kernel refuses the descriptor.
    package func watch(
        _ fd: Int32,
        _ events: IOEvents,
        _ handler: any EventHandler
    ) throws(SystemError) {
        precondition(isCurrent && fd >= 0, "descriptors are watched on their loop")
        if Int(fd) >= watches.count {
            watches.append(contentsOf: repeatElement(nil, count: Int(fd) + 64 - watches.count))
        }
        lastGeneration &+= 1
        let watch = Watch(handler: handler, generation: lastGeneration)
        let isNew = watches[Int(fd)] == nil
        let operation = isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        let tag = Self.tag(fd, watch.generation)
        guard clinux_epoll_control(epoll, operation, fd, events.rawValue, tag) == 0 else {
            throw SystemError("cannot watch a descriptor")
        }
        watches[Int(fd)] = watch
    }

    /// Changes what is reported about a watched descriptor.
    package func change(_ fd: Int32, _ events: IOEvents) {
        guard isCurrent, Int(fd) < watches.count, let watch = watches[Int(fd)] else { return }
        let tag = Self.tag(fd, watch.generation)
        _ = clinux_epoll_control(epoll, EPOLL_CTL_MOD, fd, events.rawValue, tag)
    }

    /// Forgets a descriptor; to be called before it is closed.
    package func unwatch(_ fd: Int32) {
        guard isCurrent, fd >= 0, Int(fd) < watches.count, watches[Int(fd)] != nil else { return }
        watches[Int(fd)] = nil
        _ = clinux_epoll_control(epoll, EPOLL_CTL_DEL, fd, 0, 0)
    }

    private static func tag(_ fd: Int32, _ generation: UInt32) -> UInt64 {
        UInt64(generation) << 32 | UInt64(UInt32(bitPattern: fd))
    }

    /// Calls `handler` once, after the jobs of this turn.
    package func atTurnEnd(_ handler: any TurnEndHandler) {
        precondition(isCurrent, "turns end on their loop")
        turnEnd.append(handler)
    }

    /// What all that lives on this loop shares: made at the first call, kept until the loop ends.
    ///
    /// - Parameters:
    ///   - key: What it is shared for. The resident must keep that object, whose identity another
    ///     one could take over else.
    ///   - make: Makes it.
    /// - Returns: The one of this key; a new one if that is of another type.
    package func resident<Resident: AnyObject & Sendable>(
        for key: AnyObject,
        make: () -> Resident
    ) -> Resident {
        precondition(isCurrent, "residents are met on their loop")
        if let known = residents[ObjectIdentifier(key)] as? Resident { return known }
        let new = make()
        residents[ObjectIdentifier(key)] = new
        return new
    }

    // MARK: Giving way (loop-confined)

    /// Calls `body` once descriptors, timers and jobs that are ready have had their turn.
    ///
    /// For what is dear, or can be asked for as often as one likes: nobody else shall wait for all
    /// of it. First come, first served, some of it in every turn.
    package func patiently(_ body: @escaping @Sendable () -> Void) {
        precondition(isCurrent, "who gives way does so on its loop")
        patient.append(body)
    }

    /// Goes on once descriptors, timers and jobs that are ready have had their turn.
    package func giveWay() async {
        await withUnsafeContinuation { continuation in patiently { continuation.resume() } }
    }

    // MARK: Timers (loop-confined)

    /// A timer that has been set.
    package struct TimerID: Sendable, Hashable { let number: UInt64 }

    /// Calls `fire` on the loop at `deadline`, or soon when that has passed.
    @discardableResult
    package func schedule(
        at deadline: ContinuousClock.Instant,
        _ fire: @escaping @Sendable () -> Void
    ) -> TimerID {
        precondition(isCurrent, "timers are set on their loop")
        return TimerID(number: timers.insert(deadline, fire))
    }

    /// Forgets a timer; one that has fired or was forgotten is no error.
    package func cancelTimer(_ id: TimerID) {
        precondition(isCurrent, "timers are set on their loop")
        timers.remove(id.number)
    }
}

// MARK: - The loop's thread

extension EventLoop {
    private func runThread() {
        clinux_name_thread(name)
        currentThread.store(clinux_current_thread(), ordering: .releasing)
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(
            capacity: Limits.eventsPerTurn
        )
        while !isStopping.load(ordering: .acquiring) {
            turn(events, waiting: nanosecondsToWait())
        }
        finish(events)
        events.deallocate()
        currentThread.store(0, ordering: .releasing)
    }

    /// Lets what is ready come to its end, so that a cancelled task can say goodbye.
    private func finish(_ events: UnsafeMutableBufferPointer<epoll_event>) {
        for watch in watches { watch?.handler.loopEnds() }
        var turns = 0
        repeat {
            turn(events, waiting: 0)
            turns += 1
        } while !(ready.isEmpty && patient.isEmpty) && turns < 100
        let abandoned = inbox.withLock { inbox in
            inbox.isClosed = true
            var work: [Work] = []
            swap(&work, &inbox.work)
            return work
        }
        carryOut(abandoned)
        work()
        // Closures may hold what, when let go, calls the loop again: no access may be open.
        _ = timers.removeAll()
        watches = []
        turnEnd = []
        residents = [:]
    }

    private func turn(_ events: UnsafeMutableBufferPointer<epoll_event>, waiting: Int64) {
        let count = clinux_epoll_wait(
            epoll,
            events.baseAddress,
            Int32(events.count),
            waiting
        )
        for index in 0..<max(0, Int(count)) {
            dispatch(&events[index])
        }
        fireTimers()
        work()
        while !turnEnd.isEmpty {
            var handlers: [any TurnEndHandler] = []
            swap(&handlers, &turnEnd)
            for handler in handlers { handler.turnEnded() }
        }
    }

    private func dispatch(_ event: inout epoll_event) {
        let tag = clinux_epoll_tag(&event)
        let fd = Int32(bitPattern: UInt32(truncatingIfNeeded: tag))
        if fd == wake { return drainInbox() }
        guard Int(fd) < watches.count, let watch = watches[Int(fd)],
            watch.generation == UInt32(tag >> 32)
        else { return }
        watch.handler.ready(IOEvents(rawValue: event.events))
    }

    /// Negative: nothing to wait for but descriptors.
    private func nanosecondsToWait() -> Int64 {
        if !ready.isEmpty || !patient.isEmpty { return 0 }
        guard let deadline = timers.earliest else { return -1 }
        let left = ContinuousClock.now.duration(to: deadline)
        if left <= .zero { return 0 }
        // A day is long enough to look again, and fits in any type.
        let (seconds, attoseconds) = min(left, .seconds(86_400)).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    private func drainInbox() {
        var value: UInt64 = 0
        eventfd_read(wake, &value)
        let work = inbox.withLock { inbox in
            inbox.isSignalled = false
            var taken: [Work] = []
            swap(&taken, &inbox.work)
            return taken
        }
        carryOut(work)
    }

    private func carryOut(_ work: [Work]) {
        for item in work {
            switch item {
            case .job(let job): ready.append(job)
            case .call(let body): body()
            }
        }
    }

    private func fireTimers() {
        if timers.isEmpty { return }
        let now = ContinuousClock.now
        while let fire = timers.popDue(now) { fire() }
    }

    /// Within a time that keeps descriptors and timers from waiting.
    private func work() {
        let end = now() + Limits.turnTime
        runReadyJobs(until: end)
        runPatientWork(until: end)
    }

    /// Jobs made ready by these jobs run in the same turn, if there is time.
    private func runReadyJobs(until end: ContinuousClock.Instant) {
        while let job = ready.popFirst() {
            job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
            if now() >= end { return }
        }
    }

    /// One of them at least, so that a busy loop comes to all of them in time.
    private func runPatientWork(until end: ContinuousClock.Instant) {
        while let work = patient.popFirst() {
            work()
            runReadyJobs(until: end)
            if now() >= end { return }
        }
    }
}
