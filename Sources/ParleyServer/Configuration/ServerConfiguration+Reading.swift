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

    /// Reads the configuration.
    ///
    /// - Parameter sources: File, environment and flags.
    /// - Returns: The configuration, complete and free of contradictions.
    /// - Throws: `YAMLProblems` with everything that is wrong in all three.
    package static func read(_ sources: Sources) throws(YAMLProblems) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        var problems: [YAMLProblem] = []
        problems += configuration.take(sources.file, environment: sources.environment)
        problems += configuration.take(environment: sources.environment)
        problems += configuration.take(flags: sources.flags)
        if problems.isEmpty { problems += configuration.contradictions(in: sources) }
        guard problems.isEmpty else { throw YAMLProblems(problems) }
        return configuration
    }

    private mutating func take(
        _ file: ConfigurationFile?,
        environment: [String: String]
    ) -> [YAMLProblem] {
        guard let file else { return [] }
        do throws(YAMLProblems) {
            let root = try file.tree()
            var read = self
            try YAMLReader.read(root, file: file.name) { section in
                for setting in Settings.all {
                    setting.take(from: section, environment: environment, into: &read)
                }
            }
            self = read
            return []
        } catch {
            return error.problems
        }
    }

    private mutating func take(environment: [String: String]) -> [YAMLProblem] {
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

    private mutating func take(flags: [(name: String, value: String?)]) -> [YAMLProblem] {
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

    /// What can't be true together.
    private func contradictions(in sources: Sources) -> [YAMLProblem] {
        var problems: [YAMLProblem] = []
        if !isLoopback, apiKeys.isEmpty, !isInsecure {
            let origin = sources.origin(of: "server.host")
            let keys = Settings.name(of: "api_keys", in: origin)
            let way = Settings.name(of: "server.insecure", in: origin)
            let message = """
                found "\(host)", which other machines can reach, and no API key; \
                set \(keys), or \(way) to let everybody in
                """
            problems.append(
                YAMLProblem(message, path: Settings.name(of: "server.host", in: origin))
            )
        }
        let (certificate, key) = ("server.tls.certificate", "server.tls.key")
        switch (tls.certificate, tls.key) {
        case (.some, nil): problems.append(Self.missing(key, beside: certificate, in: sources))
        case (nil, .some): problems.append(Self.missing(certificate, beside: key, in: sources))
        case (nil, nil), (.some, .some): break
        }
        return problems
    }

    private static func missing(
        _ missing: String,
        beside present: String,
        in sources: Sources
    ) -> YAMLProblem {
        let origin = sources.origin(of: present)
        return YAMLProblem(
            "missing, expected a file, as \"\(Settings.name(of: present, in: origin))\" is set",
            path: Settings.name(of: missing, in: origin)
        )
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
