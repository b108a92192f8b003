internal import ParleyAudio
internal import ParleyNetwork

/// A conversation by script as a pure state machine: events and time go in, frames, messages and
/// lines come out.
///
/// Time is counted from any origin. Speech goes out on a grid (``Microphone``), silence follows it
/// as from an open microphone, and a turn is over when every answer that the server owes has
/// ended.
struct TalkMachine: Sendable {
    enum Input: Sendable, Equatable {
        /// The server says something.
        case message(ServerMessage)
        /// The line that was asked for; nil at the end of the input.
        case line(String?)
        /// ``deadline`` has passed.
        case timeout
        /// The connection is gone; the reason is one line.
        case closed(String)
    }

    enum Output: Sendable, Equatable {
        case send([UInt8])
        /// A line for the reader.
        case show(String)
        /// A line for the one who looks for faults.
        case complain(String)
        /// Read a line of standard input and bring it.
        case readLine
        /// The end; nothing follows.
        case finish(TalkResult)
    }

    enum State: Sendable, Equatable {
        /// No session yet. Next: ``configuring`` on `session.created`.
        case connecting
        /// The session is being asked for what is needed. Next: ``talking``.
        case configuring
        /// A turn is under way. Next: ``talking``, ``typing``, ``finished``.
        case talking
        /// A line is awaited. Next: ``talking`` or ``finished``.
        case typing
        /// Nothing happens any more.
        case finished
    }

    let script: TalkScript
    var state = State.connecting
    var remaining: ArraySlice<TalkScript.Turn>
    var turn = TurnProgress(at: .zero, owed: 0)
    var microphone: Microphone?
    var answers = Answers()
    /// The recording of the turn, for an interruption that has no other.
    var recording: [Int16] = []
    /// When to speak over the answer; nil when that has happened or is not wanted.
    var interruptionDue: Duration?
    var mayInterrupt: Bool
    /// Silence that ends a turn on this server; nil where it doesn't say.
    var silenceDuration: Duration?
    private let setupDeadline: Duration

    init(_ script: TalkScript, at now: Duration) {
        self.script = script
        remaining = script.turns[...]
        mayInterrupt = script.interruptAfter != nil
        setupDeadline = now + script.timeout
    }

    /// When to call again with ``Input/timeout`` at the latest.
    var deadline: Duration? {
        switch state {
        case .connecting, .configuring: setupDeadline
        case .talking:
            [microphone?.nextDue, interruptionDue ?? turn.deadline(timeout: script.timeout)]
                .compactMap(\.self).min()
        case .typing: microphone?.nextDue
        case .finished: nil
        }
    }

    /// Takes one input and says what is to be done, in order.
    mutating func handle(_ input: Input, at now: Duration) -> [Output] {
        if case .finished = state { return [] }
        switch input {
        case .message(let message): return handle(message, at: now) + moveOn(at: now)
        case .line(let line): return typed(line, at: now)
        case .timeout: return timeout(at: now)
        case .closed(let reason): return closed(reason)
        }
    }

    // MARK: Turns

    /// Begins the next turn, or ends the conversation when there is none.
    mutating func nextTurn(at now: Duration) -> [Output] {
        state = .talking
        switch remaining.first {
        case .speech(let samples):
            remaining = remaining.dropFirst()
            turn = TurnProgress(at: now, owed: 0)
            return speak(samples, at: now)
        case .text(let text):
            remaining = remaining.dropFirst()
            return ask(text, at: now)
        case .lines:
            state = .typing
            return [.readLine]
        case nil:
            return finish(.answered)
        }
    }

    private mutating func speak(_ samples: [Int16], at now: Duration) -> [Output] {
        recording = samples
        var open =
            microphone ?? Microphone(openedAt: now, frameDuration: script.frameDuration)
        open.speak(samples)
        microphone = open
        return sendDueFrames(at: now)
    }

    private mutating func ask(_ text: String, at now: Duration) -> [Output] {
        turn = TurnProgress(at: now, owed: 1)
        turn.asked(at: now)
        state = .talking
        let messages = [ClientMessage.userText(text), ClientMessage.event("response.create")]
        return transcript("You:    \(text)") + messages.map(Output.send)
    }

    private mutating func typed(_ line: String?, at now: Duration) -> [Output] {
        guard case .typing = state else { return [] }
        guard let line else {
            remaining = remaining.dropFirst()
            return nextTurn(at: now)
        }
        let isEmpty = line.allSatisfy(\.isWhitespace)
        return isEmpty ? [.readLine] : ask(line, at: now)
    }

    /// Goes to the next turn if this one is over.
    private mutating func moveOn(at now: Duration) -> [Output] {
        guard case .talking = state, interruptionDue == nil, turn.isOver(at: now) else { return [] }
        if let failure = turn.failure { return finish(.unanswered(failure)) }
        guard turn.isAnswered else { return finish(.unanswered("the answer was cancelled")) }
        return nextTurn(at: now)
    }

    // MARK: Time

    private mutating func timeout(at now: Duration) -> [Output] {
        switch state {
        case .connecting, .configuring:
            guard now >= setupDeadline else { return [] }
            let wait = "\(script.timeout.inSeconds.fixed(0)) s"
            return finish(.notConnected("the server made no session within \(wait)"))
        case .talking:
            var outputs = interruptIfDue(at: now) + sendDueFrames(at: now) + moveOn(at: now)
            if case .talking = state, let last = turn.expiry(timeout: script.timeout), now >= last {
                outputs += finish(.unanswered(turn.complaint(timeout: script.timeout)))
            }
            return outputs
        case .typing: return sendDueFrames(at: now)
        case .finished: return []
        }
    }

    /// Sends every frame whose time has come, also those that should have gone before.
    private mutating func sendDueFrames(at now: Duration) -> [Output] {
        guard var open = microphone else { return [] }
        var outputs: [Output] = []
        while open.nextDue <= now {
            outputs.append(.send(ClientMessage.append(open.nextFrame())))
        }
        microphone = open
        if !open.isSpeaking { turn.asked(at: now) }
        return outputs
    }

    private mutating func interruptIfDue(at now: Duration) -> [Output] {
        guard let due = interruptionDue, now >= due else { return [] }
        interruptionDue = nil
        guard microphone != nil else { return cutShort(at: now) }
        turn.continues(at: now)
        if case .speech(let samples) = remaining.first {
            remaining = remaining.dropFirst()
            return speak(samples, at: now)
        }
        return speak(recording, at: now)
    }

    /// Interrupts by command, as a client without a microphone does.
    private mutating func cutShort(at now: Duration) -> [Output] {
        turn.cutShort()
        let cancel = ClientMessage.event("response.cancel")
        return (turn.isBeingAnswered ? [.send(cancel)] : []) + stopListening(at: now)
    }

    /// Stops the playing of an answer and tells the server what was heard of it.
    mutating func stopListening(at now: Duration) -> [Output] {
        guard script.interruptAfter != nil, let (item, heard) = answers.playing(at: now) else {
            return []
        }
        answers.truncate(to: heard)
        return [.send(ClientMessage.truncate(itemID: item.id, heard: heard))]
            + transcript("        (stopped listening after \(heard.inSeconds.fixed(2)) s)")
    }

    // MARK: Ends

    private mutating func closed(_ reason: String) -> [Output] {
        switch state {
        case .connecting, .configuring: finish(.notConnected(reason))
        case .talking, .typing, .finished: finish(.unanswered(reason))
        }
    }

    mutating func finish(_ result: TalkResult) -> [Output] {
        state = .finished
        return [.finish(result)]
    }

    /// A line of the transcript, where one is wanted.
    func transcript(_ line: String) -> [Output] { script.showsEvents ? [] : [.show(line)] }
}
