internal import ParleyAudio
internal import ParleyRealtime
internal import ParleySession

/// What a session promises about input audio.
struct InputPromises: Sendable {
    /// Speech was announced and not ended.
    private var speaking: ItemID?
    private var lastPosition = Duration.zero
    private var detected = 0
    /// Samples are counters (see ``CountingVoice``): the one after the last that a recogniser got,
    /// for each item.
    private var heard: [ItemID: UInt16] = [:]
    var countsSamples = false
    private var isDetecting = true
    /// The next item joins what the client left uncommitted with a turn, without the silence
    /// between.
    private var mayJoin = false
    private var joined: Set<ItemID> = []
    /// The item that the idle timeout made last: nothing joins it.
    private var silence: ItemID?

    mutating func take(_ event: ServerEvent.Body) -> [String] {
        switch event {
        case .inputAudioBufferSpeechStarted(let start, let id):
            defer { speaking = id }
            guard speaking == nil else { return ["speech starts and stops alternate"] }
            return move(to: start)
        case .inputAudioBufferSpeechStopped(let end, let id):
            guard speaking == id else { return ["what stops is what started"] }
            speaking = nil
            return move(to: end)
        case .inputAudioBufferCommitted(let id, _):
            // A commit by the client ends speech without a stop.
            if speaking == id { speaking = nil }
            if mayJoin, id != silence {
                joined.insert(id)
                mayJoin = false
            }
            return []
        case .inputAudioBufferTimeoutTriggered(_, _, let id):
            silence = id
            return []
        case .inputAudioBufferCleared:
            speaking = nil
            mayJoin = false
            return []
        case .sessionUpdated(let session):
            // Who commits by himself hears of no stop.
            if session.configuration.input.turnDetection == nil { speaking = nil }
            let detects = session.configuration.input.turnDetection != nil
            if detects, !isDetecting { mayJoin = true }
            isDetecting = detects
            return []
        default: return []
        }
    }

    mutating func take(_ effect: Session.Effect) -> [String] {
        switch effect {
        case .detect(let frame, let position):
            defer { detected = position + frame.samples.count }
            guard position >= detected else { return ["no sample is judged twice"] }
            return frame.samples.isEmpty ? ["frames hold samples"] : []
        case .feedTranscription(let id, let frame):
            return countsSamples ? count(frame.samples, of: id) : []
        case .startTranscription(let id, _):
            // Speech whose recogniser was dropped is heard anew, from its beginning.
            heard[id] = nil
            return []
        default: return []
        }
    }

    private mutating func move(to position: Duration) -> [String] {
        defer { lastPosition = position }
        return position >= lastPosition ? [] : ["audio positions only grow"]
    }

    private mutating func count(_ samples: [Int16], of id: ItemID) -> [String] {
        guard let first = samples.first, let last = samples.last else {
            return ["frames hold samples"]
        }
        let start = UInt16(bitPattern: first)
        let end = UInt16(bitPattern: last)
        let isWhole = end == start &+ UInt16(truncatingIfNeeded: samples.count - 1)
        defer { heard[id] = end &+ 1 }
        guard !mayJoin, !joined.contains(id) else { return [] }
        guard isWhole, heard[id] ?? start == start else {
            let range = "\(start) to \(end), \(samples.count) samples"
            return ["no sample is heard twice or lost: \(id), \(range)"]
        }
        return []
    }
}
