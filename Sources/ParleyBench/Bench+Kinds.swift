internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNetwork

/// What each kind of load sends and reports.
extension Bench {
    static func listen(_ trial: Trial) async throws(BenchError) -> BenchResult {
        let track =
            trial.options.recording.map { InputTrack.recording($0.samples, name: $0.name) }
            ?? InputTrack.synthetic()
        let frames = FrameStore(track.samples, frameDuration: trial.options.frameDuration)
        let count = frames.frames.count
        // Spread over the track, so that no two neighbours speak at once.
        let scripts = (0..<trial.options.sessionCount).map { index in
            ListenScript(frameCount: count, offset: index * count / trial.options.sessionCount)
        }
        let generator = LoadGenerator(scripts, trial.target, frames, on: trial.loop)
        let found = try await run(generator, trial)
        var result = found.result(trial, input: track.name)
        let figures = found.snapshot.figures
        let target = Duration.milliseconds(100)
        result.delays = [
            .init(
                name: "speech_started",
                meaning: "speech_started, from its decisive frame",
                histogram: figures.speechStarted,
                target: target
            ),
            .init(
                name: "speech_stopped",
                meaning: "speech_stopped, from its decisive frame",
                histogram: figures.speechStopped,
                target: target
            ),
        ]
        return result
    }

    static func talk(_ trial: Trial) async throws(BenchError) -> BenchResult {
        let utterance = try utterance(trial.options)
        let frames = FrameStore(utterance.samples, frameDuration: trial.options.frameDuration)
        // Turns last some six seconds; sessions begin spread over one.
        let scripts = (0..<trial.options.sessionCount).map { index in
            ConversationScript(
                frameCount: frames.frames.count,
                delay: .milliseconds(500) + .seconds(6) * index / trial.options.sessionCount
            )
        }
        let generator = LoadGenerator(scripts, trial.target, frames, on: trial.loop)
        let found = try await run(generator, trial)
        var result = found.result(trial, input: utterance.name)
        let figures = found.snapshot.figures
        result.delays = delays(figures) + found.engineDelays
        result.figures += [
            .count("turns", "Turns", figures.turns),
            .count("failed", "Answers that failed", figures.failed),
            .count("unanswered", "Turns without an answer", figures.unanswered),
        ]
        return result
    }

    private static func delays(_ figures: ConversationScript.Figures) -> [BenchResult.Delay] {
        [
            .init(
                name: "onset",
                meaning: "speech begins → speech_started",
                histogram: figures.onset,
                target: .milliseconds(64)
            ),
            .init(
                name: "barge_in",
                meaning: "speech over an answer → cancelled",
                histogram: figures.cancelled,
                target: bargeInTarget
            ),
            .init(
                name: "speech_stopped",
                meaning: "speech ends → speech_stopped (with its silence)",
                histogram: figures.speechStopped,
                target: nil
            ),
            .init(
                name: "stop_delay",
                meaning: "silence is over → speech_stopped",
                histogram: figures.stopDelay,
                target: .milliseconds(5)
            ),
            .init(
                name: "response_created",
                meaning: "speech_stopped → response.created",
                histogram: figures.responseCreated,
                target: nil
            ),
            .init(
                name: "first_audio",
                meaning: "response.created → first audio",
                histogram: figures.firstAudio,
                target: nil
            ),
            .init(
                name: "voice_to_voice",
                meaning: "speech ends → first audio",
                histogram: figures.voiceToVoice,
                target: nil
            ),
        ]
    }

    static func append(_ trial: Trial) async throws(BenchError) -> BenchResult {
        let track = InputTrack.synthetic()
        let frames = FrameStore(track.samples, frameDuration: trial.options.frameDuration)
        let batch = batch(of: frames)
        let scripts = (0..<trial.options.sessionCount).map { _ in AppendScript(batch: batch) }
        let generator = LoadGenerator(scripts, trial.target, frames, on: trial.loop)
        let found = try await run(generator, trial)
        var result = found.result(trial, input: track.name)
        let figures = found.snapshot.figures
        result.delays = [
            .init(
                name: "batch",
                meaning: "\(AppendScript.batchLength) frames sent → all of them taken",
                histogram: figures.batch,
                target: nil
            )
        ]
        let rate = Double(figures.frames) / found.duration.inSeconds
        result.figures.append(
            .init(
                name: "frames_per_second",
                meaning: "Frames taken a second",
                value: rate,
                places: 0
            )
        )
        if let time = found.serverTime, figures.frames > 0 {
            let cost = time.inSeconds * 1_000_000 / Double(figures.frames)
            result.figures.append(
                .init(
                    name: "cpu_us_per_frame",
                    meaning: "Server's µs of processor time a frame",
                    value: cost,
                    places: 2
                )
            )
        }
        return result
    }

    /// ``AppendScript/batchLength`` frames and a clear, as they go over the wire.
    private static func batch(of store: FrameStore) -> [UInt8] {
        var random = SecureRandom()
        let frames = (0..<AppendScript.batchLength).flatMap {
            store.frames[$0 % store.frames.count]
        }
        let clear = ClientMessage.event("input_audio_buffer.clear")
        return frames + FrameStore.masked(clear, &random)
    }
}

extension Measurement {
    /// The result, but for the delays that only the kind of load knows.
    func result(_ trial: Bench.Trial, input: String) -> BenchResult {
        BenchResult(
            kind: trial.options.kind,
            machine: .current,
            sessionsAsked: trial.options.sessionCount,
            sessionsHeld: snapshot.heldSessions,
            duration: duration,
            frameDuration: trial.options.frameDuration,
            input: input,
            isPinned: trial.subject.isPinned,
            delays: [],
            figures: serverFigures,
            losses: losses,
            errors: snapshot.figures.errors,
            generator: generator,
            foreignShare: foreignShare
        )
    }

    private var serverFigures: [BenchResult.Figure] {
        guard let time = serverTime, let server = after.server else { return [] }
        let count = max(1, snapshot.heldSessions)
        let seconds = duration.inSeconds
        var figures: [BenchResult.Figure] = [
            .init(
                name: "server_processor_share",
                meaning: "Server's share of a processor",
                value: time.inSeconds / seconds,
                places: 3
            ),
            .init(
                name: "server_cpu_ms_per_session_second",
                meaning: "Server's ms of processor time a session and second",
                value: time.inMilliseconds / seconds / Double(count),
                places: 3
            ),
            .init(
                name: "server_resident_mib",
                meaning: "Server's memory, MiB",
                value: Double(server.residentByteCount) / 1_048_576,
                places: 1
            ),
        ]
        if let base {
            let grown = Double(server.residentByteCount - base.residentByteCount)
            figures.append(
                .init(
                    name: "server_resident_kib_per_session",
                    meaning: "Server's memory a session, KiB, over \(mebibytes(base)) MiB without",
                    value: grown / 1_024 / Double(count),
                    places: 1
                )
            )
        }
        return figures
    }

    private func mebibytes(_ statistics: ProcessStatistics) -> String {
        (Double(statistics.residentByteCount) / 1_048_576).fixed(1)
    }
}
