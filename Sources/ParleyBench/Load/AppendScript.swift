internal import ParleyClient
internal import ParleyJSON

/// A session that sends audio as fast as the server takes it.
///
/// After each batch it sends `input_audio_buffer.clear`, whose answer says that all frames before
/// it were taken; two batches are under way at a time, so that the server never waits.
struct AppendScript: LoadScript {
    /// What is counted.
    struct Figures: LoadFigures {
        /// Frames that the server has taken.
        var frames = 0
        /// From the sending of a batch to its answer.
        var batch = Histogram()
        var errors = ErrorTally()
    }

    /// Frames of a batch.
    ///
    /// Chosen: one clear for each fifty appends is lost in the noise.
    static let batchLength = 50
    private static let window = 2

    private let batch: [UInt8]
    private var sentAt: [Duration] = []

    /// Makes a session.
    ///
    /// - Parameter batch: ``batchLength`` frames and a clear, masked.
    init(batch: [UInt8]) {
        self.batch = batch
    }

    static func wantsText(of type: String) -> Bool { type == "error" }

    /// `session.update` of a session without detection: the audio is only taken and kept.
    static let update: [UInt8] = {
        let input: JSON = ["turn_detection": .null, "transcription": .null]
        let session: JSON = ["type": "realtime", "audio": ["input": input]]
        return ClientMessage.event("session.update", ["session": session])
    }()

    mutating func begin(_ clock: StreamClock) -> [LoadAction] {
        sentAt = Array(repeating: clock.start, count: Self.window)
        return Array(repeating: .sendFrames(batch), count: Self.window)
    }

    mutating func nextFrame(at now: Duration, _ figures: inout Figures) -> LoadFrame { .none }

    mutating func receive(_ event: LoadEvent, _ figures: inout Figures) -> [LoadAction] {
        switch event.type {
        case "session.created": return [.send(Self.update)]
        case "session.updated": return [.ready]
        case "input_audio_buffer.cleared":
            guard !sentAt.isEmpty else { return [] }
            figures.frames += Self.batchLength
            figures.batch.record(event.time - sentAt.removeFirst())
            sentAt.append(event.time)
            return [.sendFrames(batch)]
        case "error":
            figures.errors.add(event)
            return sentAt.isEmpty ? [.fail(event.refusal)] : []
        default: return []
        }
    }
}
