package import ParleyNetwork
internal import ParleyRealtime

/// What sessions and turns are measured by.
package struct RuntimeMetrics: Sendable {
    /// Sessions that live now.
    package let activeSessions: Gauge
    /// Sessions since the process began.
    package let sessions: Counter
    /// Turns that ended with a commit.
    package let turns: Counter
    /// End of speech, as announced, to the first audio or text of the response that answers it.
    let turnLatency: Histogram
    /// End of a stretch of speech to the first of its translation.
    let translationLatency: Histogram
    /// Errors sent to clients.
    private let errors: [ProtocolError.Origin: Counter]
    private let stages: [EngineRole: Histogram]
    private let firstOutputs: [EngineRole: Histogram]
    private let cancellations: [EngineRole: Histogram]
    private let failures: [EngineRole: Counter]

    /// Registers the instruments.
    package init(_ registry: MetricsRegistry) {
        activeSessions = registry.gauge("parley.session.active", help: "Sessions that live now.")
        sessions = registry.counter("parley.session.started", help: "Sessions since the start.")
        turns = registry.counter("parley.turn.committed", help: "User turns committed.")
        let origins = ProtocolError.Origin.allCases.map { origin in
            let counter = registry.counter(
                "parley.session.errors",
                help: "Error events sent, by whose fault they tell of.",
                [MetricLabel("error.origin", origin)]
            )
            return (origin, counter)
        }
        errors = Dictionary(uniqueKeysWithValues: origins)
        turnLatency = registry.histogram(
            "parley.turn.latency",
            help: "End of speech to the first output of the response that answers the turn."
        )
        translationLatency = registry.histogram(
            "parley.translation.latency",
            help: "End of a stretch of speech to the first output of its translation."
        )
        stages = Self.byRole { role in
            registry.histogram(
                "parley.engine.duration",
                help: "How long an engine's call took, without the time in which it waited for us.",
                [MetricLabel("engine.role", role)]
            )
        }
        firstOutputs = Self.byRole { role in
            registry.histogram(
                "parley.engine.first.output",
                help: "Start of an engine's call to its first output.",
                [MetricLabel("engine.role", role)]
            )
        }
        cancellations = Self.byRole { role in
            registry.histogram(
                "parley.engine.cancellation",
                help: "How long an engine's call lasted after it was cancelled.",
                [MetricLabel("engine.role", role)]
            )
        }
        failures = Self.byRole { role in
            registry.counter(
                "parley.engine.failures",
                help: "Engine calls that failed.",
                [MetricLabel("engine.role", role)]
            )
        }
    }

    private static func byRole<Instrument>(
        _ make: (EngineRole) -> Instrument
    ) -> [EngineRole: Instrument] {
        // The detector runs within the loop's turn, frame by frame: a clock would cost more.
        let roles = EngineRole.allCases.filter { $0 != .voiceActivity }
        return Dictionary(uniqueKeysWithValues: roles.map { ($0, make($0)) })
    }

    func error(_ origin: ProtocolError.Origin) {
        errors[origin]?.add()
    }

    func duration(_ role: EngineRole, _ value: Duration) {
        stages[role]?.record(value)
    }

    func firstOutput(_ role: EngineRole, _ value: Duration) {
        firstOutputs[role]?.record(value)
    }

    func cancellation(_ role: EngineRole, _ value: Duration) {
        cancellations[role]?.record(value)
    }

    func failure(_ role: EngineRole) {
        failures[role]?.add()
    }
}
