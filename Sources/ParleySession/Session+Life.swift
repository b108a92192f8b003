internal import ParleyRealtime

// How a session goes on with time, and how it ends.

extension Session {
    /// Does what is due.
    mutating func expire(at now: Instant) {
        guard now < expiry else {
            return close(.expired(birth.limits, &outbox))
        }
        for resolution in transcriptions.expire(at: now, to: &outbox) {
            resolve(resolution, at: now)
        }
        expireTools(at: now)
        expireCompaction(at: now)
        if let wait = idle.fire(at: now) { endSilence(wait, at: now) }
        while let id = responses.overdue(at: now) {
            end(id, .failed(.overdue("The model")), at: now)
        }
    }

    /// Says why the session can't go on, and ends it.
    mutating func evict(_ error: ProtocolError) {
        close(.evicted(error, &outbox))
    }

    /// Says goodbye.
    mutating func close(_ reason: CloseReason) {
        end()
        outbox.perform(.closeConnection(reason))
    }

    /// Stops all work without a word.
    mutating func end() {
        transcriptions.cancelAll(to: &outbox)
        for id in responses.ids {
            if let response = responses.remove(id), response.hasRunningEngines {
                outbox.perform(.cancel(id))
            }
        }
        endTools()
        endCompaction()
        life = .closed
    }

    /// What this input led to; if it was impossible, the end of the session.
    mutating func finished() -> [Output] {
        for id in conversation.takeForgotten() { dropTranscription(of: id) }
        if let fault = outbox.poison, life != .closed { close(.faulty(fault, &outbox)) }
        return outbox.take()
    }
}
