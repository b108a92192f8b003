internal import Glibc
internal import ParleyAudio
internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNetwork

/// Measures a server under load.
package enum Bench {
    /// Longest wait for all sessions to be set up, beyond what each of them costs.
    private static let connectLimit = Duration.seconds(30)
    /// What setting up one more session may cost.
    private static let connectShare = Duration.milliseconds(10)
    /// How long a server may take to forget a session.
    ///
    /// Chosen: the answer to a close frame takes a thousandth of it.
    static let settleTime = Duration.seconds(1)

    /// Runs a measurement.
    ///
    /// Bounded in time: setting up has its limit, and what is measured is as long as was asked.
    ///
    /// - Parameters:
    ///   - options: What to measure.
    ///   - progress: Gets a line for each step.
    /// - Returns: What was found, also where sessions were lost or the generator was late.
    /// - Throws: ``BenchError`` when nothing could be measured.
    package static func run(
        _ options: BenchOptions,
        progress: @escaping @Sendable (String) -> Void
    ) async throws(BenchError) -> BenchResult {
        let files = DescriptorLimit.raise()
        guard files > options.sessionCount + 64 else {
            throw BenchError(
                "\(options.sessionCount) sessions need as many open files, \(files) are allowed "
                    + "(ulimit -n)"
            )
        }
        switch options.server {
        case .running(let url, let pid):
            if let pid, ProcessStatistics.of(pid) == nil {
                throw BenchError("there is no process \(pid)")
            }
            let loop = try makeLoop()
            defer { loop.shutDown() }
            let target = try LoadTarget(url, apiKey: options.apiKey)
            let subject = Subject(pid: pid, isPinned: false)
            return try await measure(Trial(options, target, subject, progress, loop))
        case .spawned(let arguments):
            return try await runSpawned(options, arguments, progress)
        }
    }

    private static func runSpawned(
        _ options: BenchOptions,
        _ arguments: [String],
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(BenchError) -> BenchResult {
        // A child and new threads inherit the processor of the thread that starts them.
        let processors = Processors.allowed
        let first = processors.first ?? 0
        let last = processors.last ?? 0
        let isPinned = first != last && Processors.pin(to: last)
        // Who brings arguments of their own knows what is to be measured.
        let models = arguments.isEmpty ? try ScratchModels(for: options.kind) : nil
        let server: ServerProcess
        do throws(BenchError) {
            server = try ServerProcess(arguments: models?.arguments ?? arguments)
        } catch {
            await models?.remove()
            throw error
        }
        if isPinned { _ = Processors.pin(to: first) }
        progress("Started a server (process \(server.pid)) at \(server.url.place)")
        let loop = try makeLoop()
        defer { loop.shutDown() }
        let outcome: Result<BenchResult, BenchError>
        do throws(BenchError) {
            try await server.waitUntilListening(on: loop)
            let target = try LoadTarget(server.url, apiKey: options.apiKey)
            let subject = Subject(
                pid: server.pid,
                isPinned: isPinned,
                isLight: options.kind == .idle && models != nil
            )
            let trial = Trial(options, target, subject, progress, loop)
            outcome = .success(try await measure(trial))
        } catch {
            outcome = .failure(error)
        }
        await server.stop(on: loop)
        await models?.remove()
        return try outcome.get()
    }

    private static func makeLoop() throws(BenchError) -> EventLoop {
        do throws(SystemError) {
            return try EventLoop(name: "load")
        } catch {
            throw BenchError("\(error)")
        }
    }

    private static func measure(_ trial: Trial) async throws(BenchError) -> BenchResult {
        var trial = trial
        try await openFirst(trial)
        trial.subject.base = trial.subject.statistics
        return switch trial.options.kind {
        case .listen: try await listen(trial)
        case .idle: try await idle(trial)
        case .talk: try await talk(trial)
        case .cancel: try await cancel(trial)
        case .append: try await append(trial)
        }
    }

    /// Opens and ends one session, so that the server has loaded what all sessions share.
    private static func openFirst(_ trial: Trial) async throws(BenchError) {
        do throws(ConnectionError) {
            let client = try await RealtimeClient.connect(
                to: trial.target.url,
                apiKey: trial.target.apiKey,
                on: trial.loop
            )
            _ = try? await client.nextMessage()
            await client.close()
        } catch {
            throw BenchError("no session could be opened: \(error.description)")
        }
        try? await Task.sleep(for: settleTime, clock: trial.loop.clock)
    }

    /// Opens sessions, lets them run, measures, and ends them.
    static func run<Script>(
        _ generator: LoadGenerator<Script>,
        _ trial: Trial
    ) async throws(BenchError) -> Measurement<Script> {
        try await open(generator, trial)
        await generator.begin()
        let found = await observe(generator, trial)
        await generator.stop()
        return found
    }

    /// Opens the sessions.
    static func open<Script>(
        _ generator: LoadGenerator<Script>,
        _ trial: Trial
    ) async throws(BenchError) {
        trial.progress("Opening \(trial.options.sessionCount) sessions")
        let limit = connectLimit + connectShare * trial.options.sessionCount
        let count = await generator.connect(within: limit)
        guard count > 0 else {
            let reason = await generator.losses.sorted.first?.reason ?? "none was ready in time"
            throw BenchError("no session could be opened: \(reason)")
        }
        let seconds = trial.options.duration.inSeconds.fixed(0)
        trial.progress("\(count) sessions are open; measuring for \(seconds) s after a warm-up")
    }

    /// Waits for the warm-up, and then measures.
    static func observe<Script>(
        _ generator: LoadGenerator<Script>,
        _ trial: Trial
    ) async -> Measurement<Script> {
        let loop = generator.loop
        try? await Task.sleep(for: trial.options.warmUp, clock: loop.clock)
        let cancelledBefore = await EngineCancellations.read(generator.target, on: loop)
        await generator.resetFigures()
        let before = Usage(trial.subject, loop)
        try? await Task.sleep(for: trial.options.duration, clock: loop.clock)
        let after = Usage(trial.subject, loop)
        let snapshot = await generator.snapshot
        let cancelledAfter = await EngineCancellations.read(generator.target, on: loop)
        return Measurement(
            snapshot: snapshot,
            losses: await generator.losses,
            base: trial.subject.base,
            before: before,
            after: after,
            cancellations: cancelledBefore.flatMap { cancelledAfter?.since($0) } ?? []
        )
    }
}

extension Bench {
    /// One measurement: what every kind of load is told.
    struct Trial: Sendable {
        let options: BenchOptions
        let target: LoadTarget
        var subject: Subject
        /// Gets a line for each step.
        let progress: @Sendable (String) -> Void
        /// Where the load lives.
        let loop: EventLoop

        init(
            _ options: BenchOptions,
            _ target: LoadTarget,
            _ subject: Subject,
            _ progress: @escaping @Sendable (String) -> Void,
            _ loop: EventLoop
        ) {
            self.options = options
            self.target = target
            self.subject = subject
            self.progress = progress
            self.loop = loop
        }
    }
}

/// The server that is measured, as far as it is known.
struct Subject: Sendable {
    let pid: Int32?
    let isPinned: Bool
    /// Whether it was started without its recogniser and its voice.
    var isLight = false
    /// What it had used before the sessions of the load.
    var base: ProcessStatistics?

    /// What it has used; nil where its process isn't known.
    var statistics: ProcessStatistics? { pid.flatMap { ProcessStatistics.of($0) } }
}

/// What was used up to a moment.
struct Usage: Sendable {
    let time: ContinuousClock.Instant
    let server: ProcessStatistics?
    let generatorTime: Duration
    /// Of this whole process.
    let ownTime: Duration?
    /// Of everything that runs on this machine.
    let busyTime: Duration?

    init(_ subject: Subject, _ loop: EventLoop) {
        time = .now
        server = subject.statistics
        generatorTime = loop.cpuTime
        ownTime = ProcessStatistics.of(getpid())?.cpuTime
        busyTime = Processors.busyTime
    }
}

/// What was counted between two moments.
struct Measurement<Script: LoadScript>: Sendable {
    let snapshot: LoadGenerator<Script>.Snapshot
    let losses: ErrorTally
    /// The server before the sessions.
    let base: ProcessStatistics?
    let before: Usage
    let after: Usage
    /// How long engine calls lasted after they were cancelled, by role.
    let cancellations: [(role: String, histogram: Histogram)]

    var duration: Duration { after.time - before.time }

    /// Processor time of the server; nil where its process isn't known.
    var serverTime: Duration? {
        guard let before = before.server, let after = after.server else { return nil }
        return after.cpuTime - before.cpuTime
    }

    /// Share of one processor that went to what was not measured; nil where the server isn't known.
    var foreignShare: Double? {
        guard let serverTime, let busyBefore = before.busyTime, let busyAfter = after.busyTime,
            let ownBefore = before.ownTime, let ownAfter = after.ownTime
        else { return nil }
        let foreign = (busyAfter - busyBefore) - (ownAfter - ownBefore) - serverTime
        return max(0, foreign / duration)
    }

    var generator: BenchResult.Generator {
        let used = after.generatorTime - before.generatorTime
        return BenchResult.Generator(
            lateness: snapshot.lateness,
            processorShare: used / duration
        )
    }
}
