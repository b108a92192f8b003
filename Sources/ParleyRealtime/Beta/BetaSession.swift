internal import ParleyAudio
internal import ParleyJSON

/// A realtime session in the beta dialect: flat, with nulls spelled out.
///
/// - Source: Realtime protocol, "GA and beta mapping", "Session".
struct BetaSession: JSONWritable {
    let session: SessionObject
    let clientSecret: WrittenSession.ClientSecret?
    /// Only Speaches has the member.
    var namesSynthesiser = false

    /// What is shown where nobody chose a temperature, and the engine keeps its own.
    ///
    /// - Source: Realtime protocol, "Limits".
    static let standardTemperature = 0.8

    private var configuration: SessionConfiguration { session.configuration }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("id", session.id.rawValue)
            $0.member("object", "realtime.session")
            $0.member("model", configuration.model)
            $0.member("expires_at", session.expiresAt)
            $0.member("modalities", configuration.outputModality.betaNames)
            $0.member("instructions", configuration.instructions.text)
            $0.member("voice", configuration.output.voice)
            writeAudioMembers(to: &$0)
            writeModelMembers(to: &$0)
            $0.member("speed", configuration.output.speed)
            $0.member("tracing", configuration.tracing)
            $0.member("truncation", configuration.truncation)
            $0.member("prompt", configuration.prompt)
            $0.member("include", configuration.include?.map(\.rawValue))
            $0.member("client_secret", clientSecret)
            if namesSynthesiser { $0.member("speech_model", configuration.speechModel) }
        }
    }

    private func writeAudioMembers(to json: inout JSONWriter) {
        let input = configuration.input
        json.member("input_audio_format", input.format.betaName)
        json.member("output_audio_format", configuration.output.format.betaName)
        json.member("input_audio_transcription", input.transcription)
        json.member("input_audio_noise_reduction", input.noiseReduction)
        json.member("turn_detection", input.turnDetection.map(BetaTurnDetection.init))
    }

    private func writeModelMembers(to json: inout JSONWriter) {
        json.choices(of: configuration)
        json.member("temperature", configuration.temperature ?? Self.standardTemperature)
        json.member("max_response_output_tokens", configuration.maximumOutputTokens)
    }
}

/// A transcription session in the beta dialect.
///
/// - Source: Realtime protocol, "Legacy session endpoints", `transcription_session.update`.
struct BetaTranscriptionSession: JSONWritable {
    let session: SessionObject
    let clientSecret: WrittenSession.ClientSecret?

    func write(to writer: inout JSONWriter) {
        let input = session.configuration.input
        writer.object {
            $0.member("id", session.id.rawValue)
            $0.member("object", "realtime.transcription_session")
            $0.member("expires_at", session.expiresAt)
            $0.member("input_audio_format", input.format.betaName)
            $0.member("input_audio_transcription", input.transcription)
            $0.member(
                "turn_detection",
                input.turnDetection.map(TranscriptionTurnDetection.init)
            )
            $0.member("input_audio_noise_reduction", input.noiseReduction)
            $0.member("include", session.configuration.include?.map(\.rawValue))
            $0.member("client_secret", clientSecret)
        }
    }
}

/// Turn detection in the beta dialect, which has no idle timeout.
private struct BetaTurnDetection: JSONWritable {
    let detection: TurnDetection

    func write(to writer: inout JSONWriter) {
        writer.object {
            detection.writeDetector(to: &$0)
            detection.writeAnswer(to: &$0)
        }
    }
}
