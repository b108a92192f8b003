internal import ParleyJSON
internal import ParleyRealtime

// How one member of an update changes a value.

extension Hashable where Self: Sendable {
    /// Merges what an update says, or a default for `null`.
    mutating func merge(_ change: Change<Self>, default fallback: @autoclosure () -> Self) {
        switch change {
        case .keep: break
        case .reset: self = fallback()
        case .set(let value): self = value
        }
    }
}

extension Optional where Wrapped: Sendable & Hashable {
    /// Merges what an update says; `null` switches off, or goes back to a default.
    mutating func merge(_ change: Change<Wrapped>, default fallback: Wrapped? = nil) {
        switch change {
        case .keep: break
        case .reset: self = fallback
        case .set(let value): self = value
        }
    }
}

extension Change<Tracing> {
    /// Whether tracing stays as it is.
    func keeps(_ tracing: Tracing) -> Bool {
        switch (self, tracing) {
        case (.keep, _), (.set(.auto), .auto): true
        case (.set(.configured(let new)), .configured(let old)):
            JSON.object(new).means(.object(old))
        case (.reset, _), (.set(.auto), .configured), (.set(.configured), .auto): false
        }
    }
}

extension JSON {
    /// Whether two values say the same, as a client's JSON library may have written it anew: whole
    /// numbers with a fraction or without, members that are null or absent.
    fileprivate func means(_ other: JSON) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.members.allSatisfy { $0.value.means(right[$0.key] ?? .null) }
                && right.members.allSatisfy { left[$0.key] != nil || $0.value.isNull }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        case (.integer, .number), (.number, .integer): number == other.number
        case (.null, _), (.bool, _), (.integer, _), (.number, _), (.string, _), (.array, _),
            (.object, _):
            self == other
        }
    }
}

extension InputTranscription {
    /// The configuration after an update of some members; a lone `language` keeps the model.
    func merging(_ members: TranscriptionUpdate, default model: String?) -> Self {
        var merged = self
        merged.model.merge(members.model)
        merged.model = merged.model ?? model
        merged.language.merge(members.language)
        merged.prompt.merge(members.prompt)
        for member in members.extras.members {
            merged.extras[member.key] = member.value.isNull ? nil : member.value
        }
        return merged
    }
}

extension NoiseReduction {
    /// The reduction after an update of some members; nil while nobody has named a kind.
    static func merging(_ members: NoiseReductionUpdate, into old: Self?) -> Self? {
        (members.kind ?? old?.kind).map {
            NoiseReduction($0, strength: members.strength ?? old?.strength)
        }
    }
}

extension TurnDetection {
    /// Silence after an answer that makes the server speak up; only `server_vad` has it.
    var idleTimeout: Duration? {
        switch self {
        case .serverVAD(let vad): vad.idleTimeout
        case .semanticVAD: nil
        }
    }

    /// The detection after an update of some members: merged when the kind stays, built anew when
    /// it changes.
    ///
    /// Members that belong to the other kind are ignored: agents-js sends mixtures.
    static func merging(
        _ members: TurnDetectionUpdate,
        into old: Self?,
        default standard: ServerVAD
    ) -> Self {
        let kind = members.kind ?? old?.kind ?? .serverVAD
        switch (kind, old) {
        case (.serverVAD, .serverVAD(let vad)):
            return .serverVAD(vad.merging(members, default: standard))
        case (.serverVAD, .semanticVAD), (.serverVAD, nil):
            return .serverVAD(standard.merging(members, default: standard))
        case (.semanticVAD, .semanticVAD(let vad)):
            return .semanticVAD(vad.merging(members))
        case (.semanticVAD, .serverVAD), (.semanticVAD, nil):
            return .semanticVAD(SemanticVAD().merging(members))
        }
    }

    private var kind: TurnDetectionUpdate.Kind {
        switch self {
        case .serverVAD: .serverVAD
        case .semanticVAD: .semanticVAD
        }
    }
}

extension ServerVAD {
    fileprivate func merging(
        _ members: TurnDetectionUpdate,
        default standard: Self
    ) -> Self {
        var merged = self
        merged.threshold.merge(members.threshold, default: standard.threshold)
        merged.prefixPadding.merge(members.prefixPadding, default: standard.prefixPadding)
        merged.prefixPadding = min(merged.prefixPadding, Limits.prefixPadding)
        merged.silenceDuration.merge(members.silenceDuration, default: standard.silenceDuration)
        merged.idleTimeout.merge(members.idleTimeout)
        merged.createsResponse.merge(members.createsResponse, default: true)
        merged.interruptsResponse.merge(members.interruptsResponse, default: true)
        return merged
    }
}

extension SemanticVAD {
    fileprivate func merging(_ members: TurnDetectionUpdate) -> Self {
        var merged = self
        merged.eagerness.merge(members.eagerness, default: .auto)
        merged.createsResponse.merge(members.createsResponse, default: true)
        merged.interruptsResponse.merge(members.interruptsResponse, default: true)
        return merged
    }
}
