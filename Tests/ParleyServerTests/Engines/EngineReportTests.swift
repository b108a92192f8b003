import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyNetwork
import ParleyRuntime
import Testing

@testable import ParleyServer

@Suite("What operators hear of engines")
struct EngineReportTests {
    /// One with a model of its own for summaries, under the name that the first one has.
    private static let summarizing =
        farPipeline() + """

              compaction:
                llm: {name: brain, engine: openai, base_url: http://localhost/v1, model: small}
            """

    @Test("Engines of one name in two pipelines, and in two roles, are counted apart")
    func metrics() throws {
        let library = try library(["a": farPipeline(), "b": Self.summarizing])
        let registry = MetricsRegistry()
        EngineMetrics.register(library, in: registry)
        let lines = registry.prometheusText().split(separator: "\n").filter {
            $0.hasPrefix("parley_engine_ready{") && $0.contains("engine_name=\"brain\"")
        }
        #expect(
            lines.map { $0.prefix { $0 != "}" } } == [
                "parley_engine_ready{engine_name=\"brain\",engine_role=\"llm\",pipeline=\"a\"",
                "parley_engine_ready{engine_name=\"brain\",engine_role=\"llm\",pipeline=\"b\"",
                "parley_engine_ready{engine_name=\"brain\",engine_role=\"summary\",pipeline=\"b\"",
            ]
        )
    }

    @Test("Health lists the model that only summarises, and every limit with what it limits")
    func health() throws {
        let library = try library(["b": Self.summarizing]) {
            $0.defaultPipeline = "b"
        }
        let registry = SessionRegistry(capacity: 1)
        let report = HealthReport(library: library, registry: registry, capacity: 1).reply()
        let engines = try JSON.parse(report.body)["pipelines"]?.array?.first?["engines"]?.array
        let summary = try #require(engines?.last)
        #expect(summary["role"] == "summary")
        #expect(summary["name"] == "brain")
        #expect(summary["running"] == 0)
        #expect(summary["running_limit"]?.number ?? 0 > 0)
        #expect(summary["waiting_limit"] == 0)
        #expect(engines?.first?["running_limit"] == .null)
    }
}
