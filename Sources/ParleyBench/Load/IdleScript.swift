internal import ParleyJSON

/// A session that is open and says nothing, and then listens to a quiet room.
struct IdleScript: LoadScript {
    /// What is counted.
    struct Figures: LoadFigures {
        var errors = ErrorTally()
    }

    enum State: Sendable, Equatable {
        /// The session is being set up. Next: ``idle``.
        case opening
        /// Nothing is sent. Next: ``listening``.
        case idle
        /// The quiet room is streamed.
        case listening
    }

    private(set) var state = State.opening

    static func wantsText(of type: String) -> Bool { type == "error" }

    mutating func begin(_ clock: StreamClock) -> [LoadAction] {
        state = .idle
        return []
    }

    /// Opens the microphone.
    mutating func listen() {
        state = .listening
    }

    mutating func nextFrame(at now: Duration, _ figures: inout Figures) -> LoadFrame {
        state == .listening ? .quiet : .none
    }

    mutating func receive(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction] {
        switch event.type {
        case "session.created": return [.send(ListenScript.update)]
        case "session.updated": return [.ready]
        case "error":
            figures.errors.add(event)
            return state == .opening ? [.fail(event.refusal)] : []
        default: return []
        }
    }
}
