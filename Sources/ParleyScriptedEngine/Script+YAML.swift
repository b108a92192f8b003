internal import ParleyNames
package import ParleyYAML

extension Script {
    /// Reads a script.
    ///
    /// ```yaml
    /// greeting: Hello.
    /// words: {feeling: [sad, lonely]}
    /// rules:
    ///   - match: ["* i am @feeling *", "* i feel @feeling *"]
    ///     reply: [Why are you {{2}}?, How long have you been {{2}}?]
    ///   - match: "* weather in +"
    ///     call: {tool: "*weather*", arguments: {location: "{{2}}"}}
    ///     result: "In {{2}} it is {{result.temperature}} degrees."
    ///   - match: good morning
    ///     into: es
    ///     reply: Buenos días.
    /// default: Please go on.
    /// ```
    ///
    /// - Parameters:
    ///   - text: YAML; ``WordPattern`` says how patterns are written, ``Template`` how replies are.
    ///   - file: How problems name the text.
    /// - Returns: The script.
    /// - Throws: `YAMLProblems`: everything that is wrong with it.
    package static func read(text: String, file: String? = nil) throws(YAMLProblems) -> Script {
        let node: YAMLNode
        do {
            node = try YAMLNode.parse(text: text, file: file)
        } catch {
            throw YAMLProblems([error])
        }
        return try YAMLReader.read(node, file: file) { root in
            Script(root)
        }
    }

    private init(_ root: YAMLSection) {
        let sets = Self.sets(root.section("words"))
        greeting = root.templates("greeting", captureCount: 0)
        fallback = root.templates("default", captureCount: 0)
        result = root.templates("result", captureCount: 0)
        reflections = Self.reflections(root.section("reflections"))
        pace = Pace(root)
        rules = (root.sections("rules") ?? []).compactMap { Rule($0, sets: sets) }
        if greeting.isEmpty, !root.contains("greeting") {
            root.missing("greeting", expected: "text or a list of texts") as Void?
        }
        if fallback.isEmpty, !root.contains("default") {
            root.missing("default", expected: "text or a list of texts") as Void?
        }
    }

    private static func sets(_ section: YAMLSection?) -> [String: [String]] {
        guard let section else { return [:] }
        var sets: [String: [String]] = [:]
        for pair in section.entries() { sets[pair.key] = section.strings(pair.key) ?? [] }
        return sets
    }

    private static func reflections(_ section: YAMLSection?) -> Reflections {
        guard let section else { return .english }
        return Reflections(
            section.entries().compactMap { pair in
                section.string(pair.key).map { (pair.key, $0) }
            }
        )
    }
}

extension Script.Pace {
    /// Chosen: longer than any model that a conversation waits for.
    private static let longestMilliseconds = 60_000

    init(_ section: YAMLSection) {
        let range = 0...Self.longestMilliseconds
        delay = section.integer("delay_ms", in: range).map { .milliseconds($0) }
        wordDelay = section.integer("word_delay_ms", in: range).map { .milliseconds($0) }
    }
}

extension Script.Rule {
    fileprivate init?(_ section: YAMLSection, sets: [String: [String]]) {
        let patterns = section.patterns("match", sets: sets)
        // With several patterns, a capture must be there whichever of them matched.
        let captureCount = patterns.map(\.captureCount).min() ?? 0
        self.patterns = patterns
        language = section.string("into")
        replies = section.templates("reply", captureCount: captureCount)
        call = section.section("call").flatMap { Script.Call($0, captureCount: captureCount) }
        results = section.templates("result", captureCount: captureCount)
        pace = Script.Pace(section)
        if !section.contains("match") {
            section.missing("match", expected: "a pattern or a list of patterns") as Void?
        }
        if !section.contains("reply"), !section.contains("call") {
            section.invalid("has neither \"reply\" nor \"call\"")
        }
        if section.contains("into"), section.contains("call") {
            section.invalid("into", "stands beside \"call\": a translation calls nothing") as Void?
        }
        if section.contains("result"), !section.contains("call") {
            section.invalid("result", "stands without \"call\"") as Void?
        }
    }
}

extension Script.Call {
    fileprivate init?(_ section: YAMLSection, captureCount: Int) {
        guard let names = section.strings("tool") else {
            if !section.contains("tool") { section.missing("tool", expected: "a name") as Void? }
            return nil
        }
        self.names = names.compactMap { NamePattern($0.lowercased()) }
        arguments = .members([])
        guard let node = section.node("arguments") else { return }
        guard case .mapping = node.content else {
            section.invalid("arguments", "found \(node.summary), expected a mapping") as Void?
            return
        }
        do throws(Template.Fault) {
            arguments = try ArgumentTemplate(node)
        } catch {
            section.invalid("arguments", error.message) as Void?
        }
        section.check("arguments", highest: arguments.highestCapture, captureCount: captureCount)
    }
}

extension YAMLSection {
    fileprivate func patterns(_ key: String, sets: [String: [String]]) -> [WordPattern] {
        (strings(key) ?? []).compactMap { text in
            do throws(WordPattern.Fault) {
                return try WordPattern(text, sets: sets)
            } catch {
                return invalid(key, error.message)
            }
        }
    }

    fileprivate func templates(_ key: String, captureCount: Int) -> [Template] {
        (strings(key) ?? []).compactMap { text in
            do throws(Template.Fault) {
                let template = try Template(text)
                check(key, highest: template.highestCapture, captureCount: captureCount)
                return template
            } catch {
                return invalid(key, error.message)
            }
        }
    }

    fileprivate func check(_ key: String, highest: Int, captureCount: Int) {
        guard highest > captureCount else { return }
        let there =
            captureCount == 0 ? "there are no captures" : "the last capture is {{\(captureCount)}}"
        invalid(key, "found \"{{\(highest)}}\", \(there)") as Void?
    }
}
