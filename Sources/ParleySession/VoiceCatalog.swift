internal import ParleyRealtime

/// Which voices a client may name.
struct VoiceCatalog: Sendable {
    /// Voices of the pipeline; empty when it takes any name.
    let voices: [String]

    /// Names that clients hard-code; the pipeline speaks them with a voice of its own.
    ///
    /// - Source: Realtime protocol, `audio.output.voice`, and the reference server's speech voices.
    static let vendorVoices = [
        "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
        "fable", "nova", "onyx",
    ]

    /// Says what is wrong with a voice; nil when it can be spoken.
    func check(_ voice: Voice, param: String) -> ProtocolError? {
        guard !voices.isEmpty, !voices.contains(voice.name),
            !Self.vendorVoices.contains(voice.name)
        else { return nil }
        let near = voices.filter { isNear($0, voice.name) }
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
        return ProtocolError(
            .invalidValue,
            "Unknown voice '\(voice.name.prefix(64))'.\(hint) This pipeline has: "
                + voices.joined(separator: ", ") + ".",
            param: param
        )
    }

    /// Whether one name is likely a slip for the other.
    private func isNear(_ name: String, _ wanted: String) -> Bool {
        let (name, wanted) = (name.lowercased(), wanted.lowercased())
        guard wanted.utf8.count <= 64, !wanted.isEmpty else { return false }
        if name.hasPrefix(wanted) || wanted.hasPrefix(name) { return true }
        return editDistance(Array(name.utf8), Array(wanted.utf8)) <= 2
    }

    private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (right[column] == byte ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
