package import ParleyScriptedEngine
package import ParleySession
package import ParleyYAML

/// Everything an operator decides: the server, its pipelines and their scripts.
package struct Configuration: Sendable, Equatable {
    package var server: ServerConfiguration
    package var pipelines: PipelineCatalog
    /// Scripts by the path that a pipeline names.
    package var scripts: [String: Script]
    /// What clients may name as their prompt.
    package var prompts = PromptCatalog()

    /// The file that is read when none is named, if it is there.
    package static let defaultFile = "parley.yaml"
    /// The models folder when none is named, if it is there.
    package static let defaultModelsDirectory = "models"

    /// Reads all configuration from disk, environment and flags.
    ///
    /// - Parameters:
    ///   - path: `parley.yaml` by another name, as `--config` gives it; it then must exist.
    ///   - environment: All variables of the process.
    ///   - flags: Flags with their dashes, `--config` not among them.
    /// - Returns: The configuration, complete and checked.
    /// - Throws: `YAMLProblems` with everything that is wrong in all files.
    package static func load(
        path: String? = nil,
        environment: [String: String],
        flags: [(name: String, value: String?)]
    ) throws(YAMLProblems) -> Configuration {
        var loader = ConfigurationLoader(path: path, environment: environment, flags: flags)
        return try loader.load()
    }
}
