internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

// What clients write of values that several events hold.

extension AudioFormat {
    var wire: JSON {
        switch self {
        case .pcm(let sampleRate): ["type": "audio/pcm", "rate": .integer(sampleRate)]
        case .pcmu: ["type": "audio/pcmu"]
        case .pcma: ["type": "audio/pcma"]
        }
    }

    /// Beta knows one rate.
    var betaWire: JSON {
        switch self {
        case .pcm: "pcm16"
        case .pcmu: "g711_ulaw"
        case .pcma: "g711_alaw"
        }
    }
}

extension OutputModality {
    /// In beta, audio never comes without its text.
    var betaModalities: JSON { self == .audio ? ["audio", "text"] : ["text"] }
}

extension OutputTokenLimit {
    var wire: JSON {
        switch self {
        case .tokens(let count): .integer(count)
        case .infinite: "inf"
        }
    }
}

extension Voice {
    var wire: JSON {
        switch self {
        case .named(let name): .string(name)
        case .custom(let id): ["id": .string(id)]
        }
    }
}

extension Truncation {
    var wire: JSON { parsed(self) }
}

extension Tracing {
    var wire: JSON { parsed(self) }
}

extension ToolChoice {
    var wire: JSON { parsed(self) }
}

extension Tool {
    /// Without secrets, which traces write by the letter.
    var wire: JSON { parsed(self) }
}

/// What the server writes of a value, where clients write the same.
private func parsed(_ value: some JSONWritable) -> JSON {
    (try? JSON.parse(value.serialized())) ?? .null
}
