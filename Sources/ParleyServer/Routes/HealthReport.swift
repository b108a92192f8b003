internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRuntime

/// `GET /health`: whether conversations work, and the state of every engine.
struct HealthReport: Sendable {
    let library: PipelineLibrary
    let registry: SessionRegistry
    let capacity: Int

    /// 200 while the default pipeline can serve or is on the way to it, else 503.
    func reply() -> HTTPReply {
        let isServing = library.default.map { Self.serves($0) } ?? false
        let isWhole = library.all.flatMap(\.engines).allSatisfy { !Self.hasFailed($0.engine) }
        let status = !isServing ? "failed" : isWhole ? "ok" : "degraded"
        let body: JSONObject = [
            "status": .string(status),
            "sessions": .object([
                "active": .integer(registry.count), "capacity": .integer(capacity),
            ]),
            "pipelines": .array(library.all.map { .object(Self.describe($0)) }),
        ]
        return .json(isServing ? .ok : .serviceUnavailable, .object(body))
    }

    /// For probes that ask whether to send clients here: 200 when all engines that sessions of the
    /// default pipeline need are loaded, else 503.
    func readiness() -> HTTPReply {
        let engines = library.default?.engines.filter(\.role.isVital) ?? []
        let isReady = !engines.isEmpty && engines.allSatisfy { $0.engine.state == .ready }
        return .json(
            isReady ? .ok : .serviceUnavailable,
            ["status": isReady ? "ok" : "not ready"]
        )
    }

    private static func serves(_ pipeline: Pipeline) -> Bool {
        pipeline.engines.allSatisfy { !$0.role.isVital || !hasFailed($0.engine) }
    }

    private static func hasFailed(_ engine: any Engine) -> Bool {
        if case .failed = engine.state { true } else { false }
    }

    private static func describe(_ pipeline: Pipeline) -> JSONObject {
        ["name": .string(pipeline.name), "engines": .array(pipeline.engines.map(describe))]
    }

    private static func describe(_ entry: (role: EngineRole, engine: any Engine)) -> JSON {
        let load = entry.engine.load
        var object: JSONObject = [
            "role": .string(entry.role.rawValue), "name": .string(entry.engine.name),
            "state": .string(word(entry.engine.state)), "running": .integer(load.running),
            "running_limit": load.runningLimit.map { .integer($0) } ?? .null,
            "waiting": .integer(load.waiting), "waiting_limit": .integer(load.waitingLimit),
        ]
        // The detail may name files of this machine: it is in the log, not here.
        if case .failed(let error) = entry.engine.state {
            object["error"] = .string(error.fault.rawValue)
        }
        return .object(object)
    }

    private static func word(_ state: EngineState) -> String {
        switch state {
        case .cold: "cold"
        case .loading: "loading"
        case .ready: "ready"
        case .failed: "failed"
        }
    }
}
