internal import ParleyNetwork

extension Configuration {
    /// What a configuration that was read again says otherwise and only a restart can bring:
    /// settings by their keys, and `pipelines` for all that the models folder holds.
    func changesThatWait(in new: Configuration) -> [String] {
        let settings = Settings.all.filter { setting in
            !setting.isReloaded && setting.text(in: server) != setting.text(in: new.server)
        }
        let samePipelines = pipelines == new.pipelines && scripts == new.scripts
        return settings.map(\.path) + (samePipelines ? [] : ["pipelines"])
    }

    /// The first key that names a pipeline which is not among those that run; nil for none.
    func keyWithoutPipeline(among running: [String]) -> APIKey? {
        server.apiKeys.first { key in key.pipeline.map { !running.contains($0) } ?? false }
    }
}
