internal import ParleyRealtime

// What a client asks for: the branching; what each event does is beside its machine.

extension Session {
    mutating func handle(_ event: ClientEvent, at now: Instant) {
        switch event.body {
        case .sessionUpdate(let update): apply(update, for: event.id, at: now)
        case .inputAudioBufferAppend(let audio): input.append(audio, for: event.id, to: &outbox)
        case .inputAudioBufferCommit: commit(for: event.id, at: now)
        case .inputAudioBufferClear: clearInput()
        case .conversationItemCreate(let item, let position):
            createItem(item, at: position, for: event.id, at: now)
        case .conversationItemRetrieve(let id): retrieveItem(id, for: event.id)
        case .conversationItemDelete(let id): deleteItem(id, for: event.id)
        case .conversationItemTruncate(let id, let index, let end):
            truncateItem(id, contentIndex: index, audioEnd: end, for: event.id)
        case .responseCreate(let options): answer(options, for: event.id, at: now)
        case .responseCancel(let id): cancelResponse(id, for: event.id, at: now)
        case .outputAudioBufferClear: refuseOutputAudioBuffer(for: event.id)
        case .testTone: break
        case .sessionInputAudioBufferAppend, .sessionClose:
            outbox.fail(.foreignEvent(in: configuration.kind), for: event.id)
        }
    }

    private mutating func apply(_ update: SessionUpdate, for event: EventID?, at now: Instant) {
        let rules = ConfigurationUpdate(
            birth,
            voiceHeard: voiceHeard,
            isResponding: !responses.isIdle
        )
        switch rules.applied(update, to: configuration) {
        case .failure(let error): outbox.fail(error, for: event)
        case .success(let new):
            if update.tools != .keep, let error = sessionToolFault(new.tools, at: now) {
                return outbox.fail(error, for: event)
            }
            let wasTraced = configuration.tracing != nil
            if new.truncation != configuration.truncation { conversation.takeBack() }
            configuration = new
            if !wasTraced { trace() }
            configureInput()
            if idleTimeout == nil { idle.stop() }
            if update.tools != .keep { followTools(at: now) }
            outbox.send(.sessionUpdated(object))
        }
    }

    /// Has what the client traces found in the log, once.
    mutating func trace() {
        guard let tracing = configuration.tracing else { return }
        outbox.perform(.startTrace(outbox.ids.next(), tracing))
    }

    /// Transcription sessions answer nothing.
    private mutating func answer(_ options: ResponseOptions, for event: EventID?, at now: Instant) {
        switch configuration.kind {
        case .realtime:
            continuation = Continuation()
            createResponse(options, for: event, at: now)
        case .transcription, .translation:
            outbox.fail(
                ProtocolError(
                    .invalidValue,
                    "Found 'response.create', but a transcription session makes no responses.",
                    param: "type"
                ),
                for: event
            )
        }
    }

    /// Over WebSocket nothing is played here, so that there is no such buffer.
    private mutating func refuseOutputAudioBuffer(for event: EventID?) {
        outbox.fail(
            ProtocolError(
                .invalidValue,
                "Unknown event type 'output_audio_buffer.clear': this connection plays no audio.",
                param: "type"
            ),
            for: event
        )
    }
}

extension ProtocolError {
    /// The event makes sense in sessions of another kind only.
    ///
    /// Decoders know the kind, so that clients hardly ever hear this one.
    static func foreignEvent(in kind: SessionKind) -> Self {
        Self(.invalidValue, "A \(kind.rawValue) session has no such event.", param: "type")
    }
}
