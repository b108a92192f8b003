internal import ParleyRealtime

// Long conversations, told in fewer words.

extension Session {
    /// Has the oldest turns summarised where they are too many.
    mutating func compact(at now: Instant) {
        guard compaction.isWatching else { return }
        let deadline = now + birth.limits.responseWait
        let request = compaction.begin(ModelContext(conversation), until: deadline)
        if let request { outbox.perform(.startSummary(request)) }
    }

    /// Accepts a summary, or hears that there is none.
    mutating func accept(_ summary: Summary) {
        let text: String? = if case .written(let text) = summary { text } else { nil }
        guard let draft = compaction.finish(text, ModelContext(conversation)), let text else {
            return
        }
        conversation.summarize(draft.items, as: text, after: draft.previous)
    }

    /// Gives a summary up that takes too long.
    mutating func expireCompaction(at now: Instant) {
        guard let deadline = compaction.deadline, deadline <= now else { return }
        outbox.perform(.cancelSummary)
        _ = compaction.finish(nil, ModelContext(conversation))
    }

    /// Nobody needs the summary any more.
    mutating func endCompaction() {
        if compaction.deadline != nil { outbox.perform(.cancelSummary) }
    }
}
