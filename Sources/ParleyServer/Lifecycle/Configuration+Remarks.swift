internal import ParleyNetwork

extension Configuration {
    /// Tells what is no mistake, but hardly what was meant.
    ///
    /// Engines load with their first session, so that one pipeline which can't leaves the others
    /// alone; who has mistyped a path should learn of it before that.
    func remark(to log: Logger) {
        if let folder = server.modelsDirectory, pipelines == .builtIn {
            log.warning("The models folder holds no pipeline", ["folder": "\(folder)"])
        }
        for pipeline in pipelines.pipelines {
            for (role, fault) in pipeline.modelFaults {
                log.warning(
                    "Sessions will fail, for a model is missing",
                    [
                        "pipeline": "\(pipeline.name)", "stage": "\(role.rawValue)",
                        "reason": "\(fault)",
                    ]
                )
            }
        }
    }
}

extension PipelineConfiguration {
    /// Models on this machine that the pipeline names and that can't be read, by their stages.
    fileprivate var modelFaults: [(role: StageRole, fault: String)] {
        var faults: [(StageRole, String)] = []
        if case .silero(let model?) = voiceActivity.options,
            let fault = ConfigurationFolder.fault(ofFile: model)
        {
            faults.append((.vad, fault))
        }
        if case .pocketSphinx(let model?, _) = transcription.options,
            let fault = ConfigurationFolder.fault(ofFolder: model)
        {
            faults.append((.transcription, fault))
        }
        return faults
    }
}
