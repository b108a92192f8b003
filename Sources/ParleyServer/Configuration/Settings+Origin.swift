internal import ParleyYAML

extension Settings {
    /// Where a setting's value came from.
    enum Origin: Sendable {
        case file
        case environment
        case flag
    }

    /// What an operator calls a setting who sets it there; the path itself where it is none.
    static func name(of path: String, in origin: Origin) -> String {
        guard let setting = all.first(where: { $0.path == path }) else { return path }
        switch origin {
        case .file: return setting.path
        case .environment: return setting.variable
        case .flag: return setting.flag
        }
    }
}

extension ServerConfiguration.Sources {
    /// Where a setting's value comes from.
    func origin(of path: String) -> Settings.Origin {
        if flags.contains(where: { $0.name == Settings.name(of: path, in: .flag) }) { return .flag }
        let variable = Settings.name(of: path, in: .environment)
        return environment[variable] == nil ? .file : .environment
    }

    /// A problem of a setting, told where its value was given: at a place of the file, or by the
    /// name of the variable or flag.
    ///
    /// - Parameters:
    ///   - message: What was found and what was expected.
    ///   - path: The setting.
    ///   - steps: From its value to what is wrong in it, where that has a place in the file.
    /// - Returns: The problem, with the setting as its operator calls it.
    func problem(_ message: String, with path: String, at steps: [YAMLStep] = []) -> YAMLProblem {
        let origin = origin(of: path)
        guard origin == .file else {
            return YAMLProblem(message, path: Settings.name(of: path, in: origin))
        }
        let all = path.split(separator: ".").map { YAMLStep.key(String($0)) } + steps
        // Read again: problems are rare, and no other reader needs the tree.
        let position = (try? file?.tree())?.position(of: all)
        return YAMLProblem(message, path: all.path, at: position, file: file?.name)
    }
}
