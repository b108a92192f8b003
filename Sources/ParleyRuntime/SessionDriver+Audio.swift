internal import ParleyAudio
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleySession

// Long audio, of which one message may bring minutes.

extension SessionDriver {
    /// Bytes of audio that are heard before others on the loop have their turn.
    ///
    /// Chosen: two seconds of PCM; to filter and to judge them takes some milliseconds.
    private static let pieceByteCount = 96_000

    /// Whether an event brings so much audio that others would wait for long.
    func isLong(_ event: ClientEvent) -> Bool {
        guard let audio = event.audio, audio.count > Self.pieceByteCount else { return false }
        // What doesn't fit is refused as one.
        return audio.count <= freeAudioByteCount
    }

    /// Lets the session handle long audio as if it came in several events.
    func hear(_ event: ClientEvent) async {
        guard let audio = event.audio else { return }
        for start in stride(from: 0, to: audio.count, by: Self.pieceByteCount) {
            if start > 0 { await loop.giveWay() }
            let end = min(start + Self.pieceByteCount, audio.count)
            handle(.client(event.bringing(Array(audio[start..<end]))))
        }
    }

    /// Gives a recogniser more audio: of a commit of minutes the rest while others have their turn.
    func feed(_ item: ItemID, _ frame: AudioFrame) {
        let wasBehind = recognisers[item]?.isBehind ?? false
        recognisers[item]?.append(frame)
        guard !wasBehind, recognisers[item]?.isBehind == true else { return }
        start(.feed(item)) { driver in
            await driver.catchUp(item)
        }
    }

    private func catchUp(_ item: ItemID) async {
        while recognisers[item]?.isBehind == true {
            await loop.giveWay()
            recognisers[item]?.catchUp()
        }
    }
}

extension ClientEvent {
    /// What an append event brings; nil for other events.
    var audio: [UInt8]? {
        if case .inputAudioBufferAppend(let audio) = body { return audio }
        if case .sessionInputAudioBufferAppend(let audio) = body { return audio }
        return nil
    }

    /// The same append event with other audio.
    fileprivate func bringing(_ audio: [UInt8]) -> ClientEvent {
        if case .sessionInputAudioBufferAppend = body {
            return ClientEvent(id: id, .sessionInputAudioBufferAppend(audio: audio))
        }
        return ClientEvent(id: id, .inputAudioBufferAppend(audio: audio))
    }
}
