internal import FoundationEssentials
internal import ParleyServer
internal import ParleyYAML

/// The options of the commands that read the server's configuration: one for each setting.
enum ServerOptions {
    private static let config = "config"

    /// All of them, as the table of settings has them.
    static let all: [Option] =
        [
            Option(
                config,
                "FILE",
                "Configuration file; \(Configuration.defaultFile), if there is one."
            )
        ]
        + Settings.all.map { setting in
            let name = String(setting.flag.dropFirst(2))
            let value = setting.placeholder.isEmpty ? nil : setting.placeholder
            return Option(name, value, summary(of: setting), isRepeatable: setting.takesSeveral)
        }

    /// The configuration that file, environment and arguments make together.
    ///
    /// - Throws: `YAMLProblems` with everything that is wrong.
    static func configuration(_ arguments: Arguments) throws(YAMLProblems) -> Configuration {
        let flags = arguments.given.filter { given in
            Settings.all.contains { $0.flag == "--\(given.name)" }
        }
        return try Configuration.load(
            path: arguments.text(config),
            environment: ProcessInfo.processInfo.environment,
            flags: flags.map { ("--\($0.name)", $0.value) }
        )
    }

    private static func summary(of setting: Setting) -> String {
        let standard = setting.defaultText
        let suffix = standard.isEmpty || setting.placeholder.isEmpty ? "" : " (\(standard))"
        return setting.summary + suffix
    }
}
