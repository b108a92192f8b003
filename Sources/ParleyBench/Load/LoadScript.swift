internal import ParleyClient
internal import ParleyJSON

/// What one session of a load does, as a pure machine: events in, messages out, figures on the way.
protocol LoadScript: Sendable {
    associatedtype Figures: LoadFigures

    /// Whether the text of an event of this type is looked at; others only bring their type.
    static func wantsText(of type: String) -> Bool

    /// Takes an event of the server.
    mutating func receive(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction]

    /// Which frame goes out now; called once for each frame, in time.
    mutating func nextFrame(at now: Duration, _ figures: inout Figures) -> LoadFrame

    /// The stream begins.
    mutating func begin(_ clock: StreamClock) -> [LoadAction]
}

/// What scripts count; all sessions of a generator share one.
protocol LoadFigures: Sendable {
    init()
    /// Errors that the server reported.
    var errors: ErrorTally { get set }
}

/// One event of the server.
struct LoadEvent: Sendable {
    let type: String
    /// Empty unless the script wants the text.
    let text: [UInt8]
    /// When it came.
    let time: Duration

    /// The text, parsed; null where there is none.
    var json: JSON { (try? JSON.parse(text)) ?? .null }

    /// The code of an `error` event; its type where it has none.
    var errorCode: String {
        let error = json["error"]
        return error?["code"]?.string ?? error?["type"]?.string ?? "error"
    }

    /// What is told of a session that an `error` event has ended before it began.
    var refusal: String { "the session was refused: \(errorCode)" }
}

/// What a script wants.
enum LoadAction: Sendable, Equatable {
    /// Send an event.
    case send([UInt8])
    /// Send bytes that are WebSocket frames already.
    case sendFrames([UInt8])
    /// The session is set up: streaming may begin.
    case ready
    /// The session cannot go on; the reason is one of a few.
    case fail(String)
}

/// What a script's session sends next.
enum LoadFrame: Sendable, Equatable {
    /// A frame of the store.
    case stored(Int)
    /// A frame of a quiet room.
    case quiet
    /// None.
    case none
}

/// Failures by their reason: how often, and of so many kinds as can be read.
package struct ErrorTally: Sendable, Equatable {
    package private(set) var counts: [String: Int] = [:]
    private static let kindLimit = 20

    /// Makes an empty tally.
    package init() {}

    /// Counts a failure.
    package mutating func add(_ reason: String, count: Int = 1) {
        let isKnown = counts[reason] != nil || counts.count < Self.kindLimit
        counts[isKnown ? reason : "other", default: 0] += count
    }

    /// How many there were.
    package var total: Int { counts.values.reduce(0, +) }

    /// Reasons with their counts, the most frequent first.
    package var sorted: [(reason: String, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// Counts the `error` event of a server.
    mutating func add(_ event: LoadEvent) {
        add(event.errorCode)
    }
}
