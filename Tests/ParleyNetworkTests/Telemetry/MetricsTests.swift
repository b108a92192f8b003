import ParleyNetwork
import Testing

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
    enum Transport: String, CaseIterable { case websocket, webrtc }

    private let registry = MetricsRegistry()

    @Test("A counter gains its unit and total, a gauge its unit only")
    func names() {
        registry.counter("parley.audio.received", unit: .bytes, help: "Bytes.").add(7)
        registry.gauge("parley.session.active", help: "Sessions.").set(2)
        #expect(
            registry.prometheusText() == """
                # HELP parley_audio_received_bytes_total Bytes.
                # TYPE parley_audio_received_bytes_total counter
                parley_audio_received_bytes_total 7
                # HELP parley_session_active Sessions.
                # TYPE parley_session_active gauge
                parley_session_active 2

                """
        )
    }

    @Test("A histogram's buckets are cumulative and end with infinity, sum and count")
    func histogram() {
        let latency = registry.histogram(
            "parley.turn.latency",
            help: "Latency.",
            bounds: [0.1, 0.5, 1]
        )
        latency.record(.milliseconds(100))
        latency.record(0.25)
        latency.record(8)
        latency.record(.nan)
        #expect(
            registry.prometheusText() == """
                # HELP parley_turn_latency_seconds Latency.
                # TYPE parley_turn_latency_seconds histogram
                parley_turn_latency_seconds_bucket{le="0.1"} 1
                parley_turn_latency_seconds_bucket{le="0.5"} 2
                parley_turn_latency_seconds_bucket{le="1"} 2
                parley_turn_latency_seconds_bucket{le="+Inf"} 3
                parley_turn_latency_seconds_sum 8.35
                parley_turn_latency_seconds_count 3

                """
        )
    }

    @Test("Series of one name share a heading and are sorted by label")
    func labels() {
        for transport in Transport.allCases {
            let label = MetricLabel("network.transport", transport)
            registry.counter("parley.session.started", help: "Sessions.", [label]).add()
        }
        #expect(
            registry.prometheusText() == """
                # HELP parley_session_started_total Sessions.
                # TYPE parley_session_started_total counter
                parley_session_started_total{network_transport="webrtc"} 1
                parley_session_started_total{network_transport="websocket"} 1

                """
        )
    }

    @Test("Help and label values are escaped")
    func escaping() {
        let label = MetricLabel("model", configured: "a\"b\\c\nd")
        registry.gauge("parley.x", help: "One\ntwo \\ three", [label]).set(0.5)
        #expect(
            registry.prometheusText() == """
                # HELP parley_x One\\ntwo \\\\ three
                # TYPE parley_x gauge
                parley_x{model="a\\"b\\\\c\\nd"} 0.5

                """
        )
    }

    @Test("The same name and labels give the same instrument, in any order of labels")
    func identity() {
        let (one, two) = (MetricLabel("a", configured: "1"), MetricLabel("b", configured: "2"))
        registry.counter("parley.y", help: "", [one, two]).add(2)
        #expect(registry.counter("parley.y", help: "", [two, one]).value == 2)
    }

    @Test("Series beyond the limit are counted together")
    func overflow() {
        for index in 0..<600 {
            let label = MetricLabel("n", configured: String(index))
            registry.counter("parley.z", help: "", [label]).add()
        }
        let text = registry.prometheusText()
        #expect(text.contains("parley_z_total{otel_metric_overflow=\"true\"} 100\n"))
        #expect(text.split(separator: "\n").count == 503)
    }

    @Test("An observed gauge is read when the metrics are")
    func observed() {
        let value = Recorded(1.0)
        registry.observe("parley.queue.length", help: "") { value.value }
        value.update { $0 = 4 }
        #expect(registry.prometheusText().hasSuffix("parley_queue_length 4\n"))
    }

    @Test("A second observer of one series is a mistake that shows")
    func observedTwice() async {
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            registry.observe("parley.queue.length", help: "") { 1 }
            registry.observe("parley.queue.length", help: "") { 2 }
        }
    }

    @Test("Nothing is lost when many threads count at once")
    func concurrent() async {
        let counter = registry.counter("parley.c", help: "")
        let gauge = registry.gauge("parley.g", help: "")
        let histogram = registry.histogram("parley.h", help: "")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.add()
                        gauge.add(1)
                        histogram.record(0.001)
                    }
                }
            }
        }
        #expect(counter.value == 8000)
        #expect(gauge.value == 8000)
        #expect(histogram.snapshot.count == 8000)
    }

    @Test("Latency buckets grow by at most two and a half")
    func latencyBounds() {
        let bounds = Histogram.latencyBounds
        for (lower, upper) in zip(bounds, bounds.dropFirst()) {
            #expect(upper > lower && upper <= lower * 3)
        }
    }
}
