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
            return Option(
                name,
                placeholder(of: setting),
                summary(of: setting),
                isRepeatable: setting.takesSeveral,
                isSwitch: setting.placeholder.isEmpty
            )
        }

    /// Those that say which models there are.
    static let ofModels = all.filter {
        [config, "models-dir", "assets-dir", "default-pipeline"].contains($0.name)
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

    /// What stands for a value, as in other commands; words to choose from stand for themselves.
    private static func placeholder(of setting: Setting) -> String? {
        let text = setting.placeholder
        if text.isEmpty { return nil }
        return text.contains("|") ? text : text.uppercased()
    }

    private static func summary(of setting: Setting) -> String {
        let standard = setting.defaultText
        if standard.isEmpty || standard == "false" { return setting.summary }
        if setting.placeholder.isEmpty {
            return setting.summary + " (on; off with \(setting.flag)=false)"
        }
        let words = setting.summary
        let sentence = words.hasSuffix(".") ? words.dropLast() : words[...]
        return "\(sentence) (\(standard))."
    }
}
