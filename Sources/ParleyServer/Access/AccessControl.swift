internal import ParleyHTTP
internal import ParleyNetwork
internal import ParleyRealtime
internal import Synchronization

/// Says who may do what: knows the keys, keeps the client secrets and the ledger of the limits.
final class AccessControl: Sendable {
    /// What an operator decides; replaced as a whole when the configuration is read again.
    struct Policy: Sendable {
        var keys: KeyRing
        /// For keys that say nothing, and for everybody where no key is needed.
        var limits: KeyLimits

        init(_ server: ServerConfiguration) {
            keys = KeyRing(server.apiKeys)
            limits = server.keyLimits
        }

        func limits(of owner: Owner) -> KeyLimits {
            switch owner {
            case .anybody: limits
            case .key(let name): keys.named(name)?.limits.over(limits) ?? limits
            }
        }
    }

    /// What became of a request's credentials.
    enum Verdict: Sendable {
        case admitted(Caller)
        case missingKey
        case wrongKey
        /// The store of secrets can't be asked.
        case unavailable
    }

    private let policy: Mutex<Policy>
    private let ledger = Mutex(QuotaLedger())
    private let secrets: any SecretStore
    private let clock: AccessClock
    private let makeSecret: @Sendable () -> String
    private let log: Logger

    /// Makes the gate of a server.
    ///
    /// - Parameters:
    ///   - policy: Keys and limits.
    ///   - secrets: Where client secrets are kept.
    ///   - clock: Tells the time.
    ///   - log: For the operator.
    ///   - makeSecret: Letters and digits that nobody can guess.
    init(
        _ policy: Policy,
        secrets: any SecretStore,
        clock: AccessClock = .system,
        log: Logger,
        makeSecret: @escaping @Sendable () -> String = AccessControl.randomSecret
    ) {
        self.policy = Mutex(policy)
        self.secrets = secrets
        self.clock = clock
        self.log = log
        self.makeSecret = makeSecret
    }

    private static let randomSecret: @Sendable () -> String = {
        var random = SecureRandom()
        return random.identifier(length: SecretValue.length)
    }

    /// Unix seconds.
    var unixSeconds: Int { clock.now().unixSeconds }

    // MARK: Credentials

    /// Judges a request by the key or the client secret that it shows.
    func judge(_ request: HTTPRequest) async -> Verdict {
        let keys = policy.withLock { $0.keys }
        guard let shown = Credentials(request).key, !shown.isEmpty else {
            return keys.isOpen ? .admitted(Caller()) : .missingKey
        }
        if shown.hasPrefix(SecretValue.prefix) { return await judge(secret: shown, keys) }
        if let key = keys.key(matching: shown) { return .admitted(Caller(key: key)) }
        return keys.isOpen ? .admitted(Caller()) : .wrongKey
    }

    /// A secret is judged even where no key is needed: without it nobody knows which session was
    /// meant.
    private func judge(secret: String, _ keys: KeyRing) async -> Verdict {
        do {
            let digest = SecretDigest(of: secret)
            guard let record = try await secrets.record(under: digest, at: unixSeconds) else {
                return .wrongKey
            }
            guard let owner = record.owner else {
                return keys.isOpen ? .admitted(Caller(secret: record)) : .wrongKey
            }
            guard let key = keys[owner] else { return .wrongKey }
            return .admitted(Caller(key: key, secret: record))
        } catch {
            note(error)
            return .unavailable
        }
    }

    // MARK: Client secrets

    /// Makes a client secret for a session that was checked.
    ///
    /// - Returns: The secret, which is kept nowhere else.
    /// - Throws: ``SecretStoreError``
    func mint(_ record: SecretRecord) async throws(SecretStoreError) -> String {
        let secret = SecretValue.prefix + makeSecret()
        do {
            try await secrets.insert(record, under: SecretDigest(of: secret), at: unixSeconds)
        } catch {
            note(error)
            throw error
        }
        return secret
    }

    private func note(_ error: SecretStoreError) {
        switch error {
        case .full: log.repeatable(.warning, "Client secret refused: there are too many")
        case .unavailable(let detail):
            log.repeatable(.error, "Store of client secrets unavailable", ["detail": detail])
        }
    }

    // MARK: Limits

    /// Lets a session of a caller begin.
    ///
    /// - Returns: What ``leave(_:)`` has to be told at its end.
    /// - Throws: ``QuotaRefusal``
    func admit(_ caller: Caller) throws(QuotaRefusal) -> QuotaLedger.Ticket {
        let limits = limits(of: caller.owner)
        let now = clock.now()
        let outcome = ledger.withLock { ledger in
            Result { () throws(QuotaRefusal) in
                try ledger.admit(caller.owner, under: limits, at: now)
            }
        }
        return try outcome.get()
    }

    /// Takes note that a session has ended.
    func leave(_ ticket: QuotaLedger.Ticket) {
        let now = clock.now()
        ledger.withLock { $0.leave(ticket, at: now) }
    }

    /// Why a caller's sessions can't begin for the rest of the day; nil when they can.
    func dayRefusal(of caller: Caller) -> QuotaRefusal? {
        let limits = limits(of: caller.owner)
        let now = clock.now()
        return ledger.withLock { $0.dayRefusal(of: caller.owner, under: limits, at: now) }
    }

    /// What is left of a caller's limits.
    func rateLimits(of caller: Caller) -> [RateLimit] {
        let limits = limits(of: caller.owner)
        let now = clock.now()
        return ledger.withLock { $0.rateLimits(of: caller.owner, under: limits, at: now) }
    }

    private func limits(of owner: Owner) -> KeyLimits {
        policy.withLock { $0.limits(of: owner) }
    }

    // MARK: Housekeeping

    /// Forgets expired secrets.
    ///
    /// - Returns: Sessions whose key has used up the day's minutes; each is given once.
    func keepHouse() async -> [(refusal: QuotaRefusal, tickets: [QuotaLedger.Ticket])] {
        await secrets.sweep(at: unixSeconds)
        let policy = policy.withLock(\.self)
        let now = clock.now()
        return ledger.withLock { $0.takeExhausted(at: now, limits: policy.limits(of:)) }
    }

    /// Takes keys and limits anew; secrets of keys that are gone, and those that were made while no
    /// key was needed, open nothing from here on.
    ///
    /// Sessions that run go on: whoever wants to end them restarts the server.
    ///
    /// - Returns: False, and nothing has changed, when the change would open a server that asks for
    ///   keys to everybody: for that an operator has to restart it.
    func replace(_ new: Policy) async -> Bool {
        let isTaken = policy.withLock { policy in
            guard policy.keys.isOpen || !new.keys.isOpen else { return false }
            policy = new
            return true
        }
        if isTaken { await secrets.revoke(allBut: new.keys.owners) }
        return isTaken
    }
}
