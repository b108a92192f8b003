import ParleyRealtime
import Testing

@testable import ParleyServer

@Suite("The ledger of limits")
struct QuotaLedgerTests {
    private let alice = Owner.key(name: "alice")
    private let bob = Owner.key(name: "bob")

    /// A moment: seconds since the midnight on which the server began.
    private func at(_ seconds: Int) -> AccessTime {
        AccessTime(unixSeconds: 86_400 * 20_000 + seconds, uptime: .seconds(seconds))
    }

    private func limits(
        sessions: Int? = nil,
        perMinute: Int? = nil,
        minutes: Int? = nil
    ) -> KeyLimits {
        var limits = KeyLimits()
        limits.sessions = sessions
        limits.sessionsPerMinute = perMinute
        limits.minutesPerDay = minutes
        return limits
    }

    private func refusal(
        of owner: Owner,
        _ ledger: QuotaLedger,
        _ limits: KeyLimits,
        at seconds: Int
    ) -> QuotaRefusal? {
        var ledger = ledger
        do throws(QuotaRefusal) {
            _ = try ledger.admit(owner, under: limits, at: at(seconds))
            return nil
        } catch {
            return error
        }
    }

    @Test("Without limits everybody comes in")
    func unlimited() throws {
        var ledger = QuotaLedger()
        for _ in 0..<1_000 { _ = try ledger.admit(alice, under: limits(), at: at(0)) }
        #expect(ledger.rateLimits(of: alice, under: limits(), at: at(0)).isEmpty)
    }

    @Test("A key has so many sessions at once, another key its own")
    func sessionsAtOnce() throws {
        var ledger = QuotaLedger()
        let two = limits(sessions: 2)
        let first = try ledger.admit(alice, under: two, at: at(0))
        _ = try ledger.admit(alice, under: two, at: at(0))
        #expect(
            refusal(of: alice, ledger, two, at: 1) == QuotaRefusal(reason: .sessions, limit: 2)
        )
        #expect(refusal(of: bob, ledger, two, at: 1) == nil)
        ledger.leave(first, at: at(2))
        #expect(refusal(of: alice, ledger, two, at: 2) == nil)
    }

    @Test("Leaving twice gives no second place")
    func leavesTwice() throws {
        var ledger = QuotaLedger()
        let one = limits(sessions: 1)
        let first = try ledger.admit(alice, under: one, at: at(0))
        ledger.leave(first, at: at(1))
        ledger.leave(first, at: at(1))
        _ = try ledger.admit(alice, under: one, at: at(1))
        #expect(refusal(of: alice, ledger, one, at: 1)?.reason == .sessions)
    }

    @Test("In any sixty seconds so many sessions begin, however short they are")
    func sessionsPerMinute() throws {
        var ledger = QuotaLedger()
        let two = limits(perMinute: 2)
        for second in [0, 30] {
            ledger.leave(try ledger.admit(alice, under: two, at: at(second)), at: at(second))
        }
        let refused = refusal(of: alice, ledger, two, at: 45)
        #expect(refused?.reason == .sessionsPerMinute)
        #expect(refused?.retryAfter == .seconds(15))
        _ = try ledger.admit(alice, under: two, at: at(60))
        #expect(refusal(of: alice, ledger, two, at: 61)?.retryAfter == .seconds(29))
    }

    @Test("A lowered limit counts from the newest sessions")
    func loweredLimit() throws {
        var ledger = QuotaLedger()
        for second in [0, 10, 20] {
            _ = try ledger.admit(alice, under: limits(perMinute: 3), at: at(second))
        }
        let refused = refusal(of: alice, ledger, limits(perMinute: 1), at: 30)
        #expect(refused?.retryAfter == .seconds(50))
    }

    @Test("A refused session counts nowhere")
    func refusalsAreFree() throws {
        var ledger = QuotaLedger()
        let one = limits(perMinute: 1)
        _ = try ledger.admit(alice, under: one, at: at(0))
        #expect(throws: QuotaRefusal.self) { try ledger.admit(alice, under: one, at: at(59)) }
        _ = try ledger.admit(alice, under: one, at: at(60))
    }

    @Test("Minutes of sessions that run count as they pass")
    func minutesOfRunning() throws {
        var ledger = QuotaLedger()
        let ten = limits(minutes: 10)
        _ = try ledger.admit(alice, under: ten, at: at(0))
        _ = try ledger.admit(alice, under: ten, at: at(0))
        #expect(refusal(of: alice, ledger, ten, at: 299) == nil)
        let refused = refusal(of: alice, ledger, ten, at: 300)
        #expect(refused?.reason == .minutesPerDay)
        #expect(refused?.retryAfter == .seconds(86_100))
        #expect(ledger.dayRefusal(of: alice, under: ten, at: at(300)) == refused)
        #expect(ledger.dayRefusal(of: bob, under: ten, at: at(300)) == nil)
    }

    @Test("A new day begins with all its minutes; a session over midnight pays each its share")
    func midnight() throws {
        var ledger = QuotaLedger()
        let ten = limits(minutes: 10)
        let ticket = try ledger.admit(alice, under: ten, at: at(86_400 - 540))
        #expect(ledger.dayRefusal(of: alice, under: ten, at: at(86_399)) == nil)
        ledger.leave(ticket, at: at(86_400 + 120))
        let entry = ledger.rateLimits(of: alice, under: ten, at: at(86_400 + 120))
        #expect(
            entry == [
                RateLimit(
                    name: "tokens",
                    limit: 6_000,
                    remaining: 4_800,
                    reset: .seconds(86_400 - 120)
                )
            ]
        )
    }

    @Test("Sessions beyond the day's minutes are named once, with their key's refusal")
    func exhausted() throws {
        var ledger = QuotaLedger()
        let one = limits(minutes: 1)
        let tickets = [
            try ledger.admit(alice, under: one, at: at(0)),
            try ledger.admit(alice, under: one, at: at(20)),
        ]
        _ = try ledger.admit(bob, under: one, at: at(20))
        #expect(ledger.takeExhausted(at: at(39)) { _ in one }.isEmpty)
        let taken = ledger.takeExhausted(at: at(40)) { _ in one }
        #expect(taken.count == 1)
        #expect(taken.first.map { Set($0.tickets) } == Set(tickets))
        #expect(taken.first?.refusal.reason == .minutesPerDay)
        #expect(ledger.takeExhausted(at: at(41)) { _ in one }.isEmpty)
    }

    @Test("What is said of the limits is true")
    func rateLimits() throws {
        var ledger = QuotaLedger()
        let both = limits(sessions: 9, perMinute: 3, minutes: 5)
        #expect(
            ledger.rateLimits(of: alice, under: both, at: at(0)) == [
                RateLimit(name: "requests", limit: 3, remaining: 3, reset: .zero),
                RateLimit(name: "tokens", limit: 3_000, remaining: 3_000, reset: .zero),
            ]
        )
        _ = try ledger.admit(alice, under: both, at: at(0))
        #expect(
            ledger.rateLimits(of: alice, under: both, at: at(6)) == [
                RateLimit(name: "requests", limit: 3, remaining: 2, reset: .seconds(54)),
                RateLimit(name: "tokens", limit: 3_000, remaining: 2_940, reset: .seconds(86_394)),
            ]
        )
        let late = ledger.rateLimits(of: alice, under: both, at: at(4_000))
        #expect(late.map(\.remaining) == [3, 0])
    }

    @Test(
        "A refusal says how much was too much, and when to come again",
        arguments: [
            (QuotaRefusal(reason: .sessions, limit: 1), "1 session at once"),
            (
                QuotaRefusal(
                    reason: .sessionsPerMinute,
                    limit: 5,
                    retryAfter: .milliseconds(1_200)
                ),
                "5 sessions in a minute; try again in 2 seconds"
            ),
            (
                QuotaRefusal(reason: .minutesPerDay, limit: 60, retryAfter: .seconds(1)),
                "60 minutes of today; try again in 1 second."
            ),
        ]
    )
    func messages(refusal: QuotaRefusal, text: String) {
        #expect(refusal.message.contains(text), "\(refusal.message)")
    }
}
