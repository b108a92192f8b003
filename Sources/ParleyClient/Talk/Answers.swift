internal import ParleyAudio
internal import ParleyNetwork

/// What the server has said, as a listener would hear it.
///
/// Audio comes faster than it sounds. So that an interruption can say what was heard, each item is
/// thought to be played from the moment its first audio came.
struct Answers: Sendable {
    /// The audio of one item.
    struct Item: Sendable, Equatable {
        let id: String
        let begunAt: Duration
        var samples: [Int16] = []
        var isTruncated = false

        /// How long it sounds.
        var duration: Duration { AudioFrame(samples: samples).duration }

        /// How much of it was heard by now.
        func heard(at now: Duration) -> Duration { min(max(now - begunAt, .zero), duration) }
    }

    /// In the order in which they were spoken.
    private(set) var items: [Item] = []
    private var carry = PCM16.Decoder()

    /// Silence between the answers of a recording.
    private static let gap = Duration.milliseconds(300)

    /// Takes audio of an item.
    mutating func append(_ bytes: [UInt8], itemID: String, at now: Duration) {
        if items.last?.id != itemID {
            items.append(Item(id: itemID, begunAt: now))
            carry.reset()
        }
        // What still comes after a truncation was on its way: nobody hears it.
        guard let last = items.indices.last, !items[last].isTruncated else { return }
        items[last].samples += carry.decode(bytes)
    }

    /// The item that would still sound, with what was heard of it.
    func playing(at now: Duration) -> (item: Item, heard: Duration)? {
        guard let item = items.last, !item.isTruncated else { return nil }
        let heard = item.heard(at: now)
        return heard < item.duration ? (item, heard) : nil
    }

    /// Cuts the last item to what was heard.
    mutating func truncate(to heard: Duration) {
        guard let last = items.indices.last else { return }
        let count = Int(heard.inSeconds * Double(AudioFormat.sessionSampleRate))
        items[last].samples = Array(items[last].samples.prefix(count))
        items[last].isTruncated = true
    }

    /// Everything that was heard, one answer after the other.
    var recording: [Int16] {
        let pause = Int(Self.gap.inSeconds * Double(AudioFormat.sessionSampleRate))
        let silence = [Int16](repeating: 0, count: pause)
        return Array(items.map(\.samples).joined(separator: silence))
    }
}
