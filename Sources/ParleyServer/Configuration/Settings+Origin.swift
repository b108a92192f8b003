internal import ParleyNames

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

    /// A setting as the operator called it, so that a problem is found where it was made.
    func name(of path: String) -> String { Settings.name(of: path, in: origin(of: path)) }

    /// An alias of a setting: in the file it has a place of its own.
    func name(of path: String, at pattern: NamePattern) -> String {
        switch origin(of: path) {
        case .file: "\(path).\(pattern)"
        case .environment, .flag: name(of: path)
        }
    }
}
