internal import ParleyRealtime

extension PipelineConfiguration.SessionDefaults {
    /// What a session starts with: the documented defaults, and over them what the pipeline says.
    ///
    /// - Parameters:
    ///   - model: The pipeline's name.
    ///   - voice: The voice where the pipeline names none.
    ///   - speechModel: What speaks.
    /// - Returns: What `session.created` shows.
    func configuration(
        model: String,
        voice: String,
        speechModel: String? = nil
    ) -> SessionConfiguration {
        var configuration = SessionConfiguration(
            model: model,
            voice: .named(self.voice ?? voice)
        )
        if let instructions { configuration.instructions.standard = instructions }
        if let speed { configuration.output.speed = speed }
        if let outputLanguage { configuration.output.language = outputLanguage }
        if let maximumOutputTokens { configuration.maximumOutputTokens = maximumOutputTokens }
        configuration.speechModel = speechModel
        configuration.temperature = temperature
        if let reasoningEffort { configuration.reasoningEffort = reasoningEffort }
        if let outputModality { configuration.outputModality = outputModality }
        switch turnDetection {
        case .standard: break
        case .off: configuration.input.turnDetection = nil
        case .configured(let detection): configuration.input.turnDetection = detection
        }
        return configuration
    }
}
