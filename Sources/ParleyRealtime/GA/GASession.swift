internal import ParleyAudio
internal import ParleyJSON

/// A realtime session in the GA dialect: complete, with nulls spelled out.
///
/// - Source: Realtime protocol, "Realtime session, GA".
struct GASession: JSONWritable {
    let session: SessionObject

    private var configuration: SessionConfiguration { session.configuration }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("type", "realtime")
            $0.member("object", "realtime.session")
            $0.member("id", session.id.rawValue)
            writeModelMembers(to: &$0)
            $0.member("prompt", configuration.prompt)
            $0.member("tracing", configuration.tracing)
            $0.member("include", configuration.include?.map(\.rawValue))
            $0.member("expires_at", session.expiresAt)
            $0.object("audio") {
                $0.object("input") { write(configuration.input, to: &$0) }
                $0.object("output") { write(configuration.output, to: &$0) }
            }
        }
    }

    private func writeModelMembers(to json: inout JSONWriter) {
        json.member("model", configuration.model)
        json.member("output_modalities", [configuration.outputModality.rawValue])
        json.member("instructions", configuration.instructions.text)
        json.choices(of: configuration)
        json.member("max_output_tokens", configuration.maximumOutputTokens)
        json.member("truncation", configuration.truncation)
    }

    private func write(_ input: SessionConfiguration.Input, to json: inout JSONWriter) {
        json.member("format", GAAudioFormat(format: input.format))
        json.member("transcription", input.transcription)
        json.member("noise_reduction", input.noiseReduction)
        json.member("turn_detection", input.turnDetection)
    }

    private func write(_ output: SessionConfiguration.Output, to json: inout JSONWriter) {
        json.member("format", GAAudioFormat(format: output.format))
        json.member("voice", output.voice)
        json.member("speed", output.speed)
    }
}

/// A format in the GA dialect: an object, with `rate` for PCM only.
struct GAAudioFormat: JSONWritable {
    let format: AudioFormat

    func write(to writer: inout JSONWriter) {
        writer.object {
            switch format {
            case .pcm(let sampleRate):
                $0.member("type", "audio/pcm")
                $0.member("rate", sampleRate)
            case .pcmu: $0.member("type", "audio/pcmu")
            case .pcma: $0.member("type", "audio/pcma")
            }
        }
    }
}
