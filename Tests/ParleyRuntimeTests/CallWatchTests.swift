import ParleyEngine
import ParleyNetwork
import Testing

@testable import ParleyRuntime

@Suite struct CallWatchTests {
    private let start = ContinuousClock.now
    private let registry = MetricsRegistry()

    private func watch() -> CallWatch {
        CallWatch(.speech, RuntimeMetrics(registry), at: start)
    }

    private func sum(_ name: String) -> String? {
        let lines = registry.prometheusText().split(separator: "\n")
        let series = lines.first { $0.hasPrefix("\(name)_seconds_sum{engine_role=\"tts\"}") }
        return series?.split(separator: " ").last.map(String.init)
    }

    @Test("The time in which an engine waits for us is not the engine's")
    func excludesWaiting() {
        var watch = watch()
        watch.noteOutput(at: start + .seconds(1))
        watch.goOn(at: start + .seconds(60))
        watch.noteOutput(at: start + .seconds(62))
        watch.goOn(at: start + .seconds(70))
        watch.end(at: start + .seconds(71))
        #expect(sum("parley_engine_duration") == "4")
        #expect(sum("parley_engine_first_output") == "1")
    }

    @Test("An engine that reports nothing is timed from its call to its end")
    func withoutOutput() {
        watch().end(at: start + .seconds(3))
        #expect(sum("parley_engine_duration") == "3")
        #expect(sum("parley_engine_first_output") == "0")
    }
}
