internal import ParleyEngine
internal import ParleyNetwork
internal import ParleyRuntime

/// Shows how busy each engine is.
enum EngineMetrics {
    /// Registers the gauges of all engines, by pipeline and role; one that several pipelines share
    /// is shown with each of them.
    static func register(_ library: PipelineLibrary, in registry: MetricsRegistry) {
        for pipeline in library.all {
            for (role, engine) in pipeline.engines {
                let labels = [
                    MetricLabel("pipeline", configured: pipeline.name),
                    MetricLabel("engine.role", role),
                    MetricLabel("engine.name", configured: engine.name),
                ]
                for gauge in gauges {
                    registry.observe(gauge.name, help: gauge.help, labels) { gauge.read(engine) }
                }
            }
        }
    }

    private struct EngineGauge: Sendable {
        let name: String
        let help: String
        let read: @Sendable (any Engine) -> Double
    }

    private static let gauges = [
        EngineGauge(name: "parley.engine.running", help: "Engine calls that run now.") {
            Double($0.load.running)
        },
        EngineGauge(
            name: "parley.engine.running.limit",
            help: "The most engine calls that run at once."
        ) { $0.load.runningLimit.map(Double.init) ?? .infinity },
        EngineGauge(name: "parley.engine.waiting", help: "Engine calls that wait for a turn.") {
            Double($0.load.waiting)
        },
        EngineGauge(
            name: "parley.engine.waiting.limit",
            help: "The most engine calls that may wait; one more is refused."
        ) { Double($0.load.waitingLimit) },
        EngineGauge(name: "parley.engine.ready", help: "1 when the engine works.") {
            $0.state == .ready ? 1 : 0
        },
    ]
}
