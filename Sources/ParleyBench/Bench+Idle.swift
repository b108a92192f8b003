internal import ParleyClient
internal import ParleyNetwork

/// What sessions weigh that are open and silent, and then listen to silence.
extension Bench {
    static func idle(_ trial: Trial) async throws(BenchError) -> BenchResult {
        guard trial.subject.base != nil else {
            throw BenchError("the server's process is not known, and its memory is what counts")
        }
        let frames = FrameStore([], frameDuration: trial.options.frameDuration)
        let scripts = Array(repeating: IdleScript(), count: trial.options.sessionCount)
        let generator = LoadGenerator(scripts, trial.target, frames, on: trial.loop)
        try await open(generator, trial)
        await generator.begin()
        let idle = await observe(generator, trial)
        trial.progress("Now they listen to silence")
        await generator.tell { $0.listen() }
        let listening = await observe(generator, trial)
        await generator.stop()
        try? await Task.sleep(for: settleTime, clock: trial.loop.clock)
        var result = listening.result(trial, input: "nothing, then a quiet room")
        result.figures =
            [Self.base(trial.subject)]
            + idle.figures(of: "idle", target: 50)
            + listening.figures(of: "listening", target: 200)
            + [Self.left(trial.subject)]
        return result
    }

    /// The server without any session.
    private static func base(_ subject: Subject) -> BenchResult.Figure {
        let kind = subject.isLight ? "without recogniser and voice" : "as it was started"
        return .init(
            name: "base_mb",
            meaning: "Memory of the server \(kind), MB",
            value: megabytes(subject.base),
            places: 1,
            // The promise is made for a server whose built-in engines are not loaded.
            target: subject.isLight ? 60 : nil
        )
    }

    private static func left(_ subject: Subject) -> BenchResult.Figure {
        .init(
            name: "left_mb",
            meaning: "Memory when they have ended, MB",
            value: megabytes(subject.statistics),
            places: 1
        )
    }

    private static func megabytes(_ statistics: ProcessStatistics?) -> Double {
        Double(statistics?.residentByteCount ?? 0) / 1e6
    }
}

extension Measurement {
    /// Memory and processor time of a session.
    fileprivate func figures(of kind: String, target: Double) -> [BenchResult.Figure] {
        guard let base, let server = after.server, let serverTime else { return [] }
        let count = Double(max(1, snapshot.heldSessions))
        let grown = Double(server.residentByteCount - base.residentByteCount)
        return [
            .init(
                name: "\(kind)_kb_per_session",
                meaning: "Memory of one \(kind) session, kB",
                value: grown / 1_000 / count,
                places: 1,
                target: target
            ),
            .init(
                name: "\(kind)_cpu_ms_per_session_second",
                meaning: "Processor time of one \(kind) session, ms a second",
                value: serverTime.inMilliseconds / duration.inSeconds / count,
                places: 3
            ),
        ]
    }
}
