internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRemoteEngine
internal import ParleyYAML

extension YAMLSection {
    /// A list of keys: each a text, or a mapping of a name, a key or the variable that holds it,
    /// and what it opens.
    func apiKeys(_ key: String, environment: [String: String]) -> [APIKey]? {
        guard let node = node(key) else { return nil }
        if node.isMapping {
            let expected = "a list of keys, or of mappings with \"name\" and \"key\""
            return invalid(key, "found a mapping, expected \(expected)")
        }
        guard case .sequence(let entries) = node.content, entries.contains(where: \.isMapping)
        else {
            guard let texts = strings(key) else { return nil }
            for (index, text) in texts.enumerated() {
                guard let fault = APIKey.fault(in: text) else { continue }
                invalid(key, at: index, fault) as Void?
            }
            return checked(APIKey.numbered(texts), of: texts.count, key)
        }
        let keys = (sections(key) ?? []).compactMap { $0.apiKey(environment: environment) }
        return checked(keys, of: entries.count, key)
    }

    /// Keys that are each in order; what they have in common is told where all of them are.
    private func checked(_ keys: [APIKey], of count: Int, _ key: String) -> [APIKey]? {
        guard keys.count == count, let (index, fault) = APIKey.repetition(in: keys) else {
            return keys
        }
        return invalid(key, at: index, fault)
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

    /// The first key that has something in common with one before it that no two may, and what;
    /// nil for none.
    static func repetition(in keys: [APIKey]) -> (index: Int, fault: String)? {
        var names: Set<String> = []
        var digests: Set<SecretDigest> = []
        for (index, key) in keys.enumerated() {
            if !names.insert(key.name).inserted {
                return (index, "two keys have the same name, \"\(key.name)\"")
            }
            if !digests.insert(key.digest).inserted {
                return (index, "two entries are the same key")
            }
        }
        return nil
    }
}

extension YAMLNode {
    fileprivate var isMapping: Bool {
        if case .mapping = content { return true }
        return false
    }
}
