internal import ParleyAudio
internal import ParleyJSON

/// A response in the beta dialect.
///
/// - Source: Realtime protocol, "Response object", "Items, parts, responses".
struct BetaResponse: JSONWritable {
    let response: Response

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.beginMembers(of: response, output: response.output.map { BetaItem(item: $0) })
            $0.member("modalities", response.outputModality.betaNames)
            $0.member("voice", response.voice)
            $0.member("output_audio_format", response.outputFormat.betaName)
            $0.member("temperature", response.temperature ?? BetaSession.standardTemperature)
            $0.member("max_output_tokens", response.maximumOutputTokens)
            $0.member("usage", response.usage)
            $0.member("metadata", response.metadata)
        }
    }
}

extension OutputModality {
    /// `modalities`: audio always comes with its text.
    var betaNames: [String] {
        switch self {
        case .audio: ["audio", "text"]
        case .text: ["text"]
        }
    }
}

extension AudioFormat {
    /// The format's one word; beta has none for the rates that PCM may have here.
    var betaName: String {
        switch self {
        case .pcm: "pcm16"
        case .pcmu: "g711_ulaw"
        case .pcma: "g711_alaw"
        }
    }
}
