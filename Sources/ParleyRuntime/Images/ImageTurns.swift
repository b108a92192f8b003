internal import ParleyEngine
internal import ParleyRealtime

/// Which of one session's calls with images are under way, and which wait: each holds all its
/// images until the model begins to answer, and a client may ask for several at once.
struct ImageTurns {
    /// Calls under way.
    ///
    /// Chosen: the answer to the user, and one beside it.
    static let limit = 2

    private var running: Set<ResponseID> = []
    private var waiting: [(response: ResponseID, request: LanguageRequest)] = []

    /// Whether a call may begin now; one that may not waits to be the ``next()``.
    mutating func admit(_ response: ResponseID, _ request: LanguageRequest) -> Bool {
        guard request.hasImages else { return true }
        guard running.count < Self.limit else {
            waiting.append((response, request))
            return false
        }
        running.insert(response)
        return true
    }

    /// A call has ended, or is not wanted any more.
    mutating func leave(_ response: ResponseID) {
        running.remove(response)
        waiting.removeAll { $0.response == response }
    }

    /// Takes out a call that may begin by now.
    mutating func next() -> (response: ResponseID, request: LanguageRequest)? {
        guard running.count < Self.limit, !waiting.isEmpty else { return nil }
        let next = waiting.removeFirst()
        running.insert(next.response)
        return next
    }
}

extension LanguageRequest {
    /// The model is to see something.
    fileprivate var hasImages: Bool {
        messages.contains { message in
            guard case .userParts(let parts) = message else { return false }
            return parts.contains { if case .image = $0 { true } else { false } }
        }
    }
}
