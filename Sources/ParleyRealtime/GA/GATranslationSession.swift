internal import ParleyJSON

/// A translation session, which there is in the GA dialect only.
///
/// Of the transcription the schema has the model alone.
///
/// - Source: Realtime protocol, "Translation session".
struct GATranslationSession: JSONWritable {
    let session: SessionObject

    func write(to writer: inout JSONWriter) {
        let configuration = session.configuration
        writer.object {
            $0.member("type", "translation")
            $0.member("id", session.id.rawValue)
            $0.member("model", configuration.model)
            $0.member("expires_at", session.expiresAt)
            $0.object("audio") {
                $0.object("input") { write(configuration.input, to: &$0) }
                $0.object("output") { $0.member("language", configuration.output.language) }
            }
        }
    }

    private func write(_ input: SessionConfiguration.Input, to json: inout JSONWriter) {
        if let model = input.transcription?.model {
            json.object("transcription") { $0.member("model", model) }
        } else {
            json.member("transcription", JSON.null)
        }
        json.member("noise_reduction", input.noiseReduction)
    }
}
