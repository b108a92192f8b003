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
        if let refusal = account(of: owner, at: now).refusal(limits, at: now) { throw refusal }
        tickets += 1
        let ticket = Ticket(owner: owner, number: tickets)
        update(owner, at: now) { $0.begin(ticket.number, under: limits, at: now) }
        return ticket
    }

    /// Takes note that a session has ended.
    mutating func leave(_ ticket: Ticket, at now: AccessTime) {
        update(ticket.owner, at: now) { $0.end(ticket.number, at: now) }
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
            let numbers = update(owner, at: now) { account -> (QuotaRefusal, [Int])? in
                account.dayRefusal(limits(owner), at: now).map { ($0, account.takeUntold()) }
            }
            if let (refusal, numbers) = numbers, !numbers.isEmpty {
                exhausted.append((refusal, numbers.map { Ticket(owner: owner, number: $0) }))
            }
            if accounts[owner]?.isIdle == true { accounts[owner] = nil }
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

    /// An account as it stands, to be read.
    private func account(of owner: Owner, at now: AccessTime) -> Account {
        var account = accounts[owner] ?? Account(day: now.day)
        account.advance(to: now)
        return account
    }

    /// Changes an account where it lies: one of thousands of sessions is not copied for each.
    private mutating func update<Result>(
        _ owner: Owner,
        at now: AccessTime,
        _ change: (inout Account) -> Result
    ) -> Result {
        func changed(_ account: inout Account) -> Result {
            account.advance(to: now)
            return change(&account)
        }
        return changed(&accounts[owner, default: Account(day: now.day)])
    }
}

/// The sessions of one owner.
private struct Account: Sendable {
    static let minute = Duration.seconds(60)
    /// Specified: one token for 100 ms of a user's audio.
    static let tokensPerMinute = 600

    private var day: Int
    /// When each session that runs began to count, by its ticket.
    private var running: [Int: Duration] = [:]
    /// The sum of those times: what all have used is then known without asking each.
    private var runningSince = Duration.zero
    /// Sessions that run and have been told that the day's minutes are used up.
    private var told: Set<Int> = []
    /// When the sessions of the last minute began, oldest first; no longer than the limit is, and
    /// empty without one.
    private var starts: [Duration] = []
    /// Session time of the day, of those that have ended.
    private var spent = Duration.zero

    init(day: Int) {
        self.day = day
    }

    var isIdle: Bool { running.isEmpty && starts.isEmpty && spent == .zero }

    /// Forgets what is older than a minute, and yesterday.
    mutating func advance(to now: AccessTime) {
        let old = starts.prefix { $0 + Self.minute <= now.uptime }.count
        if old > 0 { starts.removeFirst(old) }
        guard day != now.day else { return }
        day = now.day
        spent = .zero
        running = running.mapValues { max($0, now.midnight) }
        runningSince = running.values.reduce(.zero, +)
    }

    mutating func begin(_ number: Int, under limits: KeyLimits, at now: AccessTime) {
        running[number] = now.uptime
        runningSince += now.uptime
        if limits.sessionsPerMinute != nil { starts.append(now.uptime) }
    }

    mutating func end(_ number: Int, at now: AccessTime) {
        guard let start = running.removeValue(forKey: number) else { return }
        runningSince -= start
        spent += now.uptime - start
        told.remove(number)
    }

    /// Sessions that were not told yet; from now on they were.
    mutating func takeUntold() -> [Int] {
        running.keys.filter { told.insert($0).inserted }
    }

    /// Why no session may begin now; nil when one may.
    func refusal(_ limits: KeyLimits, at now: AccessTime) -> QuotaRefusal? {
        if let refusal = dayRefusal(limits, at: now) { return refusal }
        if let limit = limits.sessions, running.count >= limit {
            return QuotaRefusal(reason: .sessions, limit: limit)
        }
        guard let limit = limits.sessionsPerMinute, starts.count >= limit else { return nil }
        let oldest = starts[starts.count - limit]
        let wait = oldest + Self.minute - now.uptime
        return QuotaRefusal(reason: .sessionsPerMinute, limit: limit, retryAfter: wait)
    }

    private func used(at now: AccessTime) -> Duration {
        spent + now.uptime * running.count - runningSince
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
