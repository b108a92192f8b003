internal import ParleyClient
internal import ParleyNetwork

/// How long it takes to break off what is under way.
extension Bench {
    static func cancel(_ trial: Trial) async throws(BenchError) -> BenchResult {
        let utterance = try utterance(trial.options)
        let frames = FrameStore(utterance.samples, frameDuration: trial.options.frameDuration)
        let scripts = Array(
            repeating: BreakOffScript(frameCount: frames.frames.count),
            count: trial.options.sessionCount
        )
        let generator = LoadGenerator(scripts, trial.target, frames, on: trial.loop)
        let found = try await run(generator, trial)
        var result = found.result(trial, input: utterance.name)
        let figures = found.snapshot.figures
        result.delays =
            [
                .init(
                    name: "cancelled",
                    meaning: "response.cancel → response.done",
                    histogram: figures.cancelled,
                    target: cancellationTarget
                ),
                .init(
                    name: "barge_in",
                    meaning: "speech over an answer → response.done",
                    histogram: figures.interrupted,
                    target: bargeInTarget
                ),
                .init(
                    name: "taken_back",
                    meaning: "item.delete of speech → item.deleted",
                    histogram: figures.takenBack,
                    target: nil
                ),
            ] + found.engineDelays
        result.figures += [
            .count("too_late", "Answers that were whole too soon", figures.tooLate),
            .count("stuck", "Sessions that waited in vain", figures.stuck),
        ]
        return result
    }

    /// What an engine call may last after it was cancelled.
    static let cancellationTarget = Duration.milliseconds(50)
    /// What a barge-in may take: two frames of the detector.
    static let bargeInTarget = Duration.milliseconds(64)

    /// What sessions say that talk.
    static func utterance(_ options: BenchOptions) throws(BenchError) -> Utterance {
        let recorded = options.recording.map { Utterance($0.samples, name: $0.name) }
        guard let utterance = recorded ?? Utterance.synthetic() else {
            throw BenchError("the recording is silent")
        }
        return utterance
    }
}

extension Measurement {
    /// What the server says of its engines, where it says anything.
    var engineDelays: [BenchResult.Delay] {
        cancellations.map { role, histogram in
            .init(
                name: "engine_cancellation_\(role)",
                meaning: "cancelled → \(role) has ended, at most",
                histogram: histogram,
                target: Bench.cancellationTarget
            )
        }
    }
}
