internal import ParleyRealtime

// How a translation session goes on with time, and how it ends.

extension TranslationSession {
    /// Does what is due.
    mutating func expire(at now: Instant) {
        guard now < expiry else { return close(.expired(limits, &outbox)) }
        for resolution in transcriptions.expire(at: now, to: &outbox) { resolve(resolution) }
        if let active, active.deadline <= now { fail(.overdue("The model")) }
    }

    /// Says goodbye.
    mutating func close(_ reason: Session.CloseReason) {
        end()
        outbox.perform(.closeConnection(reason))
    }

    /// Stops all work without a word.
    mutating func end() {
        transcriptions.cancelAll(to: &outbox)
        heard = []
        if let active, active.hasRunningEngines { outbox.perform(.cancel(active.id)) }
        active = nil
        life = .closed
    }

    /// What this input led to; if it was impossible, the end of the session.
    mutating func finished() -> [Session.Output] {
        if let fault = outbox.poison, life != .closed { close(.faulty(fault, &outbox)) }
        return outbox.take()
    }
}
