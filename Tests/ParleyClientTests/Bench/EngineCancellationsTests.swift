import Testing

@testable import ParleyBench

@Suite("What a server says of cancelled engine calls")
struct EngineCancellationsTests {
    private func page(_ counts: [Int], role: String = "stt") -> String {
        let bounds = ["0.001", "0.05", "+Inf"]
        let lines = zip(bounds, counts).map { bound, count in
            "parley_engine_cancellation_seconds_bucket"
                + "{engine_role=\"\(role)\",le=\"\(bound)\"} \(count)"
        }
        return (["# TYPE x histogram"] + lines).joined(separator: "\n")
    }

    @Test("What came between two readings counts as the bound of its bucket")
    func since() throws {
        let before = EngineCancellations(page([1, 2, 2]))
        let after = EngineCancellations(page([4, 6, 7]))
        let found = after.since(before)
        #expect(found.map(\.role) == ["stt"])
        let histogram = try #require(found.first).histogram
        #expect(histogram.count == 5)
        #expect(histogram.minimum == .milliseconds(1))
        #expect(histogram.percentile(0.8) == .milliseconds(50))
        #expect(histogram.maximum == .seconds(60))
    }

    @Test("Roles without any call are left out")
    func none() {
        let reading = EngineCancellations(page([1, 1, 1]) + "\n" + page([0, 0, 0], role: "tts"))
        #expect(reading.since(reading).isEmpty)
        #expect(reading.since(EngineCancellations("")).map(\.role) == ["stt"])
    }

    @Test(
        "What is no such line is passed over",
        arguments: [
            "", "parley_engine_cancellation_seconds_bucket{",
            "parley_engine_cancellation_seconds_bucket{} 1",
            "parley_engine_cancellation_seconds_bucket{engine_role=\"stt\"} 1",
            "parley_engine_cancellation_seconds_bucket{engine_role=\"stt\",le=\"x\"} 1",
            "parley_engine_cancellation_seconds_bucket{engine_role=\"stt\",le=\"1\"} x",
            "parley_engine_duration_seconds_bucket{engine_role=\"stt\",le=\"1\"} 1",
        ]
    )
    func rubbish(_ text: String) {
        #expect(EngineCancellations(text).roles.isEmpty)
    }
}
