internal import ParleyAudio
internal import ParleyClient
internal import ParleyNetwork

/// What every session of a run hears, round and round, each from a place of its own.
package struct InputTrack: Sendable, Equatable {
    /// 24,000 Hz, one channel.
    package let samples: [Int16]
    /// What it is, for the result.
    package let name: String

    /// Loudness of the noise between utterances: -60 dBFS, a quiet room.
    private static let noisePeak = 32.0
    /// Silence after a recording, so that its last utterance ends before its first one comes again.
    private static let pause = Duration.milliseconds(1_500)

    /// Mostly a quiet room, with two utterances in twenty seconds.
    ///
    /// People listen longer than they speak: a session of an hour holds some minutes of speech. So
    /// a sixth of the track is speech.
    package static func synthetic() -> InputTrack {
        var voice = SyntheticVoice()
        let parts = [
            room(.milliseconds(4_000)), voice.utterance(.milliseconds(1_200)),
            room(.milliseconds(7_000)), voice.utterance(.milliseconds(2_000)),
            room(.milliseconds(5_800)),
        ]
        return InputTrack(samples: Array(parts.joined()), name: "synthetic voice, 16 % speech")
    }

    /// A recording and a pause.
    ///
    /// - Parameters:
    ///   - samples: 24,000 Hz, one channel.
    ///   - name: What the result calls it.
    /// - Returns: The track.
    package static func recording(_ samples: [Int16], name: String) -> InputTrack {
        InputTrack(samples: samples + room(pause), name: name)
    }

    /// The noise of a quiet room.
    static func room(_ duration: Duration) -> [Int16] {
        var noise = Noise(seed: UInt64(bitPattern: duration.inNanoseconds))
        let count = Int(duration.inSeconds * Double(AudioFormat.sessionSampleRate))
        return (0..<count).map { _ in Int16((noise.next() * noisePeak).rounded()) }
    }
}

/// One utterance, from its first loud sample to its last.
///
/// Knowing where it begins and ends, a load generator can say how late the server noticed.
package struct Utterance: Sendable, Equatable {
    /// 24,000 Hz, one channel.
    package let samples: [Int16]
    /// What it is, for the result.
    package let name: String

    /// What counts as loud: -40 dBFS, well above a room and well below a voice.
    private static let loud = Int16(328)

    /// Cuts what is quiet off both ends; nil when nothing is loud.
    package init?(_ samples: [Int16], name: String) {
        guard let first = samples.firstIndex(where: { $0.magnitude >= Self.loud.magnitude }),
            let last = samples.lastIndex(where: { $0.magnitude >= Self.loud.magnitude })
        else { return nil }
        self.samples = Array(samples[first...last])
        self.name = name
    }

    /// A second and a half of ``SyntheticVoice``.
    package static func synthetic() -> Utterance? {
        var voice = SyntheticVoice()
        return Utterance(voice.utterance(.milliseconds(1_500)), name: "synthetic voice")
    }
}
