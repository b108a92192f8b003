internal import ParleyJSON

/// A transcription session in the GA dialect.
///
/// - Source: Realtime protocol, "Transcription session, GA", "Sample objects".
struct GATranscriptionSession: JSONWritable {
    let session: SessionObject

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", "transcription")
            $0.member("object", "realtime.transcription_session")
            $0.member("id", session.id.rawValue)
            $0.member("expires_at", session.expiresAt)
            $0.member("include", session.configuration.include?.map(\.rawValue))
            $0.object("audio") {
                $0.object("input") { write(session.configuration.input, to: &$0) }
            }
        }
    }

    private func write(_ input: SessionConfiguration.Input, to json: inout JSONWriter) {
        json.member("format", GAAudioFormat(format: input.format))
        json.member("transcription", input.transcription)
        json.member("noise_reduction", input.noiseReduction)
        json.member("turn_detection", input.turnDetection.map(TranscriptionTurnDetection.init))
    }
}

/// Turn detection where nothing is answered: without the members that say when and how.
struct TranscriptionTurnDetection: JSONWritable {
    let detection: TurnDetection

    func write(to writer: inout JSONWriter) {
        writer.object { detection.writeDetector(to: &$0) }
    }
}
