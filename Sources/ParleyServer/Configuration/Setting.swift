internal import ParleyHTTP
internal import ParleyNames
internal import ParleyYAML

/// One setting of the server: everything that help, documents, errors and readers say of it.
package struct Setting: Sendable {
    /// Its key in `parley.yaml`, dotted.
    package let path: String
    /// Its environment variable.
    package let variable: String
    /// Its flag, dashes included.
    package let flag: String
    /// What it is for, one sentence.
    package let summary: String
    let kind: Kind

    /// A member of the configuration.
    typealias Member<Value> = any WritableKeyPath<ServerConfiguration, Value> & Sendable

    /// What values it takes, and where they go.
    enum Kind: Sendable {
        /// A text, and the noun of what it names.
        case text(Member<String>, String)
        /// The path of a file that must be there.
        case file(Member<String?>)
        /// The path of a folder that must be there.
        case folder(Member<String?>)
        case integer(Member<Int>, ClosedRange<Int>)
        /// Nil where nobody sets it.
        case optionalInteger(Member<Int?>, ClosedRange<Int>)
        /// Counted in seconds.
        case duration(Member<Duration>, ClosedRange<Int>)
        case bool(Member<Bool>)
        case list(Member<[String]>)
        /// Hosts as `HostRules` has them.
        case hosts(Member<[String]>)
        case choice(Choice)
        case keys(Member<[APIKey]>)
        case aliases(Member<[NameTable.Alias]>)
    }

    /// A value with a name out of a few.
    struct Choice: Sendable {
        let names: [String]
        let name: @Sendable (ServerConfiguration) -> String
        let set: @Sendable (inout ServerConfiguration, String) -> Void
    }

    init(_ path: String, _ name: String, _ kind: Kind, _ summary: String) {
        self.path = path
        self.summary = summary
        self.kind = kind
        flag = "--" + name
        variable = "PARLEY_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// What stands for a value in help; empty for what is switched on by its name alone.
    package var placeholder: String {
        switch kind {
        case .text(_, let noun): noun
        case .file: "file"
        case .folder: "folder"
        case .integer, .optionalInteger, .duration: "number"
        case .bool: ""
        case .list: "text,…"
        case .hosts: "host,…"
        case .choice(let choice): choice.names.joined(separator: "|")
        case .keys: "key,…"
        case .aliases: "name=target,…"
        }
    }

    /// Whether its flag may be given several times.
    package var takesSeveral: Bool {
        switch kind {
        case .list, .hosts, .keys, .aliases: true
        case .text, .file, .folder, .integer, .optionalInteger, .duration, .bool, .choice: false
        }
    }

    /// What a value has to be.
    package var expectation: String {
        switch kind {
        case .text: "text"
        case .file: "a file"
        case .folder: "a folder"
        case .integer(_, let range), .optionalInteger(_, let range), .duration(_, let range):
            "a number from \(range.lowerBound) to \(range.upperBound)"
        case .bool: "true or false"
        case .list: "texts separated by commas"
        case .hosts: "hosts such as nas.lan, nas.lan:8000 or *.example.org"
        case .choice(let choice): NearMatch.alternatives(choice.names)
        case .keys: "keys separated by commas"
        case .aliases: "name=target pairs separated by commas"
        }
    }

    /// The value where nobody sets one; empty for none.
    package var defaultText: String { text(in: ServerConfiguration()) }

    /// The value as a variable would give it, keys left out; empty for none.
    func text(in configuration: ServerConfiguration) -> String {
        switch kind {
        case .text(let member, _): configuration[keyPath: member]
        case .file(let member), .folder(let member): configuration[keyPath: member] ?? ""
        case .integer(let member, _): "\(configuration[keyPath: member])"
        case .optionalInteger(let member, _): configuration[keyPath: member].map(String.init) ?? ""
        case .duration(let member, _): "\(configuration[keyPath: member].components.seconds)"
        case .bool(let member): "\(configuration[keyPath: member])"
        case .list(let member), .hosts(let member):
            configuration[keyPath: member].joined(separator: ",")
        case .choice(let choice): choice.name(configuration)
        case .aliases(let member):
            configuration[keyPath: member].map { "\($0.pattern)=\($0.target ?? "")" }
                .joined(separator: ",")
        case .keys: ""
        }
    }

    /// Whether a running server takes another value when it is told to read its configuration
    /// again.
    var isReloaded: Bool {
        ["api_keys", "prompts_dir"].contains(path) || path.hasPrefix("limits.key_")
    }
}

extension Setting {
    /// Takes a value from a variable or flags; given several times, lists take them all, others the
    /// last.
    ///
    /// - Returns: What is wrong with it; nil when it was taken.
    func take(_ texts: [String], into configuration: inout ServerConfiguration) -> String? {
        guard let text = texts.last else { return nil }
        let entries = texts.flatMap { $0.split(separator: ",") }.map(\.trimmed)
        switch kind {
        case .keys(let member):
            if let fault = entries.compactMap(APIKey.fault).first { return fault }
            if entries.isEmpty { return "found nothing, expected \(expectation)" }
            let keys = APIKey.numbered(entries)
            if let (_, fault) = APIKey.repetition(in: keys) { return fault }
            configuration[keyPath: member] = keys
            return nil
        case .list(let member):
            configuration[keyPath: member] = entries
            return nil
        case .hosts(let member):
            if let fault = hostFault(entries)?.message { return fault }
            configuration[keyPath: member] = entries
            return nil
        case .aliases(let member):
            let aliases = entries.compactMap(NameTable.Alias.init(setting:))
            guard aliases.count == entries.count else {
                return "found \"\(text.prefix(60))\", expected \(expectation)"
            }
            configuration[keyPath: member] = aliases
            return nil
        case .text, .file, .folder, .integer, .optionalInteger, .duration, .bool, .choice:
            guard take(YAMLScalar(text), into: &configuration) else {
                let names = if case .choice(let choice) = kind { choice.names } else { [String]() }
                let hint = NearMatch.hint(for: text, among: names)
                return "found \"\(text.prefix(60))\", expected \(expectation)\(hint)"
            }
            return nil
        }
    }

    private func hostFault(_ texts: [String]) -> (index: Int, message: String)? {
        // Who lists none hardly means all.
        if texts.isEmpty { return (0, "found no host, expected \(expectation)") }
        return texts.firstIndex { !HostRules.isPattern($0) }.map { index in
            (index, "found \"\(texts[index].prefix(60))\", expected \(expectation)")
        }
    }

    /// Takes a lone value.
    private func take(_ scalar: YAMLScalar, into configuration: inout ServerConfiguration) -> Bool {
        switch kind {
        case .text(let member, _):
            guard !scalar.text.isEmpty else { return false }
            configuration[keyPath: member] = scalar.text
        case .file(let member), .folder(let member):
            guard !scalar.text.isEmpty else { return false }
            configuration[keyPath: member] = scalar.text
        case .integer(let member, let range):
            guard let number = scalar.integer(in: range) else { return false }
            configuration[keyPath: member] = number
        case .optionalInteger(let member, let range):
            guard let number = scalar.integer(in: range) else { return false }
            configuration[keyPath: member] = number
        case .duration(let member, let range):
            guard let number = scalar.integer(in: range) else { return false }
            configuration[keyPath: member] = .seconds(number)
        case .bool(let member):
            guard case .bool(let flag) = scalar.value else { return false }
            configuration[keyPath: member] = flag
        case .choice(let choice):
            guard choice.names.contains(scalar.text) else { return false }
            choice.set(&configuration, scalar.text)
        case .list, .hosts, .keys, .aliases:
            return false
        }
        return true
    }

    /// Takes the value that a file gives, if it does; what is wrong with it is noted there.
    func take(
        from root: YAMLSection,
        environment: [String: String],
        into configuration: inout ServerConfiguration
    ) {
        var section = root
        var steps = path.split(separator: ".").map(String.init)
        let key = steps.removeLast()
        for step in steps {
            guard let inner = section.section(step) else { return }
            section = inner
        }
        switch kind {
        case .list(let member):
            if let texts = section.strings(key) { configuration[keyPath: member] = texts }
        case .hosts(let member):
            guard let texts = section.strings(key) else { return }
            configuration[keyPath: member] = texts
            guard let (index, fault) = hostFault(texts) else { return }
            section.invalid(key, at: index, fault) as Void?
        case .keys(let member):
            guard let keys = section.apiKeys(key, environment: environment) else { return }
            configuration[keyPath: member] = keys
        case .aliases(let member):
            guard let aliases = section.nameAliases(key) else { return }
            configuration[keyPath: member] = aliases
        case .text, .file, .folder, .integer, .optionalInteger, .duration, .bool, .choice:
            guard let node = section.node(key) else { return }
            if case .scalar(let scalar) = node.content, take(scalar, into: &configuration) {
                return
            }
            let names = if case .choice(let choice) = kind { choice.names } else { [String]() }
            let hint = NearMatch.hint(for: node.scalarText ?? "", among: names)
            section.invalid(key, "found \(node.summary), expected \(expectation)\(hint)") as Void?
        }
    }
}

extension YAMLScalar {
    fileprivate func integer(in range: ClosedRange<Int>) -> Int? {
        guard case .integer(let number) = value, range.contains(number) else { return nil }
        return number
    }
}

extension NameTable.Alias {
    /// Reads `gpt-*=kitchen`; nil where a side is missing.
    fileprivate init?(setting text: String) {
        let sides = text.split(separator: "=", maxSplits: 1).map(\.trimmed)
        guard sides.count == 2, let pattern = NamePattern(sides[0]), !sides[1].isEmpty else {
            return nil
        }
        self.init(pattern, for: sides[1])
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
