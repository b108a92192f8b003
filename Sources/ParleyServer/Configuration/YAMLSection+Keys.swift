internal import ParleyRealtime
internal import ParleyRemoteEngine
internal import ParleyYAML

extension YAMLSection {
    /// A list of keys: each a text, or a mapping of a name, a key or the variable that holds it,
    /// and what it opens.
    func apiKeys(_ key: String, environment: [String: String]) -> [APIKey]? {
        guard let node = node(key) else { return nil }
        guard case .sequence(let entries) = node.content, entries.contains(where: \.isMapping)
        else {
            let texts = strings(key) ?? []
            if let fault = texts.compactMap(APIKey.fault).first { return invalid(key, fault) }
            return checked(APIKey.numbered(texts), key)
        }
        return checked(
            (sections(key) ?? []).compactMap { $0.apiKey(environment: environment) },
            key
        )
    }

    private func checked(_ keys: [APIKey], _ key: String) -> [APIKey]? {
        if let fault = APIKey.repetition(in: keys) { return invalid(key, fault) }
        return keys
    }

    private func apiKey(environment: [String: String]) -> APIKey? {
        let secret = secret("key", environment: environment)
        let pipeline = string("pipeline")
        let dialect = choice("dialect", of: Dialect.self)
        let limits = section("limits")?.keyLimits()
        guard let name = string("name") else { return missing("name", expected: "text") }
        guard let secret else {
            guard !contains("key"), !contains("key_env") else { return nil }
            return missing("key", expected: "a key, or \"key_env\" with the variable that holds it")
        }
        if let fault = APIKey.fault(in: secret.revealed) { return invalid("key", fault) }
        guard var key = APIKey(name: name, text: secret.revealed) else { return nil }
        key.pipeline = pipeline
        key.dialect = dialect
        key.limits = limits ?? KeyLimits()
        return key
    }

    private func keyLimits() -> KeyLimits {
        var limits = KeyLimits()
        limits.sessions = integer("sessions", in: KeyLimits.sessionRange)
        limits.sessionsPerMinute = integer(
            "sessions_per_minute",
            in: KeyLimits.sessionsPerMinuteRange
        )
        limits.minutesPerDay = integer("minutes_per_day", in: KeyLimits.minutesPerDayRange)
        return limits
    }
}

extension APIKey {
    /// Keys that have no names get numbers.
    static func numbered(_ texts: [String]) -> [APIKey] {
        texts.enumerated().compactMap { APIKey(name: "key-\($0 + 1)", text: $1) }
    }

    /// What two of the keys have in common that no two may; nil for nothing.
    static func repetition(in keys: [APIKey]) -> String? {
        if Set(keys.map(\.name)).count != keys.count { return "two keys have the same name" }
        if Set(keys.map(\.digest)).count != keys.count { return "two entries are the same key" }
        return nil
    }
}

extension YAMLNode {
    fileprivate var isMapping: Bool {
        if case .mapping = content { return true }
        return false
    }
}
