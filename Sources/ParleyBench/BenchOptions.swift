package import ParleyClient

/// What is measured, and against what.
package struct BenchOptions: Sendable, Equatable {
    /// The kinds of load.
    package enum Kind: String, Sendable, CaseIterable {
        /// Sessions that only listen.
        case listen
        /// Sessions that are open and silent, and then listen to silence.
        case idle
        /// Sessions that talk in turns.
        case talk
        /// Sessions that break off whatever is under way.
        case cancel
        /// Audio as fast as it is taken.
        case append
    }

    /// Where the server comes from.
    package enum Server: Sendable, Equatable {
        /// It runs already; with its process number its use of the machine is measured.
        case running(RealtimeURL, pid: Int32?)
        /// It is started for the measurement, with these further arguments.
        case spawned(arguments: [String])
    }

    package var kind: Kind
    package var server: Server
    package var apiKey: String?
    package var sessionCount: Int
    /// How long is measured, after everything is set up.
    package var duration: Duration
    /// How long the load runs before it is measured.
    package var warmUp: Duration
    package var frameDuration: Duration
    /// A recording that takes the synthetic voice's place, and its name.
    package var recording: Recorded?

    /// A recording to send.
    package struct Recorded: Sendable, Equatable {
        package let samples: [Int16]
        package let name: String

        /// Makes one of samples of 24,000 Hz.
        package init(samples: [Int16], name: String) {
            self.samples = samples
            self.name = name
        }
    }

    /// What may be asked for; above, one generator is surely too slow.
    package static let sessionCounts = 1...20_000
    /// How long a measurement may be, in seconds.
    package static let durations = 1.0...3_600.0

    /// Makes options with the kind's defaults.
    package init(_ kind: Kind, server: Server) {
        self.kind = kind
        self.server = server
        switch kind {
        case .listen: (sessionCount, duration) = (1_000, .seconds(60))
        case .idle: (sessionCount, duration) = (500, .seconds(20))
        case .talk: (sessionCount, duration) = (10, .seconds(60))
        case .cancel: (sessionCount, duration) = (4, .seconds(30))
        case .append: (sessionCount, duration) = (4, .seconds(10))
        }
        warmUp = kind == .append ? .seconds(1) : .seconds(3)
        frameDuration = .milliseconds(20)
    }
}
