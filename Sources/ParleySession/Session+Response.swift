internal import ParleyRealtime

// Responses: from `response.create` to `response.done`.

extension Session {
    /// Begins a response, if it can be.
    mutating func createResponse(
        _ options: ResponseOptions,
        for event: EventID?,
        at now: Instant
    ) {
        switch plan(options, at: now) {
        case .failure(let error): outbox.fail(error, for: event)
        case .success(let plan):
            var response = ActiveResponse(plan, limits: birth.limits, at: now)
            idle.stop()
            if plan.isInConversation { continuation.isOwed = false }
            outbox.send(.responseCreated(response.announcement()))
            if birth.dialect.isBeta { reportRateLimits() }
            findServers(for: &response, options, at: now)
            responses.add(response)
            advance(plan.id, at: now)
        }
    }

    mutating func cancelResponse(_ id: ResponseID?, for event: EventID?, at now: Instant) {
        guard let active = id ?? responses.inConversation else {
            return outbox.fail(.nothingToCancel("no response is in progress"), for: event)
        }
        guard responses.isInProgress(active) else {
            let name = active.rawValue.quoted
            return outbox.fail(
                .nothingToCancel("response \(name) is not in progress"),
                for: event
            )
        }
        end(active, .cancelled(.clientCancelled), at: now)
    }

    /// Ends a response that is in progress.
    mutating func end(_ id: ResponseID, _ status: ResponseStatus, at now: Instant) {
        guard var response = responses.remove(id) else {
            outbox.poison("A response ended twice")
            return
        }
        let playoutEnd = response.playoutEnd(at: now)
        response.end(status, in: &conversation, to: &outbox)
        if !birth.dialect.isBeta { reportRateLimits() }
        let isAnswered = status.isAnswer && response.plan.isInConversation && input.segment == nil
        if isAnswered { waitForUser(after: playoutEnd) }
        if response.plan.isInConversation { compact(at: now) }
        noteToolEnd(of: id, at: now)
        if isAnswered { payContinuation(at: now) }
    }

    /// Silence after an answer that makes the session speak up.
    ///
    /// Beta has no event that tells of it: a turn would come out of nothing.
    ///
    /// - Source: Realtime protocol, "Events" of GA and beta.
    var idleTimeout: Duration? {
        birth.dialect.isBeta ? nil : configuration.input.turnDetection?.idleTimeout
    }

    private mutating func waitForUser(after playout: Instant) {
        guard let timeout = idleTimeout else { return idle.stop() }
        idle.start(IdleTimer.Wait(timeout: timeout, position: input.buffer.end), after: playout)
    }

    /// Asks for what the limits of the client's key leave, where it wants to hear that.
    ///
    /// - Source: Realtime protocol, "Open points": after the end of a response in GA, after its
    ///   beginning in beta.
    private mutating func reportRateLimits() {
        if birth.reportsRateLimits { outbox.perform(.reportRateLimits) }
    }

    /// Lets a response take its next step, if there is one.
    mutating func advance(_ id: ResponseID, at now: Instant) {
        switch responses.step(of: id) {
        case .wait, nil: break
        case .startGeneration: runModel(id, at: now)
        case .end(let status): end(id, status, at: now)
        }
    }

    /// Hands a response to the model, with the tools that are there by now.
    private mutating func runModel(_ id: ResponseID, at now: Instant) {
        guard let response = responses[id] else { return }
        let wanted = response.plan.configuration
        var table = ToolTable(wanted.tools, response.uses, toolServers)
        guard let choice = table.narrow(to: wanted.toolChoice) else {
            return end(id, .failed(.noSuchTool), at: now)
        }
        let failure = responses.update(id, &conversation, &outbox) {
            $0.startGeneration(table, choice, at: now, in: &$1, to: &$2)
        }
        if let failure { end(id, .failed(failure), at: now) }
    }

    /// Accepts a report of the model; one about a response that has ended is stale.
    mutating func accept(_ report: Generation, of id: ResponseID, at now: Instant) {
        let closed = responses.update(id, &conversation, &outbox) {
            $0.closeCall(before: report, in: &$1, to: &$2)
        }
        if let closed { admit(closed, at: now) }
        _ = responses.update(id, &conversation, &outbox) {
            $0.accept(report, at: now, in: &$1, to: &$2)
        }
        advance(id, at: now)
    }

    /// Accepts a report of the synthesiser; one about a response that has ended is stale.
    mutating func accept(_ report: Synthesis, of id: ResponseID, at now: Instant) {
        let voice = responses.update(id, &conversation, &outbox) { response, _, outbox in
            response.accept(report, at: now, to: &outbox)
            return response.hasSpoken ? response.plan.configuration.output.voice : nil
        }
        guard responses.isInProgress(id) else { return }
        voiceHeard = voiceHeard ?? voice
        if case .failed(let failure) = report { return end(id, .failed(failure), at: now) }
        advance(id, at: now)
    }
}

extension ResponseStatus {
    /// Something was said that a user may answer.
    fileprivate var isAnswer: Bool {
        switch self {
        case .completed, .incomplete: true
        case .inProgress, .cancelled, .failed: false
        }
    }
}

extension ProtocolError {
    fileprivate static func nothingToCancel(_ reason: String) -> Self {
        Self(.noResponseToCancel, "Cancellation failed: \(reason).")
    }
}

extension Session.EngineFailure {
    /// The model must call what is not there.
    fileprivate static let noSuchTool = Self(
        code: "tool_unavailable",
        message: "The tool that must be called is not offered, or its server has not listed it yet."
    )
}
