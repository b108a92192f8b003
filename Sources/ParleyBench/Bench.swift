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
        let files = Processors.raiseFileLimit()
        guard files > options.sessionCount + 64 else {
            throw BenchError(
                "\(options.sessionCount) sessions need as many open files, \(files) are allowed "
                    + "(ulimit -n)"
            )
        }
        switch options.server {
        case .running(let url, let pid):
            let loop = try makeLoop()
            defer { loop.shutDown() }
            let target = try LoadTarget(url, apiKey: options.apiKey)
            return try await measure(
                options,
                target,
                Subject(pid: pid, isPinned: false),
                progress,
                loop
            )
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
        let server = try ServerProcess(arguments: arguments)
        if isPinned { _ = Processors.pin(to: first) }
        progress("Started a server (process \(server.pid)) at \(server.url.place)")
        let loop = try makeLoop()
        defer { loop.shutDown() }
        let outcome: Result<BenchResult, BenchError>
        do throws(BenchError) {
            try await server.waitUntilListening(on: loop)
            let target = try LoadTarget(server.url, apiKey: options.apiKey)
            let subject = Subject(pid: server.pid, isPinned: isPinned)
            outcome = .success(try await measure(options, target, subject, progress, loop))
        } catch {
            outcome = .failure(error)
        }
        await server.stop(on: loop)
        return try outcome.get()
    }

    private static func makeLoop() throws(BenchError) -> EventLoop {
        do throws(SystemError) {
            return try EventLoop(name: "load")
        } catch {
            throw BenchError("\(error)")
        }
    }

    private static func measure(
        _ options: BenchOptions,
        _ target: LoadTarget,
        _ subject: Subject,
        _ progress: @escaping @Sendable (String) -> Void,
        _ loop: EventLoop
    ) async throws(BenchError) -> BenchResult {
        switch options.kind {
        case .listen: try await listen(options, target, subject, progress, loop)
        case .talk: try await talk(options, target, subject, progress, loop)
        case .append: try await append(options, target, subject, progress, loop)
        }
    }

    /// Sets sessions up, lets them run, and measures.
    static func run<Script>(
        _ generator: LoadGenerator<Script>,
        _ options: BenchOptions,
        _ subject: Subject,
        _ progress: @escaping @Sendable (String) -> Void
    ) async throws(BenchError) -> Measurement<Script> {
        let loop = generator.loop
        let idle = subject.statistics
        progress("Opening \(options.sessionCount) sessions")
        let limit = connectLimit + connectShare * options.sessionCount
        let count = await generator.connect(within: limit)
        guard count > 0 else {
            let reason = await generator.losses.sorted.first?.reason ?? "none was ready in time"
            throw BenchError("no session could be opened: \(reason)")
        }
        let seconds = options.duration.inSeconds.fixed(0)
        progress("\(count) sessions are open; measuring for \(seconds) s after a warm-up")
        await generator.begin()
        try? await Task.sleep(for: options.warmUp, clock: loop.clock)
        await generator.resetFigures()
        let before = Usage(subject, loop)
        try? await Task.sleep(for: options.duration, clock: loop.clock)
        let after = Usage(subject, loop)
        let snapshot = await generator.snapshot
        let losses = await generator.losses
        await generator.stop()
        return Measurement(
            snapshot: snapshot,
            losses: losses,
            idle: idle,
            before: before,
            after: after
        )
    }
}

/// The server that is measured, as far as it is known.
struct Subject: Sendable {
    let pid: Int32?
    let isPinned: Bool

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
    /// The server before its first session.
    let idle: ProcessStatistics?
    let before: Usage
    let after: Usage

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
