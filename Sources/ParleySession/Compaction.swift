internal import ParleyRealtime

/// When a long conversation's oldest turns are rewritten in fewer words, and how far that is.
///
/// A model writes the summary while the conversation goes on; no turn waits for it. What has no
/// summary yet when the context is full leaves by the rules of `truncation`.
struct Compaction: Sendable {
    enum Stage: Sendable, Equatable {
        /// The conversation is not too long. Next: ``writing(_:)``.
        case watching
        /// A model writes a summary of these items. Next: ``watching``.
        case writing([ItemID])
    }

    private let rules: Session.CompactionRules?
    private(set) var stage = Stage.watching
    /// Items of the conversation from which it is tried again after a failure.
    private var leastItemCount = 0

    init(_ rules: Session.CompactionRules?) {
        self.rules = rules
    }

    /// Begins a summary of the turns that are too many.
    ///
    /// - Returns: What to summarise; nil where there is nothing to be done, or no text for it yet.
    mutating func begin(_ context: ModelContext) -> Session.SummaryRequest? {
        guard let rules, case .watching = stage, context.isComplete,
            context.exceeds(rules.limit), context.itemCount >= leastItemCount
        else { return nil }
        var rest = context
        let slots = rest.dropTurns { $0.exceeds(rules.kept) }
        let turns = slots.compactMap { $0.entry(isNewest: false) }
        guard !turns.isEmpty else { return nil }
        stage = .writing(slots.compactMap(\.itemID))
        return Session.SummaryRequest(
            previous: context.summary,
            turns: turns,
            maximumTokenCount: Self.tokenCount
        )
    }

    /// How long a summary may be: a page.
    private static let tokenCount = 400
    /// After a failure two more turns are to come before it is tried again.
    private static let itemsBetweenTrials = 4

    /// Takes what the model wrote; nil where it failed.
    ///
    /// - Returns: What the text is about; nil where nothing can be done with it.
    mutating func finish(_ text: String?, _ context: ModelContext) -> [ItemID]? {
        guard case .writing(let items) = stage else { return nil }
        stage = .watching
        guard text?.isEmpty == false else {
            leastItemCount = context.itemCount + Self.itemsBetweenTrials
            return nil
        }
        leastItemCount = 0
        return items
    }
}

extension ModelContext {
    fileprivate func exceeds(_ size: Session.CompactionRules.Size) -> Bool {
        itemCount > size.itemCount || tokenCount > size.tokenCount
    }
}
