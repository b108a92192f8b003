internal import ParleyNames
package import ParleyYAML

extension ServerConfiguration {
    /// Where settings come from; later ones win: file, environment, flags.
    package struct Sources: Sendable {
        /// `parley.yaml`: how problems name it, and its text.
        package var file: ConfigurationFile?
        /// All variables of the process.
        package var environment: [String: String] = [:]
        /// Flags with their dashes; nil as the value of one that stands alone.
        package var flags: [(name: String, value: String?)] = []

        /// Makes sources that say nothing.
        package init() {}
    }

    /// What the sources come to, and everything that is wrong with them.
    struct Reading {
        /// Of settings that were wrong, the default stands.
        var configuration = ServerConfiguration()
        var problems: [YAMLProblem] = []
        /// The file is YAML, or there is none.
        var knowsFile = true

        /// Whether nothing was wrong with settings, so that what they say can be held against the
        /// rest; what is only a default because its value was wrong proves nothing.
        func trusts(_ paths: String...) -> Bool {
            let settings = Settings.all.filter { paths.contains($0.path) }
            return knowsFile
                && !problems.contains { problem in settings.contains { $0.isMeant(by: problem) } }
        }
    }

    /// Reads the configuration.
    ///
    /// - Parameter sources: File, environment and flags.
    /// - Returns: The configuration, complete and free of contradictions.
    /// - Throws: `YAMLProblems` with everything that is wrong in all three.
    package static func read(_ sources: Sources) throws(YAMLProblems) -> ServerConfiguration {
        let reading = gather(sources)
        guard reading.problems.isEmpty else { throw YAMLProblems(reading.problems) }
        return reading.configuration
    }

    /// Reads as much as can be read.
    static func gather(_ sources: Sources) -> Reading {
        var reading = Reading()
        if let file = sources.file { reading.take(file, environment: sources.environment) }
        reading.problems += reading.configuration.take(environment: sources.environment)
        reading.problems += reading.configuration.take(flags: sources.flags)
        reading.problems += reading.contradictions(in: sources)
        return reading
    }

    fileprivate mutating func take(environment: [String: String]) -> [YAMLProblem] {
        var problems: [YAMLProblem] = []
        let names = Settings.all.map(\.variable)
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard name.hasPrefix("PARLEY_"), !Self.isFromKubernetes(name, value) else { continue }
            if let setting = Settings.all.first(where: { $0.variable == name }) {
                let fault = setting.take([value], into: &self)
                if let fault { problems.append(YAMLProblem(fault, path: name)) }
            } else if !Settings.otherVariables.contains(name),
                let near = NearMatch.nearest(to: name, among: names)
            {
                // What is near to none may be anybody's, such as a key that a pipeline names.
                let message = "unknown variable; did you mean \"\(near)\"?"
                problems.append(YAMLProblem(message, path: name))
            }
        }
        return problems
    }

    /// A service called "parley" makes Kubernetes set `PARLEY_PORT=tcp://…` and more of the kind.
    private static func isFromKubernetes(_ name: String, _ value: String) -> Bool {
        name.hasPrefix("PARLEY_SERVICE_") || name.hasPrefix("PARLEY_PORT_")
            || (name == "PARLEY_PORT" && value.hasPrefix("tcp://"))
    }

    fileprivate mutating func take(flags: [(name: String, value: String?)]) -> [YAMLProblem] {
        var problems: [YAMLProblem] = []
        for setting in Settings.all {
            let given = flags.filter { $0.name == setting.flag }
            let values = given.map { $0.value ?? (setting.placeholder.isEmpty ? "true" : "") }
            if let fault = setting.take(values, into: &self) {
                problems.append(YAMLProblem(fault, path: setting.flag))
            }
        }
        let names = Settings.all.map(\.flag)
        for flag in flags where !names.contains(flag.name) {
            let hint = NearMatch.hint(for: flag.name, among: names)
            problems.append(YAMLProblem("unknown flag\(hint)", path: flag.name))
        }
        return problems
    }
}

extension ServerConfiguration.Reading {
    fileprivate mutating func take(_ file: ConfigurationFile, environment: [String: String]) {
        do throws(YAMLProblems) {
            let root = try file.tree()
            let before = configuration
            let (after, found) = YAMLReader.gather(root, file: file.name) { section in
                var configuration = before
                for setting in Settings.all {
                    setting.take(from: section, environment: environment, into: &configuration)
                    if setting.path.contains("."), let key = setting.path.split(separator: ".").last
                    {
                        section.expect(String(key), at: setting.path)
                    }
                }
                return configuration
            }
            configuration = after
            problems += found
        } catch {
            problems += error.problems
            knowsFile = false
        }
    }

    /// What can't be true together.
    fileprivate func contradictions(in sources: ServerConfiguration.Sources) -> [YAMLProblem] {
        var problems: [YAMLProblem] = []
        if trusts("server.host", "api_keys", "server.insecure"), configuration.isExposed {
            let origin = sources.origin(of: "server.host")
            let keys = Settings.name(of: "api_keys", in: origin)
            let way = Settings.name(of: "server.insecure", in: origin)
            let message = """
                found "\(configuration.host)", which other machines can reach, and no API key; \
                set \(keys), or \(way) to let everybody in
                """
            problems.append(sources.problem(message, with: "server.host"))
        }
        let (certificate, key) = ("server.tls.certificate", "server.tls.key")
        guard trusts(certificate, key) else { return problems }
        switch (configuration.tls.certificate, configuration.tls.key) {
        case (.some, nil): problems.append(Self.lonely(certificate, without: key, in: sources))
        case (nil, .some): problems.append(Self.lonely(key, without: certificate, in: sources))
        case (nil, nil), (.some, .some): break
        }
        return problems
    }

    private static func lonely(
        _ present: String,
        without missing: String,
        in sources: ServerConfiguration.Sources
    ) -> YAMLProblem {
        let origin = sources.origin(of: present)
        let name = Settings.name(of: present, in: origin)
        var problem = sources.problem(
            "missing, expected a file, as \"\(name)\" is set",
            with: present
        )
        problem.path = Settings.name(of: missing, in: origin)
        return problem
    }
}

extension ServerConfiguration {
    /// Others can come in, and nobody has allowed it.
    fileprivate var isExposed: Bool { !isLoopback && apiKeys.isEmpty && !isInsecure }
}

extension Setting {
    /// Whether a problem is about the setting, or about what stands in it or around it.
    fileprivate func isMeant(by problem: YAMLProblem) -> Bool {
        [path, variable, flag].contains(problem.path)
            || problem.path.hasPrefix(path + ".") || problem.path.hasPrefix(path + "[")
            || path.hasPrefix(problem.path + ".")
    }
}

/// A file of the configuration: how problems name it, and its text.
package struct ConfigurationFile: Sendable, Equatable {
    package var name: String
    package var text: [UInt8]

    /// Makes a file.
    package init(name: String, text: [UInt8]) {
        self.name = name
        self.text = text
    }

    /// Makes a file of a text.
    package init(name: String, text: String) {
        self.init(name: name, text: Array(text.utf8))
    }

    func tree() throws(YAMLProblems) -> YAMLNode {
        do {
            return try YAMLNode.parse(text, file: name)
        } catch {
            throw YAMLProblems([error])
        }
    }
}
