internal import ParleyAudio
internal import ParleyRealtime

/// The speech of one response or translation: text becomes clauses, clauses become audio, and both
/// go out together.
///
/// A clause's text goes out with its first audio. A few clauses at a time are with the synthesiser;
/// the rest waits here.
struct SpokenMessage<Place: SpeechPlace>: Sendable {
    private struct Clause: Sendable {
        var text: String
        /// Letters to be said are in it; otherwise it only adds to the transcript.
        var isSpeakable: Bool
        /// Its text went out.
        var hasBegun = false
    }

    let location: Place
    private let voice: String
    private let speed: Double
    private let limits: Limits

    private var chunker = ClauseChunker()
    private var clauses: [Clause] = []
    /// The clause whose audio comes next; all before it are done.
    private var current = 0
    /// The next clause to ask for.
    private var nextRequest = 0
    private var isTextComplete = false
    /// The synthesiser failed: nothing follows.
    var isBroken = false
    /// The client cut it while it was being spoken: it is told no more of its words.
    ///
    /// - Source: Realtime protocol, `conversation.item.truncate`.
    var isCut = false
    private var packer: SpeechPacker

    /// Bytes of text that the model wrote.
    private var writtenByteCount = 0
    /// What went out.
    private(set) var transcript = ""
    private(set) var map = SpeechTextMap()
    /// All samples that were spoken.
    private var spokenSampleCount = 0
    /// Samples that were spoken before the newest clause.
    private var clauseStart = 0
    private var spokenAudio: [Int16] = []
    private var keepsAudio = true

    init(at location: Place, configuration: SessionConfiguration, limits: Limits) {
        self.location = location
        self.voice = configuration.output.voice.name
        self.speed = configuration.output.speed
        self.limits = limits
        self.packer = SpeechPacker(configuration.output.format)
    }

    /// The model has written all of it, and all of it was spoken.
    var isDone: Bool { isTextComplete && current == clauses.count }

    /// Samples that went out.
    var sampleCount: Int { spokenSampleCount - waitingSampleCount }

    /// Samples that were spoken and are still gathered into a delta.
    var waitingSampleCount: Int { packer.pendingCount }

    /// The samples that went out; empty once they outgrew what may be kept.
    var audio: [Int16] { Array(spokenAudio.prefix(sampleCount)) }

    /// Bytes of text that were written and didn't go out (yet).
    var heldBackByteCount: Int { isDone ? 0 : max(0, writtenByteCount - transcript.utf8.count) }

    /// The clause that has begun and is not at its end.
    var openClause: UsageMeter.OpenClause {
        guard current < clauses.count, clauses[current].hasBegun else {
            return UsageMeter.OpenClause(byteCount: 0, start: sampleCount)
        }
        return UsageMeter.OpenClause(
            byteCount: clauses[current].text.utf8.count,
            start: min(clauseStart, sampleCount)
        )
    }

    /// The synthesiser was asked for more than it has reported.
    var isSynthesizing: Bool { !isBroken && current < nextRequest }

    /// Takes more text from the model.
    mutating func write(_ text: String, to outbox: inout Outbox) {
        writtenByteCount += text.utf8.count
        for clause in chunker.append(text) { add(clause) }
        advance(to: &outbox)
    }

    /// The model writes no more.
    mutating func finishText(to outbox: inout Outbox) {
        isTextComplete = true
        if let rest = chunker.finish() { add(rest) }
        advance(to: &outbox)
    }

    /// The first audio of a clause has come: its text goes out before it.
    ///
    /// - Returns: Whether this is the clause that is being spoken.
    mutating func begin(clause: Int, to outbox: inout Outbox) -> Bool {
        guard clause == current, clause < nextRequest else {
            outbox.poison("Audio of a clause that is not being spoken")
            return false
        }
        begin(current, to: &outbox)
        return true
    }

    /// Takes audio of the clause that has begun.
    mutating func receive(_ samples: [Int16], to outbox: inout Outbox) {
        spokenSampleCount += samples.count
        map.extend(by: samples.count)
        keep(samples)
        for delta in packer.pack(samples) { send(delta, to: &outbox) }
    }

    /// A clause was spoken to its end.
    mutating func finish(clause: Int, to outbox: inout Outbox) {
        guard clause == current, clause < nextRequest else {
            outbox.poison("A clause ended that was not being spoken")
            return
        }
        begin(current, to: &outbox)
        for delta in packer.endClause() { send(delta, to: &outbox) }
        map.end()
        current += 1
        advance(to: &outbox)
    }

    /// Sends the audio that waited for more.
    mutating func flush(to outbox: inout Outbox) {
        if let delta = packer.finish() { send(delta, to: &outbox) }
    }
}

extension SpokenMessage {
    private mutating func add(_ text: String) {
        clauses.append(Clause(text: text, isSpeakable: ClauseChunker.isSpeakable(text)))
    }

    /// Asks for clauses as far as the bound allows, and passes by those that make no sound.
    private mutating func advance(to outbox: inout Outbox) {
        while current < clauses.count, !clauses[current].isSpeakable {
            begin(current, to: &outbox)
            map.end()
            current += 1
        }
        nextRequest = max(nextRequest, current)
        while nextRequest < clauses.count, nextRequest - current < limits.openClauseCount {
            if clauses[nextRequest].isSpeakable { request(nextRequest, to: &outbox) }
            nextRequest += 1
        }
    }

    private func request(_ clause: Int, to outbox: inout Outbox) {
        let text = clauses[clause].text.trimmingSpaces
        outbox.perform(
            .startSynthesis(
                location.responseID,
                Session.SynthesisRequest(clause: clause, text: text, voice: voice, speed: speed)
            )
        )
    }

    /// A clause's text goes out, once.
    private mutating func begin(_ clause: Int, to outbox: inout Outbox) {
        guard !clauses[clause].hasBegun else { return }
        clauses[clause].hasBegun = true
        clauseStart = spokenSampleCount
        let text = clauses[clause].text
        transcript += text
        map.begin(text)
        if !isCut { outbox.send(location.transcriptDelta(text)) }
    }

    private mutating func keep(_ samples: [Int16]) {
        guard keepsAudio else { return }
        keepsAudio = spokenAudio.count + samples.count <= limits.keptAudioSampleCount
        if keepsAudio { spokenAudio.append(contentsOf: samples) } else { spokenAudio = [] }
    }

    private func send(_ delta: [UInt8], to outbox: inout Outbox) {
        outbox.send(location.audioDelta(delta))
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingSpaces: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
