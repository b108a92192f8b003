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
            let response = ActiveResponse(plan, limits: birth.limits, at: now)
            idle.stop()
            outbox.send(.responseCreated(response.announcement()))
            if birth.dialect.isBeta { reportRateLimits() }
            responses.add(response)
            advance(plan.id, at: now)
        }
    }

    mutating func cancelResponse(_ id: ResponseID?, for event: EventID?, at now: Instant) {
        let isActive = id.map { responses.ids.contains($0) } ?? true
        guard isActive, let active = id ?? responses.inConversation else {
            let subject = id.map { "response '\($0.rawValue.prefix(64))'" } ?? "no response"
            outbox.fail(
                ProtocolError(
                    .noResponseToCancel,
                    "Cancellation failed: \(subject) is \(id == nil ? "" : "not ")in progress."
                ),
                for: event
            )
            return
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
        guard status.isAnswer, response.plan.isInConversation, input.segment == nil else { return }
        idle.start(after: playoutEnd, timeout: configuration.input.turnDetection?.idleTimeout)
    }

    /// Asks for what the limits of the client's key leave, where it wants to hear that.
    ///
    /// - Source: Realtime protocol, "Open points", 4: after the end of a response in GA, after its
    ///   beginning in beta.
    private mutating func reportRateLimits() {
        if birth.reportsRateLimits { outbox.perform(.reportRateLimits) }
    }

    /// Lets a response take its next step, if there is one.
    mutating func advance(_ id: ResponseID, at now: Instant) {
        switch responses.step(of: id) {
        case .wait, nil: break
        case .generate:
            _ = responses.update(id, &conversation, &outbox) { response, _, outbox in
                response.generate(at: now, to: &outbox)
            }
        case .end(let status): end(id, status, at: now)
        }
    }

    /// Takes a report of the model; one about a response that has ended is stale.
    mutating func generate(_ id: ResponseID, _ report: Generation, at now: Instant) {
        let taken: Void? = responses.update(id, &conversation, &outbox) {
            $0.take(report, at: now, in: &$1, to: &$2)
        }
        guard taken != nil else { return }
        if case .failed(let failure) = report { return end(id, .failed(failure), at: now) }
        advance(id, at: now)
    }

    /// Takes a report of the synthesiser; one about a response that has ended is stale.
    mutating func synthesize(_ id: ResponseID, _ report: Synthesis, at now: Instant) {
        let hasSpoken = responses.update(id, &conversation, &outbox) { response, _, outbox in
            response.take(report, at: now, to: &outbox)
            return response.hasSpoken
        }
        guard let hasSpoken else { return }
        isVoiceLocked = isVoiceLocked || hasSpoken
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
