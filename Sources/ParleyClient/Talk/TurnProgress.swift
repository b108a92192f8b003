internal import ParleyJSON
internal import ParleyNetwork

/// What is known about the turn that is under way.
struct TurnProgress: Sendable {
    /// The user's part is over; nil while it is spoken.
    private(set) var askedAt: Duration?
    /// When the user's last words ended, as the server found it.
    private(set) var speechEnd: Duration?
    /// When the answer's first audio came.
    private(set) var firstAudioAt: Duration?
    /// The last time something happened that has to do with this turn.
    private var lastNews: Duration
    private var isHeard = false
    private var isUserSpeaking = false
    /// Answers that the server owes: one for each committed piece of speech, or for the request.
    private var owed: Int
    private var begun = 0
    private var active: Set<String> = []
    private(set) var isAnswered = false
    private(set) var failure: String?
    /// Items whose text has not come yet.
    private var untranscribed: Set<String> = []
    private var finishedAt: Duration?

    /// How long a transcript may come after the answer.
    ///
    /// Chosen: recognisers that run beside the answer need a second.
    private static let transcriptGrace = Duration.seconds(2)

    /// How late the server may notice the last word of a recording.
    ///
    /// Chosen: ten frames of a detector.
    private static let detectionGrace = Duration.milliseconds(320)

    /// Begins a turn.
    ///
    /// - Parameters:
    ///   - now: When it begins.
    ///   - owed: Answers that are asked for outright; 0 where speech asks.
    init(at now: Duration, owed: Int) {
        lastNews = now
        self.owed = owed
    }

    /// The user's part is over.
    mutating func asked(at now: Duration) {
        guard askedAt == nil else { return }
        askedAt = now
        lastNews = now
    }

    /// The user goes on after all: an interruption.
    mutating func continues(at now: Duration) {
        askedAt = nil
        lastNews = now
    }

    /// What has come of the answer is all that is wanted.
    mutating func cutShort() { isAnswered = true }

    /// An answer is being made.
    var isBeingAnswered: Bool { !active.isEmpty }

    mutating func speechStarted(at now: Duration) {
        isHeard = true
        isUserSpeaking = true
        lastNews = now
    }

    /// The user pauses; the turn goes on until what was said is committed.
    mutating func speechStopped(speechEnd: Duration, at now: Duration) {
        self.speechEnd = speechEnd
        firstAudioAt = nil
        lastNews = now
    }

    mutating func committed(itemID: String, at now: Duration) {
        isUserSpeaking = false
        owed += 1
        untranscribed.insert(itemID)
        lastNews = now
    }

    mutating func transcribed(itemID: String, at now: Duration) {
        untranscribed.remove(itemID)
        lastNews = now
    }

    mutating func responseCreated(_ id: String, at now: Duration) {
        begun += 1
        active.insert(id)
        firstAudioAt = nil
        lastNews = now
    }

    mutating func progressed(at now: Duration) { lastNews = now }

    /// - Returns: Whether it is the first audio of its answer.
    mutating func audioCame(at now: Duration) -> Bool {
        lastNews = now
        guard firstAudioAt == nil else { return false }
        firstAudioAt = now
        return true
    }

    mutating func responseDone(_ response: FinishedResponse, at now: Duration) {
        active.remove(response.id)
        lastNews = now
        finishedAt = now
        switch response.status {
        case "completed", "incomplete":
            isAnswered = true
            failure = nil
        case "cancelled": break
        default: failure = response.problem ?? "the response has status \"\(response.status)\""
        }
    }

    /// Nothing more is to be waited for.
    func isOver(at now: Duration) -> Bool { settledAt.map { now >= $0 } ?? false }

    /// From when on nothing more is to be waited for; nil while the end is open.
    private var settledAt: Duration? {
        guard isSettled, let askedAt, let finishedAt else { return nil }
        let heardOut = isHeard ? askedAt + Self.detectionGrace : askedAt
        return max(heardOut, untranscribed.isEmpty ? finishedAt : finishedAt + Self.transcriptGrace)
    }

    private var isSettled: Bool {
        askedAt != nil && !isUserSpeaking && active.isEmpty && begun >= owed && owed > 0
    }

    /// When to look again at the latest.
    func deadline(timeout: Duration) -> Duration? {
        let expiry = expiry(timeout: timeout)
        return settledAt.map { settled in expiry.map { min($0, settled) } ?? settled } ?? expiry
    }

    /// When waiting ends without an answer; nil while the question is spoken.
    func expiry(timeout: Duration) -> Duration? {
        askedAt.map { max($0, lastNews) + timeout }
    }

    /// Why there is no answer, once the deadline has passed.
    func complaint(timeout: Duration) -> String {
        let wait = "\(timeout.inSeconds.fixed(0)) s"
        if owed == 0 {
            return isHeard
                ? "the server heard speech but saw no end of it within \(wait)"
                : "the server heard no speech within \(wait)"
        }
        return begun < owed
            ? "the server began no answer within \(wait)"
            : "the server went silent for \(wait) in the middle of its answer"
    }
}

/// `response.done`, as far as a listener cares.
struct FinishedResponse: Sendable, Equatable {
    let id: String
    let status: String
    /// What was said or written, and what was called.
    let text: String
    /// Why it failed or stopped early; nil when it did neither.
    let problem: String?

    /// Reads the `response` of an event; what is missing reads as empty.
    init(_ response: JSON?) {
        id = response?["id"]?.string ?? ""
        status = response?["status"]?.string ?? ""
        let details = response?["status_details"]
        problem =
            details?["error"]?["message"]?.string ?? details?["error"]?["code"]?.string
            ?? details?["reason"]?.string
        text = (response?["output"]?.array ?? []).compactMap(Self.text).joined(separator: " ")
    }

    private static func text(of item: JSON) -> String? {
        if item["type"]?.string == "function_call" {
            let name = item["name"]?.string ?? "?"
            return "[calls \(name)(\(item["arguments"]?.string ?? ""))]"
        }
        let parts = (item["content"]?.array ?? []).compactMap { part in
            part["transcript"]?.string ?? part["text"]?.string
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
