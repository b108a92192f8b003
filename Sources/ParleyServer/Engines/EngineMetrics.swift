internal import ParleyEngine
internal import ParleyNetwork
internal import ParleyRuntime

/// Shows how busy each engine is.
enum EngineMetrics {
    /// Registers the gauges of all engines; an engine that several pipelines share counts once.
    static func register(_ library: PipelineLibrary, in registry: MetricsRegistry) {
        for pipeline in library.all {
            for (role, engine) in pipeline.engines {
                let labels = [
                    MetricLabel("engine.role", role),
                    MetricLabel("engine.name", configured: engine.name),
                ]
                registry.observe(
                    "parley.engine.running",
                    help: "Engine calls that run now.",
                    labels
                ) { Double(engine.load.running) }
                registry.observe(
                    "parley.engine.waiting",
                    help: "Engine calls that wait for a turn.",
                    labels
                ) { Double(engine.load.waiting) }
                registry.observe(
                    "parley.engine.ready",
                    help: "1 when the engine works.",
                    labels
                ) { engine.state == .ready ? 1 : 0 }
            }
        }
    }
}
