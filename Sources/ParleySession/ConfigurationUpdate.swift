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
        switch old.kind {
        case .realtime:
            mergeInput(update, into: &new)
            merge(update, into: &new)
        case .transcription:
            mergeInput(update, into: &new)
            new.include.take(update.include)
            // What says how to answer is of no use here: clients send it all the same.
            new = new.settled
        case .translation: mergeTranslation(update, into: &new)
        }
        if let error = fault(of: update, from: old, to: new) { return .failure(error) }
        return .success(new)
    }

    private func merge(_ update: SessionUpdate, into new: inout SessionConfiguration) {
        if case .set(let model) = update.model { new.model = model }
        new.include.take(update.include)
        new.outputModality.take(update.outputModality, default: defaults.outputModality)
        mergeInstructions(update, into: &new.instructions)
        new.tools.take(update.tools, default: [])
        new.toolChoice.take(update.toolChoice, default: .auto)
        // New tools without the one that had to be called: nobody asked for that one now.
        if update.toolChoice == .keep, update.tools != .keep, new.toolChoiceFault(param: "") != nil
        {
            new.toolChoice = .auto
        }
        new.allowsParallelToolCalls.take(update.allowsParallelToolCalls)
        new.reasoningEffort.take(update.reasoningEffort)
        new.maximumOutputTokens.take(
            update.maximumOutputTokens,
            default: defaults.maximumOutputTokens
        )
        new.temperature.take(update.temperature, default: defaults.temperature)
        new.truncation.take(update.truncation, default: defaults.truncation)
        new.prompt.take(update.prompt)
        // It stays as it was spelt first.
        if new.tracing.map(update.tracing.keeps) != true { new.tracing.take(update.tracing) }
        new.output.format.take(update.outputFormat, default: defaults.output.format)
        new.output.voice.take(update.voice, default: defaults.output.voice)
        new.output.speed.take(update.speed, default: defaults.output.speed)
    }

    private func mergeInstructions(
        _ update: SessionUpdate,
        into instructions: inout Instructions
    ) {
        instructions.written.take(update.instructions, default: defaults.instructions.written)
        switch update.prompt {
        case .keep: break
        case .reset: instructions.stored = nil
        case .set(let prompt): instructions.stored = promptText(prompt)
        }
    }

    private func promptText(_ prompt: JSONObject) -> String? {
        try? prompts.instructions(for: prompt, param: "").get()
    }

    private func mergeInput(
        _ update: SessionUpdate,
        into new: inout SessionConfiguration
    ) {
        var input = new.input
        defer { new.input = input }
        input.format.take(update.inputFormat, default: defaults.input.format)
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
        new.output.language.take(update.outputLanguage, default: defaults.output.language)
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
        from old: SessionConfiguration,
        to new: SessionConfiguration
    ) -> ProtocolError? {
        if let error = kindFault(of: update, old) ?? recogniserFault(from: old, to: new) {
            return error
        }
        switch old.kind {
        case .realtime:
            return fixedMemberFault(of: update, old)
                ?? unavailableFault(update)
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

    private func unavailableFault(_ update: SessionUpdate) -> ProtocolError? {
        if case .set(let prompt) = update.prompt {
            return prompts.fault(of: prompt, param: "session.prompt")
        }
        return nil
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
    /// Says why the tool that must be called can't be; nil when it can.
    func toolChoiceFault(param: String) -> ProtocolError? {
        let wanted: String
        switch toolChoice {
        case .auto, .none, .required: return nil
        case .function(let name):
            guard !tools.contains(where: { $0.functionName == name }) else { return nil }
            wanted = "the function \(name.quoted)"
        case .mcp(let label, _):
            guard !tools.contains(where: { $0.serverLabel == label }) else { return nil }
            wanted = "the server \(label.quoted)"
        }
        return ProtocolError(
            .invalidValue,
            "The tool choice is \(wanted), which is not among the tools; "
                + "set 'tools' and 'tool_choice' together.",
            param: param
        )
    }
}

extension Tool {
    fileprivate var functionName: String? {
        if case .function(let function) = self { function.name } else { nil }
    }

    fileprivate var serverLabel: String? {
        if case .mcp(let server) = self { server.serverLabel } else { nil }
    }
}
