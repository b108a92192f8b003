internal import ParleyClient
package import ParleyJSON
internal import ParleyNetwork

/// What a measurement found, with all that is needed to judge it.
package struct BenchResult: Sendable {
    /// One distribution of delays.
    package struct Delay: Sendable, Equatable {
        /// Its name in JSON: `speech_started`.
        package let name: String
        /// What it is, in a few words.
        package let meaning: String
        package let histogram: Histogram
        /// What p95 is to stay below; nil where nothing was promised.
        package let target: Duration?
    }

    /// One number that is no delay.
    package struct Figure: Sendable, Equatable {
        package let name: String
        package let meaning: String
        package let value: Double
        /// Places that mean something.
        package let places: Int
        /// What it is to stay at or below; nil where nothing was promised.
        package var target: Double?

        /// A number of things.
        static func count(_ name: String, _ meaning: String, _ value: Int) -> Figure {
            Figure(name: name, meaning: meaning, value: Double(value), places: 0)
        }
    }

    package let kind: BenchOptions.Kind
    package let machine: Machine
    package let sessionsAsked: Int
    package let sessionsHeld: Int
    /// How long was measured.
    package let duration: Duration
    package let frameDuration: Duration
    package let input: String
    package let isPinned: Bool
    package var delays: [Delay]
    package var figures: [Figure]
    package var losses: ErrorTally
    package var errors: ErrorTally
    package let generator: Generator
    /// Share of one processor that went to other work; nil where that isn't known.
    package let foreignShare: Double?

    /// Other work that leaves the figures what they are.
    ///
    /// Chosen: the clock of a quiet Linux ticks away a per cent or two.
    private static let foreignLimit = 0.15

    /// How well the load itself kept time.
    package struct Generator: Sendable {
        /// How late frames went out.
        package let lateness: Histogram
        /// Share of one processor.
        package let processorShare: Double

        /// Beyond that, the generator measures itself.
        ///
        /// Chosen: a tenth of the target for delays of events.
        static let latenessLimit = Duration.milliseconds(10)
        static let shareLimit = 0.9
    }

    /// Why the figures say nothing about the server; empty when they do.
    package var faults: [String] {
        var faults: [String] = []
        let late = generator.lateness.percentile(0.99) ?? .zero
        if late > Generator.latenessLimit {
            let text = late.inMilliseconds.fixed(1)
            faults.append("the generator sent 1 % of its frames \(text) ms late or more")
        }
        // Blasting frames, it may well use all it can get: there the server is to be the slower
        // one.
        if kind != .append, generator.processorShare > Generator.shareLimit {
            let share = (generator.processorShare * 100).fixed(0)
            faults.append("the generator used \(share) % of its processor")
        }
        if let foreignShare, foreignShare > Self.foreignLimit {
            let share = (foreignShare * 100).fixed(0)
            faults.append("other work on this machine took \(share) % of a processor")
        }
        if sessionsHeld == 0 { faults.append("no session was held") }
        return faults
    }
}

// MARK: - JSON

extension BenchResult {
    /// The result for programs; `docs/benchmarks.md` says what the members are.
    package var json: JSON {
        var delaysJSON = JSONObject()
        for delay in delays { delaysJSON[delay.name] = Self.json(delay.histogram, delay.target) }
        var figuresJSON = JSONObject()
        var targetsJSON = JSONObject()
        for figure in figures {
            figuresJSON[figure.name] = .number(figure.value)
            if let target = figure.target { targetsJSON[figure.name] = .number(target) }
        }
        return [
            "schema": "parley-bench/1", "kind": .string(kind.rawValue),
            "valid": .bool(faults.isEmpty), "faults": .array(faults.map { .string($0) }),
            "machine": machineJSON, "load": loadJSON, "delays_ms": .object(delaysJSON),
            "figures": .object(figuresJSON), "figure_targets": .object(targetsJSON),
            "lost": Self.json(losses), "errors": Self.json(errors),
            "generator": [
                "lateness_ms": Self.json(generator.lateness, nil),
                "processor_share": .number(generator.processorShare),
            ],
            "foreign_processor_share": foreignShare.map { .number($0) } ?? .null,
        ]
    }

    private var machineJSON: JSON {
        [
            "processor": .string(machine.processor),
            "processors": .integer(machine.processorCount),
            "memory_bytes": .integer(machine.memoryByteCount), "kernel": .string(machine.kernel),
        ]
    }

    private var loadJSON: JSON {
        [
            "sessions_asked": .integer(sessionsAsked), "sessions_held": .integer(sessionsHeld),
            "seconds": .number(duration.inSeconds),
            "frame_ms": .number(frameDuration.inMilliseconds), "input": .string(input),
            "pinned": .bool(isPinned),
        ]
    }

    private static func json(_ histogram: Histogram, _ target: Duration?) -> JSON {
        var object: JSONObject = ["count": .integer(histogram.count)]
        let values = [
            ("min", histogram.minimum), ("mean", histogram.mean),
            ("p50", histogram.percentile(0.5)), ("p95", histogram.percentile(0.95)),
            ("p99", histogram.percentile(0.99)), ("max", histogram.maximum), ("target_p95", target),
        ]
        for (name, value) in values {
            guard let value else { continue }
            object[name] = .number((value.inMilliseconds * 1_000).rounded() / 1_000)
        }
        return .object(object)
    }

    private static func json(_ tally: ErrorTally) -> JSON {
        .object(JSONObject(tally.sorted.map { ($0.reason, JSON.integer($0.count)) }))
    }
}
