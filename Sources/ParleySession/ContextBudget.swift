internal import ParleyRealtime

/// How much of a conversation the model is handed, and what is left out when it is more.
///
/// Whole turns leave, the oldest first; what the application wrote as `system` stays, and so does
/// the newest turn. Items that leave stay in the conversation. Tokens are estimated as
/// ``UsageMeter`` does.
///
/// - Source: Realtime protocol, "Truncation and context budget".
struct ContextBudget: Sendable, Equatable {
    /// Entries beside what the application wrote as `system`; nil: as many as there are.
    private let itemLimit: Int?
    /// Tokens for everything after the instructions and tools; nil: the model decides.
    private let limit: Int?
    /// Tokens to come down to when there are more.
    private let target: Int
    /// Nothing may be left out.
    private let isDisabled: Bool
    /// What was left out once stays out, so that the model finds the same beginning for several
    /// turns.
    let isFinal: Bool

    init(_ configuration: SessionConfiguration, _ tools: [FunctionTool], limits: Limits) {
        itemLimit = limits.contextItemCount
        let instructions =
            UsageMeter.tokens(configuration.instructions.text.utf8.count)
            + UsageMeter.tokens(of: tools)
        var limit = limits.contextTokenCount.map { max(0, $0 - instructions) }
        var ratio = 1.0
        switch configuration.truncation {
        case .auto: (isDisabled, isFinal) = (false, false)
        case .disabled: (isDisabled, isFinal) = (true, false)
        case .retentionRatio(let wanted, let tokens):
            (isDisabled, isFinal) = (false, true)
            ratio = min(max(wanted, 0), 1)
            if let tokens { limit = min(limit ?? tokens, max(0, tokens)) }
        }
        self.limit = limit
        target = Int(Double(min(limit ?? 0, 1 << 40)) * ratio)
    }

    /// Why a context can't be handed over; nil when it can, whole or in part.
    func failure(of context: ModelContext) -> Session.EngineFailure? {
        var context = context
        dropItems(of: &context)
        guard isDisabled, let limit, context.tokenCount > limit else { return nil }
        return Session.EngineFailure(
            code: "context_length_exceeded",
            message:
                "The conversation is longer than the model's context, and truncation is disabled."
        )
    }

    /// Leaves out turns until the rest fits.
    ///
    /// What the operator allows at most counts whatever the session says of truncation.
    ///
    /// - Returns: The items of what left by the session's own rule.
    func apply(to context: inout ModelContext) -> [ItemID] {
        dropItems(of: &context)
        guard !isDisabled, let limit, context.tokenCount > limit else { return [] }
        return context.dropTurns { $0.tokenCount > target }.compactMap(\.itemID)
    }

    private func dropItems(of context: inout ModelContext) {
        guard let itemLimit else { return }
        _ = context.dropTurns { $0.itemCount > itemLimit }
    }
}
