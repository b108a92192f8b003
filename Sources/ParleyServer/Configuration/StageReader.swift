internal import ParleyHTTP
internal import ParleyNames
internal import ParleyRemoteEngine
internal import ParleyYAML

/// The four roles of a pipeline, by their keys in its file.
enum StageRole: String, CaseIterable {
    case vad, transcription, llm, tts

    /// The engines that can fill the role.
    var engines: [String] {
        switch self {
        case .vad: ["silero"]
        case .transcription: ["pocketsphinx", "openai"]
        case .llm: ["scripted", "openai"]
        case .tts: ["flite", "openai"]
        }
    }

    /// Every engine there is.
    static let allEngines = ["silero", "pocketsphinx", "scripted", "flite", "openai"]
}

/// Reads the options of one stage, for one role; what is wrong is noted in the section.
struct StageReader {
    let surroundings: PipelineReader.Surroundings

    /// The engine that a stage names, if it can fill the role; without one nobody knows which
    /// options there are.
    private func engine(_ section: YAMLSection, for role: StageRole) -> String? {
        guard section.contains("engine") else {
            return section.missing("engine", expected: NearMatch.alternatives(role.engines))
        }
        guard let name = section.string("engine") else { return nil }
        if role.engines.contains(name) { return name }
        _ = section.entries()
        let known = StageRole.allEngines.contains(name)
        let found = known ? "\"\(name)\" can't be the \(role.rawValue)" : "found \"\(name)\""
        let hint = NearMatch.hint(for: name, among: role.engines)
        let expected = NearMatch.alternatives(role.engines)
        return section.invalid("engine", "\(found), expected \(expected)\(hint)")
    }

    func voiceActivity(_ section: YAMLSection) -> PipelineConfiguration.VoiceActivityOptions? {
        guard engine(section, for: .vad) != nil else { return nil }
        return .silero(model: section.string("model"))
    }

    func transcription(_ section: YAMLSection) -> PipelineConfiguration.TranscriptionOptions? {
        switch engine(section, for: .transcription) {
        case "openai"?:
            var options = RemoteTranscriptionEngine.Options()
            options.streams = section.bool("stream") ?? false
            options.diarises = section.bool("diarise") ?? false
            options.prompt = section.string("prompt")
            options.isSpeculative = section.bool("speculative") ?? false
            return endpoint(section).map { .remote($0, options) }
        case .some:
            return .pocketSphinx(
                model: section.string("model"),
                decoders: section.integer("decoders", in: 1...64)
            )
        case nil:
            return nil
        }
    }

    func language(_ section: YAMLSection) -> PipelineConfiguration.LanguageOptions? {
        switch engine(section, for: .llm) {
        case "openai"?: endpoint(section).map { .remote($0) }
        case .some: .scripted(script: script(section))
        case nil: nil
        }
    }

    private func script(_ section: YAMLSection) -> String? {
        guard let name = section.string("script") else { return nil }
        if let fault = surroundings.scriptFault(name) { return section.invalid("script", fault) }
        return name
    }

    func speech(_ section: YAMLSection) -> PipelineConfiguration.SpeechOptions? {
        switch engine(section, for: .tts) {
        case "openai"?:
            let format = section.choice("format", of: SpeechFormat.self) ?? .pcm
            return endpoint(section).map { .remote($0, format: format) }
        case .some:
            return .flite(workers: section.integer("workers", in: 1...64))
        case nil:
            return nil
        }
    }

    private func endpoint(_ section: YAMLSection) -> RemoteEndpoint? {
        let key = section.secret("api_key", environment: surroundings.environment)
        let model = requiredString("model", of: section, expected: "the model's name there")
        let url = baseURL(section)
        let timeouts = timeouts(section.section("timeouts"))
        let retries = retries(section.section("retries"))
        let limit = section.integer("max_requests", in: 1...4_096)
        guard let model, let url else { return nil }
        var endpoint = RemoteEndpoint(baseURL: url, key: key, model: model)
        endpoint.timeouts = timeouts
        endpoint.retries = retries
        if let limit { endpoint.requestLimit = limit }
        return endpoint
    }

    private func requiredString(
        _ key: String,
        of section: YAMLSection,
        expected: String
    ) -> String? {
        guard section.contains(key) else { return section.missing(key, expected: expected) }
        return section.string(key)
    }

    private func baseURL(_ section: YAMLSection) -> WebURL? {
        let expected = "a URL such as http://localhost:11434/v1"
        guard let text = requiredString("base_url", of: section, expected: expected) else {
            return nil
        }
        do throws(WebURL.ParseFailure) {
            let url = try WebURL(text)
            if !url.scheme.isWebSocket { return url }
            return section.invalid("base_url", "found \"\(text)\", expected \(expected)")
        } catch {
            // The text may hold a key where none belongs, so it is not repeated.
            return section.invalid("base_url", "\(error.message); expected \(expected)")
        }
    }

    private func timeouts(_ section: YAMLSection?) -> RemoteEndpoint.Timeouts {
        var timeouts = RemoteEndpoint.Timeouts()
        guard let section else { return timeouts }
        let range = 1...3_600_000
        func read(_ key: String, _ member: WritableKeyPath<RemoteEndpoint.Timeouts, Duration>) {
            guard let milliseconds = section.integer(key, in: range) else { return }
            timeouts[keyPath: member] = .milliseconds(milliseconds)
        }
        read("connect_ms", \.connect)
        read("first_byte_ms", \.firstByte)
        read("idle_ms", \.idle)
        read("total_ms", \.total)
        return timeouts
    }

    private func retries(_ section: YAMLSection?) -> RemoteEndpoint.Retries {
        var retries = RemoteEndpoint.Retries()
        guard let section else { return retries }
        if let limit = section.integer("limit", in: 0...10) { retries.limit = limit }
        if let backoff = section.integer("backoff_ms", in: 0...60_000) {
            retries.backoff = .milliseconds(backoff)
        }
        if let longest = section.integer("longest_wait_ms", in: 0...600_000) {
            retries.longestWait = .milliseconds(longest)
        }
        return retries
    }
}
