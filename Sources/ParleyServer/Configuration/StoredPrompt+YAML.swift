internal import ParleyNames
package import ParleySession
package import ParleyYAML

extension StoredPrompt {
    /// Reads one version of a prompt.
    ///
    /// ```yaml
    /// id: concierge               # the file's name if not set
    /// version: 2                  # 1 if not set; clients that name none get the highest
    /// description: For the front desk.
    /// instructions: |
    ///   You greet {{guest}} at {{hotel}}.
    /// variables:
    ///   hotel: the Grand Hotel    # a default; a variable without one must be given
    /// ```
    ///
    /// - Parameter file: The file; its name, without folders and ending, is the id where it names
    ///   none.
    /// - Returns: The prompt.
    /// - Throws: `YAMLProblems` with everything that is wrong with it.
    package static func read(_ file: ConfigurationFile) throws(YAMLProblems) -> StoredPrompt {
        let tree = try file.tree()
        return try YAMLReader.read(tree, file: file.name) { root in
            _ = root.string("description")
            let id = root.string("id") ?? file.stem
            let version = root.integer("version", in: 1...1_000_000) ?? 1
            let template = PromptTemplate(instructions(root))
            return StoredPrompt(
                id: id,
                version: version,
                template: template,
                defaults: defaults(root.section("variables"), of: template)
            )
        }
    }

    /// Reads all prompts of a folder.
    ///
    /// - Throws: `YAMLProblems` with everything that is wrong in all files.
    package static func read(
        _ files: [ConfigurationFile]
    ) throws(YAMLProblems) -> [StoredPrompt] {
        var prompts: [StoredPrompt] = []
        var problems: [YAMLProblem] = []
        for file in files {
            do throws(YAMLProblems) {
                let prompt = try read(file)
                if prompts.contains(where: { $0.id == prompt.id && $0.version == prompt.version }) {
                    let message = "another file has version \(prompt.version) of \"\(prompt.id)\""
                    problems.append(YAMLProblem(message, file: file.name))
                }
                prompts.append(prompt)
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw YAMLProblems(problems) }
        return prompts
    }

    private static func instructions(_ root: YAMLSection) -> String {
        guard root.contains("instructions") else {
            return root.missing("instructions", expected: "text") ?? ""
        }
        return root.string("instructions") ?? ""
    }

    private static func defaults(
        _ section: YAMLSection?,
        of template: PromptTemplate
    ) -> [String: String] {
        guard let section else { return [:] }
        var defaults: [String: String] = [:]
        for pair in section.entries() {
            guard template.variables.contains(pair.key) else {
                let hint = NearMatch.hint(for: pair.key, among: template.variables)
                section.invalid(pair.key, "the instructions have no such variable\(hint)") as Void?
                continue
            }
            defaults[pair.key] = section.string(pair.key)
        }
        return defaults
    }
}
