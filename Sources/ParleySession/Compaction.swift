internal import ParleyRealtime

/// When a long conversation's oldest turns are rewritten in fewer words, and how far that is.
///
/// A model writes the summary while the conversation goes on; no turn waits for it. What has no
/// summary yet when the context is full leaves by the rules of `truncation`.
struct Compaction: Sendable {
    enum Stage: Sendable, Equatable {
        /// The conversation is not too long. Next: ``writing(_:)``.
        case watching
        /// A model writes a summary. Next: ``watching``.
        case writing(Draft)
    }

    /// A summary that is being written.
    struct Draft: Sendable, Equatable {
        /// What it tells of, beside what the summary before did.
        var items: [ItemID]
        /// The text of the summary before.
        var previous: String?
        /// When the model is given up.
        var deadline: Instant
    }

    private let rules: Session.CompactionRules?
    private(set) var stage = Stage.watching
    /// Items of the conversation from which it is tried again after a failure.
    private var leastItemCount = 0

    init(_ rules: Session.CompactionRules?) {
        self.rules = rules
    }

    /// Whether a conversation may be too long.
    var isWatching: Bool { rules != nil && stage == .watching }

    /// When the model is given up that writes.
    var deadline: Instant? {
        if case .writing(let draft) = stage { draft.deadline } else { nil }
    }

    /// Begins a summary of the turns that are too many.
    ///
    /// - Parameters:
    ///   - context: What the model reads now.
    ///   - deadline: When it is given up.
    /// - Returns: What to summarise; nil where there is nothing to be done, or no text for it yet.
    mutating func begin(
        _ context: ModelContext,
        until deadline: Instant
    ) -> Session.SummaryRequest? {
        guard let rules, isWatching, context.isComplete,
            context.size.exceeds(rules.limit), context.itemCount >= leastItemCount
        else { return nil }
        var rest = context
        let slots = rest.dropTurns { $0.exceeds(rules.kept) }
        let turns = slots.compactMap { $0.entry(isNewest: false) }
        guard !turns.isEmpty else { return nil }
        let draft = Draft(
            items: slots.compactMap(\.itemID),
            previous: context.summary,
            deadline: deadline
        )
        stage = .writing(draft)
        return Session.SummaryRequest(
            previous: draft.previous,
            turns: turns,
            maximumTokenCount: Limits.summaryTokenCount,
            maximumByteCount: Limits.summaryByteCount
        )
    }

    /// Takes what the model wrote; nil where it failed.
    ///
    /// - Returns: What the text is about; nil where nothing can be done with it.
    mutating func finish(_ text: String?, _ context: ModelContext) -> Draft? {
        guard case .writing(let draft) = stage else { return nil }
        stage = .watching
        guard let text, !text.isEmpty, text.utf8.count <= Limits.summaryByteCount else {
            leastItemCount = context.itemCount + Limits.summaryRetryItemCount
            return nil
        }
        leastItemCount = 0
        return draft
    }
}

extension Session.CompactionRules.Size {
    fileprivate func exceeds(_ size: Self) -> Bool {
        itemCount > size.itemCount || tokenCount > size.tokenCount
    }
}
