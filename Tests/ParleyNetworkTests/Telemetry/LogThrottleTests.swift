import ParleyNetwork
import ParleyNetworkTesting
import Synchronization
import Testing

@Suite struct LogThrottleTests {
    @Test("Of a line that repeats some are written a second, and the next one counts the others")
    func counts() {
        let capture = LogCapture()
        let start = ContinuousClock.now
        let seconds = Recorded(0)
        let output = LogOutput(level: .info, sink: capture) { start + .seconds(seconds.value) }
        let log = Logger(label: "test", output: output)
        for number in 0..<1_000 { log.repeatable(.info, "Refused", ["number": number]) }
        log.repeatable(.warning, "Another")
        seconds.update { $0 = 1 }
        log.repeatable(.info, "Refused", ["number": 1_000])
        log.repeatable(.info, "Refused", ["number": 1_001])
        #expect(capture.records.map(\.message).count { $0 == "Refused" } == 7)
        #expect(capture.records.map(\.message).count { $0 == "Another" } == 1)
        #expect(capture.records.map { $0["log.withheld"] }.suffix(2) == [.integer(995), nil])
    }

    @Test("Lines below the level are not counted")
    func below() {
        let capture = LogCapture()
        let output = LogOutput(level: .error, sink: capture)
        let log = Logger(label: "test", output: output)
        for _ in 0..<1_000 { log.repeatable(.info, "Refused") }
        output.level = .info
        log.repeatable(.info, "Refused")
        #expect(capture.records.count == 1)
        #expect(capture.records.first?["log.withheld"] == nil)
    }
}
