internal import ParleyRealtime

// Long conversations, told in fewer words.

extension Session {
    /// Has the oldest turns summarised where they are too many.
    mutating func compact() {
        guard let request = compaction.begin(ModelContext(conversation)) else { return }
        outbox.perform(.summarize(request))
    }

    /// Takes a summary, or hears that there is none.
    mutating func take(_ summary: Summary) {
        let text: String? = if case .written(let text) = summary { text } else { nil }
        guard let items = compaction.finish(text, ModelContext(conversation)), let text else {
            return
        }
        conversation.summarize(items, as: text)
    }

    /// Nobody needs the summary any more.
    mutating func endCompaction() {
        if case .writing = compaction.stage { outbox.perform(.cancelSummary) }
    }
}
