internal import ParleySession
internal import ParleyYAML

/// Reads when and how far a pipeline's long conversations are summarised.
struct CompactionReader {
    /// How many items the model is handed at most.
    let historyItemCount: Int?

    /// What holds where the file names no size.
    private static let tokenCount = 6_000

    /// Reads the section, LocalAI's `trigger_items` among it; what is wrong is noted there.
    func rules(_ section: YAMLSection) -> Session.CompactionRules? {
        let items = section.integer("trigger_items", in: 2...100_000)
        let keptItems = section.integer("keep_items", in: 1...100_000)
        let tokens = section.integer("above_tokens", in: 100...1_000_000)
        let keptTokens = section.integer("keep_tokens", in: 0...1_000_000)
        if keptItems != nil, items == nil {
            return section.invalid("keep_items", "has no meaning without \"trigger_items\"")
        }
        if keptTokens != nil, tokens == nil, items != nil {
            return section.invalid("keep_tokens", "has no meaning without \"above_tokens\"")
        }
        var rules = Session.CompactionRules(limit: .init(), kept: .init())
        if let items {
            rules.limit.itemCount = items
            rules.kept.itemCount = keptItems ?? min(historyItemCount ?? items, items / 2)
        }
        if tokens != nil || items == nil {
            rules.limit.tokenCount = tokens ?? Self.tokenCount
            rules.kept.tokenCount = keptTokens ?? rules.limit.tokenCount / 3
        }
        return check(rules, section)
    }

    private func check(
        _ rules: Session.CompactionRules,
        _ section: YAMLSection
    ) -> Session.CompactionRules? {
        for (key, kept, limit) in [
            ("keep_items", rules.kept.itemCount, rules.limit.itemCount),
            ("keep_tokens", rules.kept.tokenCount, rules.limit.tokenCount),
        ] where kept != .max && kept >= limit {
            return section.invalid(key, "found \(kept), expected less than the limit of \(limit)")
        }
        return rules
    }
}
