import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct UnfinishedMessageTests {
    private let start = ContinuousClock.now

    private func configured(
        _ change: (inout WebSocketConfiguration) -> Void
    ) -> WebSocketConfiguration {
        var configuration = WebSocketConfiguration()
        change(&configuration)
        return configuration
    }

    @Test("A message has its time, and what its newest bytes earn, but no more than that again")
    func deadline() {
        var message = UnfinishedMessage(
            configured {
                $0.messageTimeout = .seconds(60)
                $0.messageRate = 1_000
            }
        )
        #expect(!message.isOverdue(at: start + .seconds(1_000)))
        let isFree = [
            message.holds(1, at: start) {}, message.holds(5_001, at: start + .seconds(50)) {},
        ]
        #expect(isFree == [true, true])
        #expect(!message.isOverdue(at: start + .seconds(65)))
        #expect(message.isOverdue(at: start + .seconds(66)))
        _ = message.holds(60_000_000, at: start + .seconds(60)) {}
        #expect(!message.isOverdue(at: start + .seconds(120)))
        #expect(message.isOverdue(at: start + .seconds(121)))
        message.excuse(at: start + .seconds(200))
        #expect(!message.isOverdue(at: start + .seconds(260)))
        message.ended()
        #expect(!message.isOverdue(at: start + .seconds(1_000)))
    }

    @Test("Short messages are free, long ones share a budget and give it back")
    func budget() {
        let budget = ByteBudget(limit: 1_000)
        let configuration = configured { $0.unfinished = budget }
        var first = UnfinishedMessage(configuration)
        var second = UnfinishedMessage(configuration)
        let short = first.holds(Limits.freeMessage, at: start) {}
        #expect(short && budget.usedCount == 0)
        let long = [
            first.holds(Limits.freeMessage + 400, at: start) {},
            second.holds(Limits.freeMessage + 600, at: start) {},
            second.holds(Limits.freeMessage + 601, at: start) {},
        ]
        #expect(long == [true, true, false])
        second.ended()
        let alone = first.holds(Limits.freeMessage + 1_000, at: start) {}
        #expect(alone)
        first.ended()
        #expect(budget.usedCount == 0)
    }

    @Test("The longest messages make room for shorter ones")
    func largestFirst() {
        let budget = ByteBudget(limit: 1_000)
        let configuration = configured { $0.unfinished = budget }
        let given = Recorded<[String]>([])
        var hogs = ["a", "b", "c"].map { ($0, UnfinishedMessage(configuration)) }
        for index in hogs.indices {
            let name = hogs[index].0
            let count = Limits.freeMessage + 300 + index
            let may = hogs[index].1.holds(count, at: start) { given.update { $0.append(name) } }
            #expect(may)
        }
        var honest = UnfinishedMessage(configuration)
        let may = honest.holds(Limits.freeMessage + 250, at: start) {}
        #expect(may && given.value == ["c"])
        #expect(budget.usedCount == 300 + 301 + 250)
        hogs[2].1.ended()
        #expect(budget.usedCount == 300 + 301 + 250)
    }

    @Test("A message that does not come to its end in time ends the connection")
    func overdue() async throws {
        let ending = Recorded<WebSocketEnding?>(nil)
        let impatient = { (configuration: inout WebSocketConfiguration) in
            configuration.pingInterval = .milliseconds(5)
            configuration.missedPongs = 1_000_000
            configuration.messageTimeout = .milliseconds(1)
        }
        let handler = webSocketHandler { webSocket in
            _ = try await webSocket.nextMessage()
            let found = await webSocket.ending
            ending.update { $0 = found }
        }
        try await withWebSockets(impatient, handler: handler) { test in
            let (client, _) = try await openRaw(test)
            await client.send(frame(.text, "a", isFinal: false))
            _ = await client.readToEnd()
        }
        #expect(
            ending.value
                == .violation(
                    WebSocketClose(.policyViolation, "The message did not arrive in time")
                )
        )
    }

    @Test("When the budget is spent, who sends the longest message is told to come again later")
    func spent() async throws {
        let budget = ByteBudget(limit: 100_000)
        let endings = Recorded<[WebSocketEnding?]>([])
        let handler = webSocketHandler { webSocket in
            _ = try await webSocket.nextMessage()
            let found = await webSocket.ending
            endings.update { $0.append(found) }
        }
        try await withWebSockets({ $0.unfinished = budget }, handler: handler) { test in
            func half(of count: Int) -> [UInt8] {
                frame(.text, String(repeating: "x", count: count), isFinal: false)
            }
            let (first, _) = try await openRaw(test)
            await first.send(half(of: 140_000))
            while budget.usedCount < 140_000 - Limits.freeMessage { await Task.yield() }
            let (second, _) = try await openRaw(test)
            await second.send(half(of: 100_000))
            _ = await first.readToEnd()
            while budget.usedCount != 100_000 - Limits.freeMessage { await Task.yield() }
            await second.close()
            while endings.value.count < 2 { await Task.yield() }
        }
        let told = WebSocketClose(.tryAgainLater, "Too many long messages are under way")
        #expect(endings.value == [.violation(told), .lost])
        #expect(budget.usedCount == 0)
    }
}
