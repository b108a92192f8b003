internal import ParleyJSON

/// The members of a server event that follow `type` and `event_id`.
///
/// Dialects agree on the members of events; they differ in sessions, items, parts and responses.
///
/// - Source: Realtime protocol, "Server events", "GA and beta mapping", "Sample objects".
struct EventMembers {
    let body: ServerEvent.Body
    let dialect: Dialect

    /// Names every event, so that the compiler asks for a new one here.
    func write(to json: inout JSONWriter) {
        switch body {
        case .sessionCreated(let session), .sessionUpdated(let session):
            json.member("session", WrittenSession(session, in: dialect))
        case .error(let error, let id):
            json.error(error.named(in: dialect), clientEventID: id)
        case .inputAudioBufferSpeechStarted(let start, let item): json.speech(start: start, item)
        case .inputAudioBufferSpeechStopped(let end, let item): json.speech(end: end, item)
        case .inputAudioBufferCommitted(let item, let previous):
            json.committed(item, after: previous)
        case .inputAudioBufferTimeoutTriggered(let start, let end, let item):
            json.timeout(start: start, end: end, item)
        case .inputAudioBufferDTMFEventReceived(let key, let time): json.dtmf(key, at: time)
        case .inputAudioBufferCleared: break
        case .conversationCreated, .conversationItemAdded, .conversationItemDone,
            .conversationItemRetrieved, .conversationItemDeleted, .conversationItemTruncated,
            .conversationItemInputAudioTranscriptionDelta,
            .conversationItemInputAudioTranscriptionCompleted,
            .conversationItemInputAudioTranscriptionSegment,
            .conversationItemInputAudioTranscriptionFailed:
            writeConversationMembers(to: &json)
        case .responseCreated, .responseDone, .responseOutputItemAdded, .responseOutputItemDone,
            .responseContentPartAdded, .responseContentPartDone, .responseOutputTextDelta,
            .responseOutputTextDone, .responseOutputAudioTranscriptDelta,
            .responseOutputAudioTranscriptDone, .responseOutputAudioDelta, .responseOutputAudioDone,
            .responseFunctionCallArgumentsDelta, .responseFunctionCallArgumentsDone,
            .responseMCPCallArgumentsDelta, .responseMCPCallArgumentsDone,
            .responseMCPCallInProgress, .responseMCPCallCompleted, .responseMCPCallFailed:
            writeResponseMembers(to: &json)
        case .mcpListToolsInProgress(let item), .mcpListToolsCompleted(let item),
            .mcpListToolsFailed(let item):
            json.member("item_id", item.rawValue)
        case .outputAudioBufferStarted(let response), .outputAudioBufferStopped(let response),
            .outputAudioBufferCleared(let response):
            json.member("response_id", response.rawValue)
        case .rateLimitsUpdated(let limits):
            json.member("rate_limits", limits)
        case .sessionInputTranscriptDelta(let delta, let elapsed),
            .sessionOutputTranscriptDelta(let delta, let elapsed):
            json.translation(delta: delta, elapsed: elapsed)
        case .sessionOutputAudioDelta(let audio, let elapsed):
            json.translation(audio: audio, elapsed: elapsed)
        case .sessionClosed: break
        }
    }

    /// Only for events that ``write(to:)`` has named as the conversation's.
    private func writeConversationMembers(to json: inout JSONWriter) {
        switch body {
        case .conversationCreated(let id): json.conversation(id)
        case .conversationItemAdded(let item, let previous),
            .conversationItemDone(let item, let previous):
            json.item(WrittenItem(item: item, dialect: dialect), after: previous)
        case .conversationItemRetrieved(let item):
            json.member("item", WrittenItem(item: item, dialect: dialect, showsAudio: true))
        case .conversationItemDeleted(let item): json.member("item_id", item.rawValue)
        case .conversationItemTruncated(let item, let index, let end):
            json.truncated(item, contentIndex: index, audioEnd: end)
        case .conversationItemInputAudioTranscriptionDelta(
            let item,
            let index,
            let text,
            let logprobs
        ):
            json.transcription(item, index, delta: text, logprobs)
        case .conversationItemInputAudioTranscriptionCompleted(
            let item,
            let index,
            let text,
            let usage,
            let logprobs
        ):
            json.transcription(item, index, transcript: text, usage, logprobs)
        case .conversationItemInputAudioTranscriptionSegment(let item, let segment):
            json.transcription(item, segment)
        case .conversationItemInputAudioTranscriptionFailed(let item, let index, let error):
            json.transcription(item, index, error)
        default: break
        }
    }

    /// Only for events that ``write(to:)`` has named as a response's.
    private func writeResponseMembers(to json: inout JSONWriter) {
        switch body {
        case .responseCreated(let response), .responseDone(let response):
            json.member("response", WrittenResponse(response: response, dialect: dialect))
        case .responseOutputItemAdded(let response, let index, let item),
            .responseOutputItemDone(let response, let index, let item):
            json.outputItem(WrittenItem(item: item, dialect: dialect), response, index)
        case .responseContentPartAdded(let place, let part),
            .responseContentPartDone(let place, let part):
            json.part(part, at: place, dialect)
        case .responseOutputTextDelta(let place, let delta),
            .responseOutputAudioTranscriptDelta(let place, let delta):
            json.part("delta", delta, at: place)
        case .responseOutputTextDone(let place, let text): json.part("text", text, at: place)
        case .responseOutputAudioTranscriptDone(let place, let text):
            json.part("transcript", text, at: place)
        case .responseOutputAudioDelta(let place, let audio): json.part(audio: audio, at: place)
        case .responseOutputAudioDone(let place): json.place(place)
        case .responseFunctionCallArgumentsDelta(let call, let delta): json.call(call, delta: delta)
        case .responseFunctionCallArgumentsDone(let call, let name, let arguments):
            json.call(call, name: name, arguments: arguments)
        case .responseMCPCallArgumentsDelta(let response, let item, let index, let delta):
            json.mcpCall(response, item, index, delta: delta)
        case .responseMCPCallArgumentsDone(let response, let item, let index, let arguments):
            json.mcpCall(response, item, index, arguments: arguments)
        case .responseMCPCallInProgress(let item, let index),
            .responseMCPCallCompleted(let item, let index),
            .responseMCPCallFailed(let item, let index):
            json.mcpCall(item, index)
        default: break
        }
    }
}
