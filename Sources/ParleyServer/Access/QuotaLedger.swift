internal import ParleyRealtime

/// What the sessions of each key have taken, and whether one more may begin.
///
/// Pure: time goes in. Minutes of sessions that still run count as they pass, and a session that
/// runs over midnight pays each day its share.
struct QuotaLedger: Sendable {
    /// A session's place in the ledger.
    struct Ticket: Sendable, Hashable {
        let owner: Owner
        fileprivate let number: Int
    }

    private var accounts: [Owner: Account] = [:]
    private var tickets = 0

    /// Lets a session of this owner begin.
    ///
    /// - Returns: What ``leave(_:at:)`` gives back.
    /// - Throws: ``QuotaRefusal`` for the limit with the longest wait; nothing has been counted.
    mutating func admit(
        _ owner: Owner,
        under limits: KeyLimits,
        at now: AccessTime
    ) throws(QuotaRefusal) -> Ticket {
        var account = account(of: owner, at: now)
        if let refusal = account.dayRefusal(limits, at: now) { throw refusal }
        if let limit = limits.sessions, account.running.count >= limit {
            throw QuotaRefusal(reason: .sessions, limit: limit)
        }
        if let limit = limits.sessionsPerMinute, account.starts.count >= limit {
            let oldest = account.starts[account.starts.count - limit]
            let wait = oldest + Account.minute - now.uptime
            throw QuotaRefusal(reason: .sessionsPerMinute, limit: limit, retryAfter: wait)
        }
        tickets += 1
        account.running[tickets] = now.uptime
        account.starts.append(now.uptime)
        accounts[owner] = account
        return Ticket(owner: owner, number: tickets)
    }

    /// Takes note that a session has ended.
    mutating func leave(_ ticket: Ticket, at now: AccessTime) {
        var account = account(of: ticket.owner, at: now)
        if let start = account.running.removeValue(forKey: ticket.number) {
            account.spent += now.uptime - start
        }
        accounts[ticket.owner] = account
    }

    /// Why no session of this owner can be promised today; nil when one can.
    func dayRefusal(
        of owner: Owner,
        under limits: KeyLimits,
        at now: AccessTime
    ) -> QuotaRefusal? {
        account(of: owner, at: now).dayRefusal(limits, at: now)
    }

    /// Owners whose minutes of today are used up while sessions of theirs still run, with those
    /// sessions; each is told once.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - limits: What an owner may take.
    /// - Returns: For each such owner, what its sessions are to be told.
    mutating func takeExhausted(
        at now: AccessTime,
        limits: (Owner) -> KeyLimits
    ) -> [(refusal: QuotaRefusal, tickets: [Ticket])] {
        var exhausted: [(QuotaRefusal, [Ticket])] = []
        for owner in accounts.keys {
            var account = account(of: owner, at: now)
            if let refusal = account.dayRefusal(limits(owner), at: now) {
                let untold = account.running.keys.filter { account.told.insert($0).inserted }
                let tickets = untold.map { Ticket(owner: owner, number: $0) }
                if !tickets.isEmpty { exhausted.append((refusal, tickets)) }
            }
            accounts[owner] = account.isIdle ? nil : account
        }
        return exhausted
    }

    /// What `rate_limits.updated` says of an owner: nothing where it has no such limit.
    ///
    /// `requests` are the sessions of a minute. `tokens` is the session time of a day, at the ten
    /// tokens a second that a user's audio counts for.
    ///
    /// - Source: Realtime protocol, "Response object", audio rates.
    func rateLimits(of owner: Owner, under limits: KeyLimits, at now: AccessTime) -> [RateLimit] {
        let account = account(of: owner, at: now)
        return [account.requests(limits, at: now), account.tokens(limits, at: now)]
            .compactMap(\.self)
    }

    private func account(of owner: Owner, at now: AccessTime) -> Account {
        var account = accounts[owner] ?? Account(day: now.day)
        account.advance(to: now)
        return account
    }
}

/// The sessions of one owner.
private struct Account: Sendable {
    static let minute = Duration.seconds(60)
    /// Specified: one token for 100 ms of a user's audio.
    static let tokensPerMinute = 600

    var day: Int
    /// When each session that runs began to count, by its ticket.
    var running: [Int: Duration] = [:]
    /// Sessions that have been told that the day's minutes are used up.
    var told: Set<Int> = []
    /// When the sessions of the last minute began, oldest first; no longer than the limit is.
    var starts: [Duration] = []
    /// Session time of the day, of those that have ended.
    var spent = Duration.zero

    init(day: Int) {
        self.day = day
    }

    var isIdle: Bool { running.isEmpty && starts.isEmpty && spent == .zero }

    /// Forgets what is older than a minute, and yesterday.
    mutating func advance(to now: AccessTime) {
        starts.removeAll { $0 + Self.minute <= now.uptime }
        told.formIntersection(running.keys)
        guard day != now.day else { return }
        day = now.day
        spent = .zero
        running = running.mapValues { max($0, now.midnight) }
    }

    func used(at now: AccessTime) -> Duration {
        running.values.reduce(spent) { $0 + (now.uptime - $1) }
    }

    func dayRefusal(_ limits: KeyLimits, at now: AccessTime) -> QuotaRefusal? {
        guard let limit = limits.minutesPerDay, used(at: now) >= Self.minute * limit else {
            return nil
        }
        return QuotaRefusal(reason: .minutesPerDay, limit: limit, retryAfter: now.untilMidnight)
    }

    func requests(_ limits: KeyLimits, at now: AccessTime) -> RateLimit? {
        limits.sessionsPerMinute.map { limit in
            RateLimit(
                name: "requests",
                limit: limit,
                remaining: max(0, limit - starts.count),
                reset: starts.last.map { $0 + Self.minute - now.uptime } ?? .zero
            )
        }
    }

    func tokens(_ limits: KeyLimits, at now: AccessTime) -> RateLimit? {
        limits.minutesPerDay.map { minutes in
            let limit = minutes * Self.tokensPerMinute
            let used = used(at: now)
            return RateLimit(
                name: "tokens",
                limit: limit,
                remaining: max(0, limit - Int(used / (Self.minute / Self.tokensPerMinute))),
                reset: used == .zero ? .zero : now.untilMidnight
            )
        }
    }
}
