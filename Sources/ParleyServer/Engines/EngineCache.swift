/// Engines by what they were configured with: stages that are configured alike share one.
struct EngineCache<Options: Sendable & Equatable, Engine> {
    private var made: [(stage: PipelineConfiguration.Stage<Options>, engine: Engine)] = []

    /// The engine of a stage, made at the first call.
    mutating func engine(
        for stage: PipelineConfiguration.Stage<Options>,
        make: () -> Engine
    ) -> Engine {
        if let known = made.first(where: { $0.stage == stage }) { return known.engine }
        let engine = make()
        made.append((stage, engine))
        return engine
    }
}
