import ParleyNames
import Testing

@testable import ParleyServer

@Suite("What a running server can't take waits for a restart")
struct ConfigurationReloadTests {
    private func configuration(
        _ change: (inout Configuration) -> Void = { _ in }
    ) -> Configuration {
        var configuration = Configuration(
            server: ServerConfiguration(),
            pipelines: .builtIn,
            scripts: [:]
        )
        change(&configuration)
        return configuration
    }

    @Test("The same configuration changes nothing")
    func same() {
        #expect(configuration().changesThatWait(in: configuration()).isEmpty)
    }

    @Test("Keys, their limits and prompts don't wait")
    func taken() throws {
        let key = try #require(APIKey(name: "a", text: "b"))
        let new = configuration {
            $0.server.apiKeys = [key]
            $0.server.keyLimits.sessions = 3
            $0.server.promptsDirectory = "prompts"
        }
        #expect(configuration().changesThatWait(in: new).isEmpty)
    }

    @Test("Other settings wait, under their keys, and so do pipelines")
    func waiting() throws {
        let pattern = try #require(NamePattern("x"))
        let catalog = try PipelineCatalog.read([
            ConfigurationFile(name: "models/x.yaml", text: "alias: parley")
        ])
        let new = configuration {
            $0.server.port = 1
            $0.server.limits.drainTime = .seconds(1)
            $0.server.modelAliases = [.init(pattern, for: "parley")]
            $0.pipelines = catalog
        }
        let waiting = configuration().changesThatWait(in: new)
        #expect(waiting == ["server.port", "model_aliases", "limits.drain_seconds", "pipelines"])
    }

    @Test("A key whose pipeline doesn't run is found")
    func keyWithoutPipeline() throws {
        var key = try #require(APIKey(name: "a", text: "b"))
        key.pipeline = "kitchen"
        let new = configuration { $0.server.apiKeys = [key] }
        #expect(new.keyWithoutPipeline(among: ["parley"]) == key)
        #expect(new.keyWithoutPipeline(among: ["parley", "kitchen"]) == nil)
    }
}
