/// What is to be said in a conversation, and how.
package struct TalkScript: Sendable {
    /// One turn of the user.
    package enum Turn: Sendable, Equatable {
        /// A recording, spoken in real time; 24,000 Hz, one channel.
        case speech([Int16])
        /// A typed message.
        case text(String)
        /// Each line of standard input, a typed message of its own, until its end.
        case lines
    }

    /// In order; each begins when the one before is answered.
    package var turns: [Turn]
    /// The voice to ask for; nil leaves it to the server.
    package var voice: String?
    /// Print every event as it came, in place of a transcript.
    package var showsEvents = false
    /// Speak over the first answer, this long after its first audio; the next recording does, or
    /// the same one again.
    package var interruptAfter: Duration?
    /// Longest wait for a sign of life after a question.
    package var timeout = Duration.seconds(30)
    /// How much audio an event holds.
    package var frameDuration = Duration.milliseconds(40)

    /// Frames that are accepted: below, headers outweigh the audio; above, latency suffers.
    package static let frameDurations = 20...100

    /// Makes a script of turns.
    package init(turns: [Turn]) {
        self.turns = turns
    }
}

/// How a conversation ended.
package enum TalkResult: Sendable, Equatable {
    /// Every turn had its answer.
    case answered
    /// A turn had none; the reason is one line.
    case unanswered(String)
    /// There was no session to talk in.
    case notConnected(String)

    /// What the program's exit status says.
    package var exitCode: Int32 {
        switch self {
        case .answered: 0
        case .unanswered: 1
        case .notConnected: 3
        }
    }
}
