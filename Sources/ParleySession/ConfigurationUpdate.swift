internal import ParleyAudio
internal import ParleyJSON
internal import ParleyRealtime

/// Applies a `session.update` to a configuration: all of it or nothing.
///
/// - Source: Realtime protocol, "Update rules".
struct ConfigurationUpdate: Sendable {
    /// What `null` goes back to.
    let defaults: SessionConfiguration
    let names: SessionNames
    /// Which MCP servers may be among the tools, and how many.
    let toolServers: ToolServerRules
    let toolServerCount: Int
    let prompts: PromptCatalog
    /// Assistant audio exists: this voice is the session's for good.
    let voiceHeard: Voice?
    /// A response is in progress: the speed is fixed.
    let isResponding: Bool

    /// The configuration after the update, or what is wrong with the update.
    func applied(
        _ update: SessionUpdate,
        to old: SessionConfiguration
    ) -> Result<SessionConfiguration, ProtocolError> {
        var new = old
        let prompt = promptText(of: update)
        switch old.kind {
        case .realtime:
            mergeInput(update, into: &new)
            merge(update, into: &new)
            if let prompt { new.instructions.stored = try? prompt.get() }
        case .transcription:
            mergeInput(update, into: &new)
            new.include.merge(update.include)
            // What says how to answer is of no use here: clients send it all the same.
            new = new.settled
        case .translation: mergeTranslation(update, into: &new)
        }
        if let error = fault(of: update, prompt, from: old, to: new) { return .failure(error) }
        return .success(new)
    }

    private func merge(_ update: SessionUpdate, into new: inout SessionConfiguration) {
        if case .set(let model) = update.model { new.model = model }
        new.include.merge(update.include)
        new.outputModality.merge(update.outputModality, default: defaults.outputModality)
        new.instructions.written.merge(
            update.instructions,
            default: defaults.instructions.written
        )
        new.tools.merge(update.tools, default: [])
        new.toolChoice.merge(update.toolChoice, default: .auto)
        // New tools without the one that had to be called: nobody asked for that one now.
        if update.toolChoice == .keep, update.tools != .keep, !new.canMeetToolChoice {
            new.toolChoice = .auto
        }
        new.allowsParallelToolCalls.merge(update.allowsParallelToolCalls)
        new.reasoningEffort.merge(update.reasoningEffort)
        new.maximumOutputTokens.merge(
            update.maximumOutputTokens,
            default: defaults.maximumOutputTokens
        )
        new.temperature.merge(update.temperature, default: defaults.temperature)
        new.truncation.merge(update.truncation, default: defaults.truncation)
        new.prompt.merge(update.prompt)
        // It stays as it was spelt first.
        if new.tracing.map(update.tracing.keeps) != true { new.tracing.merge(update.tracing) }
        new.output.format.merge(update.outputFormat, default: defaults.output.format)
        new.output.voice.merge(update.voice, default: defaults.output.voice)
        new.output.speed.merge(update.speed, default: defaults.output.speed)
    }

    /// The instructions that a stored prompt gives from now on, nil in them for none, or why it
    /// can't be had; nil where the prompt stays.
    private func promptText(of update: SessionUpdate) -> Result<String?, ProtocolError>? {
        switch update.prompt {
        case .keep: nil
        case .reset: .success(nil)
        case .set(let prompt):
            prompts.instructions(for: prompt, param: "session.prompt").map(Optional.some)
        }
    }

    private func mergeInput(
        _ update: SessionUpdate,
        into new: inout SessionConfiguration
    ) {
        var input = new.input
        defer { new.input = input }
        input.format.merge(update.inputFormat, default: defaults.input.format)
        mergeHearing(update, into: &input)
        switch update.turnDetection {
        case .keep: break
        case .reset: input.turnDetection = nil
        case .set(let members):
            input.turnDetection = TurnDetection.merging(
                members,
                into: input.turnDetection,
                default: new.kind.standardDetection
            )
        }
    }

    /// What sessions of every kind may change.
    private func mergeHearing(
        _ update: SessionUpdate,
        into input: inout SessionConfiguration.Input
    ) {
        switch update.noiseReduction {
        case .keep: break
        case .reset: input.noiseReduction = nil
        case .set(let members):
            input.noiseReduction = NoiseReduction.merging(members, into: input.noiseReduction)
        }
        switch update.transcription {
        case .keep: break
        case .reset: input.transcription = standardTranscription
        case .set(let members):
            let old = input.transcription ?? InputTranscription()
            input.transcription = old.merging(members, default: standardRecogniser)
        }
    }

    private func mergeTranslation(
        _ update: SessionUpdate,
        into new: inout SessionConfiguration
    ) {
        mergeHearing(update, into: &new.input)
        new.output.language.merge(update.outputLanguage, default: defaults.output.language)
    }

    /// What transcribes where nobody says: the pipeline's own.
    ///
    /// In a translation session somebody has to.
    private var standardRecogniser: String? {
        switch defaults.kind {
        case .realtime: names.standardRecogniser
        case .transcription: defaults.input.transcription?.model
        case .translation: nil
        }
    }

    /// What `null` does to the transcription: off, except in a session that is there for nothing
    /// else.
    private var standardTranscription: InputTranscription? {
        switch defaults.kind {
        case .realtime, .translation: nil
        case .transcription: defaults.input.transcription
        }
    }
}

// MARK: - What may change

extension ConfigurationUpdate {
    private func fault(
        of update: SessionUpdate,
        _ prompt: Result<String?, ProtocolError>?,
        from old: SessionConfiguration,
        to new: SessionConfiguration
    ) -> ProtocolError? {
        if let error = kindFault(of: update, old) ?? recogniserFault(from: old, to: new) {
            return error
        }
        switch old.kind {
        case .realtime:
            return fixedMemberFault(of: update, old)
                ?? prompt?.fault
                ?? toolFault(update)
                ?? new.toolChoiceFault(param: "session.tool_choice")
                ?? outputFault(from: old, to: new)
        case .transcription: return nil
        case .translation: return modelFault(of: update, old) ?? transcriptionFault(of: new)
        }
    }

    private func kindFault(
        of update: SessionUpdate,
        _ old: SessionConfiguration
    ) -> ProtocolError? {
        guard let kind = update.kind, kind != old.kind else { return nil }
        return ProtocolError(
            .invalidValue,
            "The type of a session can't change: it is '\(old.kind.rawValue)', not "
                + "'\(kind.rawValue)'.",
            param: "session.type"
        )
    }

    private func recogniserFault(
        from old: SessionConfiguration,
        to new: SessionConfiguration
    ) -> ProtocolError? {
        guard let name = new.input.transcription?.model,
            name != old.input.transcription?.model
        else { return nil }
        return names.fault(ofRecogniser: name, param: "session.audio.input.transcription.model")
    }

    private func fixedMemberFault(
        of update: SessionUpdate,
        _ old: SessionConfiguration
    ) -> ProtocolError? {
        if let error = modelFault(of: update, old) { return error }
        guard let tracing = old.tracing, !update.tracing.keeps(tracing) else { return nil }
        return ProtocolError(
            .invalidValue,
            "Tracing is on and can't be changed any more.",
            param: "session.tracing"
        )
    }

    private func modelFault(
        of update: SessionUpdate,
        _ old: SessionConfiguration
    ) -> ProtocolError? {
        guard case .set(let model) = update.model, model != old.model, !names.isModel(model) else {
            return nil
        }
        return ProtocolError(
            .invalidValue,
            "The model of a session can't change: it is '\(old.model)'.",
            param: "session.model"
        )
    }

    /// A translation session shows the model of its transcription and nothing else.
    private func transcriptionFault(of new: SessionConfiguration) -> ProtocolError? {
        guard let transcription = new.input.transcription, transcription.model == nil else {
            return nil
        }
        return ProtocolError(
            .missingRequiredParameter,
            "The transcription names no model.",
            param: "session.audio.input.transcription.model"
        )
    }

    private func toolFault(_ update: SessionUpdate) -> ProtocolError? {
        guard case .set(let tools) = update.tools else { return nil }
        return toolServers.fault(of: tools, limit: toolServerCount, param: "session.tools")
    }

    private func outputFault(
        from old: SessionConfiguration,
        to new: SessionConfiguration
    ) -> ProtocolError? {
        let param = "session.audio.output.voice"
        // A custom voice is shown by its id alone, and comes back so.
        if new.output.voice.name != old.output.voice.name {
            if let error = names.fault(of: new.output.voice, param: param) { return error }
            if let voiceHeard, !names.areSame(new.output.voice, voiceHeard) {
                return .voiceLocked(voiceHeard, param: param)
            }
        }
        if new.output.speed != old.output.speed, isResponding {
            return ProtocolError(
                .invalidValue,
                "The speed can't change while a response is in progress.",
                param: "session.audio.output.speed"
            )
        }
        return nil
    }
}

extension Result where Failure == ProtocolError {
    /// What is wrong; nil for nothing.
    var fault: ProtocolError? {
        if case .failure(let error) = self { error } else { nil }
    }
}

extension ProtocolError {
    static func voiceLocked(_ voice: Voice, param: String) -> Self {
        Self(
            .voiceLocked,
            "The voice can't change any more: the session has spoken with '\(voice.name)'.",
            param: param
        )
    }
}

extension SessionConfiguration {
    /// The tool that must be called is among the tools, where one must.
    var canMeetToolChoice: Bool {
        switch toolChoice {
        case .auto, .none, .required: true
        case .function(let name): tools.contains { $0.function?.name == name }
        case .mcp(let label, _): tools.contains { $0.server?.serverLabel == label }
        }
    }

    /// Says why the tool that must be called can't be; nil when it can.
    func toolChoiceFault(param: String) -> ProtocolError? {
        guard !canMeetToolChoice else { return nil }
        let wanted: String
        switch toolChoice {
        case .auto, .none, .required: return nil
        case .function(let name): wanted = "the function \(name.quoted)"
        case .mcp(let label, _): wanted = "the server \(label.quoted)"
        }
        return ProtocolError(
            .invalidValue,
            "The tool choice is \(wanted), which is not among the tools; "
                + "set 'tools' and 'tool_choice' together.",
            param: param
        )
    }
}
