internal import ParleyAudio
internal import ParleyEngine
internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleySession

extension SessionDriver {
    /// Carries out one effect; engine work goes on as a task and reports by itself.
    func perform(_ effect: Session.Effect) {
        switch effect {
        case .detect(let frame, let position): detect(frame, position)
        case .resetDetection: listener?.reset()
        case .startTranscription(let item, let request): startTranscription(item, request)
        case .feedTranscription(let item, let frame): feed(item, frame)
        case .pauseTranscription(let item, let position): recognisers[item]?.pause(at: position)
        case .finishTranscription(let item): recognisers[item]?.complete()
        case .cancelTranscription(let item): cancelTranscription(item)
        case .startGeneration(let response, let request): generate(response, request)
        case .startSynthesis(let response, let request): synthesize(response, request)
        case .cancel(let response): cancel(response)
        case .startTrace(let id, let tracing): trace(id, tracing)
        case .warn(let text): log.warning("Session will disappoint", ["why": text])
        case .reportRateLimits: handle(.rateLimits(rateLimits()))
        case .listTools(let list, let address): listTools(list, address)
        case .callTool(let item, let request): callTool(item, request)
        case .cancelTool(let item): tasks.cancel(.toolCall(item))
        case .disconnectTools(let list): disconnectTools(list)
        case .startSummary(let request): summarize(request)
        case .cancelSummary: tasks.cancel(.summary)
        case .closeConnection(let reason): close(reason)
        }
    }

    // MARK: VAD

    private func detect(_ frame: AudioFrame, _ position: Int) {
        if listener == nil {
            do {
                let judge = SpeechJudge.of(pipeline.voiceActivity, on: loop)
                listener = try judge.makeListener { [weak self] verdict in
                    self?.assumeIsolated { $0.hear(verdict) }
                }
            } catch {
                noteFailure(.voiceActivity, error)
                // A session that can't hear is of no use, and would never say so.
                close(Session.CloseReason(code: 1011, text: "server_error.\(error.fault.rawValue)"))
                return
            }
        }
        listener?.listen(to: frame, position: position)
    }

    // MARK: STT

    private func startTranscription(
        _ item: ItemID,
        _ request: Session.TranscriptionRequest
    ) {
        let engine = pipeline.recogniser(for: request.model)
        let feed = RecogniserFeed(for: engine)
        recognisers[item] = feed
        var options = TranscriptionOptions(
            model: request.model,
            language: request.language ?? pipeline.spokenLanguage,
            prompt: request.prompt,
            wantsPartials: request.wantsPartials,
            wantsLogprobs: request.wantsLogprobs
        )
        options.owner = id.rawValue
        start(.transcription(item)) { [options] driver in
            await driver.transcribe(item, feed.speech, with: engine, options)
        }
    }

    private func transcribe(
        _ item: ItemID,
        _ speech: AsyncStream<SpeechPiece>,
        with engine: any TranscriptionEngine,
        _ options: TranscriptionOptions
    ) async {
        var watch = CallWatch(.transcription, metrics)
        do {
            // One that the session's client chose may not have been needed before.
            if engine.state != .ready { try await engine.prepare() }
            let transcript = try await engine.transcribe(speech, options: options) { report in
                guard !Task.isCancelled else { return }
                watch.noteOutput()
                if case .provisional = report { self.noteText(of: item, watch) }
                self.handle(.transcription(item, Session.Transcription(report)))
                watch.goOn()
            }
            // Whoever cancelled it has put its feed away; the item may have another one by now.
            guard !Task.isCancelled else { return }
            noteText(of: item, watch)
            recognisers[item] = nil
            handle(.transcription(item, Session.Transcription(transcript)))
        } catch {
            if !Task.isCancelled { recognisers[item] = nil }
            if let failure = failure(.transcription, error) {
                handle(.transcription(item, .failed(failure)))
            }
        }
    }

    private func noteText(of item: ItemID, _ watch: CallWatch) {
        // How long the user spoke is not the recogniser's doing.
        guard let since = recognisers[item]?.takeDue() else { return }
        watch.end(since: since)
    }

    private func cancelTranscription(_ item: ItemID) {
        tasks.cancel(.transcription(item))
        recognisers.removeValue(forKey: item)?.finish()
    }

    // MARK: LLM

    private func generate(_ response: ResponseID, _ request: Session.GenerationRequest) {
        let request = LanguageRequest(request, pipeline: pipeline)
        if imageTurns.admit(response, request) { startModel(response, request) }
    }

    private func startModel(_ response: ResponseID, _ request: LanguageRequest) {
        start(.generation(response)) { driver in
            await driver.runModel(response, request)
            // Who cancels a call passes its turn on, or has no use for another.
            if !Task.isCancelled { await driver.passImageTurn(of: response) }
        }
    }

    private func passImageTurn(of response: ResponseID) {
        imageTurns.leave(response)
        if let next = imageTurns.next() { startModel(next.response, next.request) }
    }

    private func runModel(_ response: ResponseID, _ wanted: LanguageRequest) async {
        let request: LanguageRequest
        do throws(ImageFailure) {
            request = try await fetchImages(of: wanted)
        } catch {
            guard !Task.isCancelled else { return }
            log.info("Image not fetched", ["reason": error.reason])
            return handle(.generation(response, .failed(error.failure)))
        }
        var watch = CallWatch(.language, metrics)
        do {
            let result = try await pipeline.language.generate(request) { event in
                guard !Task.isCancelled else { return }
                watch.noteOutput()
                self.handle(.generation(response, Session.Generation(event)))
                await self.waitForPeer()
                watch.goOn()
            }
            watch.end()
            guard !Task.isCancelled else { return }
            handle(.generation(response, .finished(Session.GenerationResult(result))))
        } catch {
            if let failure = failure(.language, error) {
                handle(.generation(response, .failed(failure)))
            }
        }
    }

    // MARK: TTS

    private func synthesize(_ response: ResponseID, _ request: Session.SynthesisRequest) {
        if clauses[response] != nil {
            clauses[response]?.append(request)
            return
        }
        clauses[response] = [request]
        start(.synthesis(response)) { driver in
            await driver.speakClauses(of: response)
        }
    }

    /// Speaks clause after clause, until none waits.
    private func speakClauses(of response: ResponseID) async {
        while !Task.isCancelled, let request = clauses[response]?.first {
            do {
                try await speak(request, of: response)
            } catch {
                clauses[response] = nil
                if let failure = failure(.speech, error) {
                    handle(.synthesis(response, .failed(failure)))
                }
                return
            }
            guard !Task.isCancelled else { return }
            clauses[response]?.removeFirst()
            handle(.synthesis(response, .finished(clause: request.clause)))
        }
        if !Task.isCancelled { clauses[response] = nil }
    }

    private func speak(
        _ request: Session.SynthesisRequest,
        of response: ResponseID
    ) async throws(EngineError) {
        var watch = CallWatch(.speech, metrics)
        var resampler: Resampler?
        let speech = SpeechRequest(
            text: request.text,
            voice: pipeline.engineVoice(for: request.voice),
            speed: request.speed,
            beginsSpeech: request.clause == 0
        )
        try await pipeline.speech.speak(speech) { frame in
            guard !Task.isCancelled else { return }
            watch.noteOutput()
            let samples = Self.resample(frame, with: &resampler)
            self.handleAudio(samples, of: response, clause: request.clause)
            await self.waitForPeer()
            watch.goOn()
        }
        watch.end()
        guard !Task.isCancelled, let rest = resampler?.finish() else { return }
        handleAudio(rest, of: response, clause: request.clause)
    }

    /// To the session's rate; a voice that changes its rate in the middle gets a new resampler.
    private static func resample(_ frame: AudioFrame, with resampler: inout Resampler?) -> [Int16] {
        if resampler?.inputRate != frame.sampleRate {
            resampler = Resampler(
                from: frame.sampleRate,
                to: AudioFormat.sessionSampleRate
            )
        }
        return resampler?.process(frame.samples) ?? []
    }

    private func handleAudio(_ samples: [Int16], of response: ResponseID, clause: Int) {
        guard !samples.isEmpty else { return }
        handle(.synthesis(response, .audio(clause: clause, AudioFrame(samples: samples))))
    }

    // MARK: Tasks

    private func cancel(_ response: ResponseID) {
        tasks.cancel(.generation(response))
        tasks.cancel(.synthesis(response))
        clauses[response] = nil
        passImageTurn(of: response)
    }

    func start(
        _ key: EffectKey,
        _ work: @escaping @Sendable (SessionDriver) async -> Void
    ) {
        tasks.start(key) { generation in
            Task(executorPreference: loop) {
                await work(self)
                await self.finish(key, generation)
            }
        }
    }

    private func finish(_ key: EffectKey, _ generation: Int) {
        guard let lasted = tasks.finish(key, generation) else { return }
        metrics.cancellation(key.role, lasted)
    }

    // MARK: The log

    /// From here on every line about the session bears the trace's id.
    private func trace(_ id: TraceID, _ tracing: Tracing) {
        log = log.with(["trace.id": id])
        var names: LogMetadata = [:]
        if case .configured(let wishes) = tracing {
            names["trace.workflow"] = wishes["workflow_name"]?.string
            names["trace.group"] = wishes["group_id"]?.string
            if let metadata = wishes["metadata"]?.object {
                log.debug("Trace described", ["trace.metadata": Private(metadata)])
            }
        }
        log.info("Session traced", names)
    }

    // MARK: Failures

    /// What the session is told of an error; nil when the call was cancelled and nobody waits for
    /// it.
    func failure(_ role: EngineRole, _ error: EngineError) -> Session.EngineFailure? {
        guard !Task.isCancelled, error.fault != .cancelled else { return nil }
        noteFailure(role, error)
        return Session.EngineFailure(role, error)
    }

    private func noteFailure(_ role: EngineRole, _ error: EngineError) {
        metrics.failure(role)
        log.warning(
            "Engine failed",
            [
                "engine.role": role.rawValue, "engine.fault": error.fault.rawValue,
                "engine.detail": error.detail,
            ]
        )
    }
}

extension Session.Generation {
    /// The engine's event in the session's terms.
    init(_ event: LanguageEvent) {
        switch event {
        case .text(let text): self = .text(text)
        case .toolCallStarted(_, let name): self = .toolCallStarted(name: name)
        case .toolCallArguments(let arguments): self = .toolCallArguments(arguments)
        }
    }
}

extension Session.GenerationResult {
    /// The engine's result in the session's terms.
    init(_ result: LanguageResult) {
        let incomplete: IncompleteReason? =
            switch result.finish {
            case .stop: nil
            case .maximumOutputTokens: .maximumOutputTokens
            case .contentFilter: .contentFilter
            }
        self.init(
            incomplete: incomplete,
            inputTokens: result.inputTokens,
            cachedTokens: result.cachedInputTokens,
            outputTokens: result.outputTokens
        )
    }
}
