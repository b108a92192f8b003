import Testing

@testable import ParleyNetwork

/// Pings are counted, not timed, so that no test waits for one; over sockets the silent peer is in
/// ``WebSocketServerTests``, both peers are in the conformance tests.
@Suite("Whether a peer is alive")
struct WebSocketLivenessTests {
    private var liveness = WebSocketLiveness(Self.configuration)

    private static var configuration: WebSocketConfiguration {
        var configuration = WebSocketConfiguration()
        configuration.missedPongs = 2
        configuration.pingInterval = .seconds(10)
        configuration.messageRate = 100
        return configuration
    }

    private mutating func ping(
        isReading: Bool = true,
        isBacklogged: Bool = false,
        writtenCount: Int = 0,
        readCount: Int = 0
    ) -> WebSocketEnding? {
        liveness.pingIsDue(
            isReading: isReading,
            isBacklogged: isBacklogged,
            writtenCount: writtenCount,
            readCount: readCount
        )
    }

    @Test("A peer that answers stays, however many pings there are")
    mutating func answered() {
        for _ in 0..<1_000 {
            #expect(ping() == nil)
            liveness.peerSpoke()
        }
    }

    @Test("One answer makes good for the pings before it")
    mutating func lateAnswer() {
        for _ in 0..<100 {
            #expect(ping() == nil)
            #expect(ping() == nil)
            liveness.peerSpoke()
        }
    }

    @Test("A peer that leaves two unanswered goes with the third")
    mutating func silent() {
        #expect(ping() == nil)
        #expect(ping() == nil)
        #expect(ping() == .unresponsive)
    }

    @Test("A peer that drips bytes of a message and answers no ping goes, too")
    mutating func drips() {
        #expect(ping(readCount: 999) == nil)
        #expect(ping(readCount: 1_998) == nil)
        #expect(ping(readCount: 2_997) == .unresponsive)
    }

    @Test("A peer that gets on with a long message cannot answer within it, and stays")
    mutating func getsOn() {
        for count in 1...100 { #expect(ping(readCount: count * 1_000) == nil) }
    }

    @Test("While we don't read, nothing that is missing is the peer's doing")
    mutating func unread() {
        for _ in 0..<10 { #expect(ping(isReading: false) == nil) }
    }

    @Test("A peer that takes nothing of what waits for it goes, one that takes a little stays")
    mutating func stalled() {
        for count in 1...10 {
            #expect(ping(isReading: false, isBacklogged: true, writtenCount: count) == nil)
        }
        for _ in 0..<2 {
            #expect(ping(isReading: false, isBacklogged: true, writtenCount: 10) == nil)
        }
        #expect(ping(isReading: false, isBacklogged: true, writtenCount: 10) == .tooSlow)
    }
}
