internal import ParleyJSON
internal import ParleyNetwork

extension TalkMachine {
    /// Takes an event of the server.
    mutating func handle(_ message: ServerMessage, at now: Duration) -> [Output] {
        let shown: [Output] = script.showsEvents ? [.show(message.text)] : []
        return shown + react(to: message, at: now)
    }

    private mutating func react(to message: ServerMessage, at now: Duration) -> [Output] {
        switch message.type {
        case "session.created": return configure(message.json["session"])
        case "session.updated": return begin(message.json["session"], at: now)
        case "error": return failed(message.json["error"])
        case "input_audio_buffer.speech_started":
            turn.speechStarted(at: now)
            return stopListening(at: now)
        case "input_audio_buffer.speech_stopped": speechStopped(message.json, at: now)
        case "input_audio_buffer.committed":
            turn.committed(itemID: message.json["item_id"]?.string ?? "", at: now)
        case "conversation.item.input_audio_transcription.completed",
            "conversation.item.input_audio_transcription.failed":
            return transcribed(message.json, at: now)
        case "response.created":
            turn.responseCreated(message.json["response"]?["id"]?.string ?? "", at: now)
        case "response.output_audio.delta": heard(message, at: now)
        case "response.output_audio_transcript.delta", "response.output_text.delta",
            "response.function_call_arguments.delta":
            turn.progressed(at: now)
        case "response.done": return answered(message.json["response"], at: now)
        default: break
        }
        return []
    }

    // MARK: The session

    private mutating func configure(_ session: JSON?) -> [Output] {
        guard case .connecting = state else { return [] }
        state = .configuring
        var wish = ClientMessage.SessionWish(voice: script.voice)
        let detection = session?["audio"]?["input"]?["turn_detection"]
        // A server that waits for commits, or that does not answer by itself, is asked to.
        if detection?.object == nil || detection?["create_response"]?.bool == false {
            wish.turnDetection = .serverVAD(createsResponse: true)
        }
        let model = session?["model"]?.string ?? "?"
        return transcript("Connected; model \(model).")
            + [.send(ClientMessage.sessionUpdate(wish))]
    }

    private mutating func begin(_ session: JSON?, at now: Duration) -> [Output] {
        guard case .configuring = state else { return [] }
        let silence = session?["audio"]?["input"]?["turn_detection"]?["silence_duration_ms"]
        silenceDuration = silence?.integer.map { .milliseconds($0) }
        return nextTurn(at: now)
    }

    private mutating func failed(_ error: JSON?) -> [Output] {
        let message = error?["message"]?.string ?? "no message"
        let code = error?["code"]?.string.map { " (\($0))" } ?? ""
        switch state {
        case .connecting, .configuring:
            return finish(.notConnected("the server refused the session: \(message)\(code)"))
        case .talking, .typing, .finished:
            return [.complain("error: \(message)\(code)")]
        }
    }

    // MARK: The user

    private mutating func speechStopped(_ event: JSON, at now: Duration) {
        let end = Duration.milliseconds(event["audio_end_ms"]?.integer ?? 0)
        // `audio_end_ms` includes the silence that ended the turn.
        let position = max(end - (silenceDuration ?? .zero), .zero)
        turn.speechStopped(speechEnd: microphone?.spokenAt(position) ?? now, at: now)
    }

    private mutating func transcribed(_ event: JSON, at now: Duration) -> [Output] {
        turn.transcribed(itemID: event["item_id"]?.string ?? "", at: now)
        if let text = event["transcript"]?.string {
            return transcript("You:    \(text.isEmpty ? "(nothing understood)" : text)")
        }
        let reason = event["error"]?["message"]?.string ?? "no reason given"
        return transcript("You:    (not transcribed: \(reason))")
    }

    // MARK: The answer

    private mutating func heard(_ message: ServerMessage, at now: Duration) {
        let isFirst = turn.audioCame(at: now)
        let itemID = message.json["item_id"]?.string ?? ""
        if let audio = message.audio { answers.append(audio, itemID: itemID, at: now) }
        if isFirst, mayInterrupt, let delay = script.interruptAfter {
            mayInterrupt = false
            interruptionDue = now + delay
        }
    }

    private mutating func answered(_ response: JSON?, at now: Duration) -> [Output] {
        let response = FinishedResponse(response)
        let reaction = reactionTime
        turn.responseDone(response, at: now)
        let text = response.text.isEmpty ? "(nothing)" : response.text
        switch response.status {
        case "completed": return transcript("Parley: \(text)") + timings(reaction)
        case "cancelled": return transcript("Parley: \(text) (interrupted)") + timings(reaction)
        case "incomplete":
            let reason = response.problem ?? "no reason given"
            return transcript("Parley: \(text) (incomplete: \(reason))") + timings(reaction)
        default:
            return transcript("Parley: (failed: \(response.problem ?? "no reason given"))")
        }
    }

    /// From the end of the question to the first audio of the answer.
    private var reactionTime: Duration? {
        guard let first = turn.firstAudioAt else { return nil }
        return (turn.speechEnd ?? turn.askedAt).map { first - $0 }
    }

    private func timings(_ reaction: Duration?) -> [Output] {
        guard let reaction, let item = answers.items.last else { return [] }
        let question = turn.speechEnd == nil ? "the question" : "the end of speech"
        return transcript(
            "        (first audio \(reaction.inSeconds.fixed(2)) s after \(question), "
                + "\(item.duration.inSeconds.fixed(2)) s of audio)"
        )
    }
}
