internal import ParleyNames
internal import ParleyYAML

extension PipelineReader {
    /// Holds the voices of a pipeline's file against those that it has.
    func checkVoices(ofFile root: YAMLSection, in partial: PartialPipeline) {
        checkVoices(of: root, in: partial)
        guard let table = table(of: partial), let speech = root.section("tts") else { return }
        check("voice", of: speech, in: table)
    }

    /// Holds the voices that a mapping names against those that the pipeline has.
    ///
    /// - Parameters:
    ///   - section: A stage that speaks, or a pipeline's file; what is wrong is noted there.
    ///   - partial: The pipeline, as far as it was read.
    func checkVoices(of section: YAMLSection, in partial: PartialPipeline) {
        guard let table = table(of: partial) else { return }
        check("voice", of: section, in: table)
        guard let aliases = section.nameAliases("voice_aliases"), !aliases.isEmpty else { return }
        let real = NameTable(table.names, strangers: table.strangers)
        let place = section.section("voice_aliases")
        for alias in aliases {
            guard let target = alias.target, let fault = real.voiceFault(of: target) else {
                continue
            }
            place?.invalid(alias.pattern.description, fault) as Void?
        }
    }

    private func table(of partial: PartialPipeline) -> NameTable? {
        partial.speech.map { speech in
            partial.voices.table(of: speech.options, isStrict: surroundings.hasStrictNames)
        }
    }

    private func check(_ key: String, of section: YAMLSection, in table: NameTable) {
        guard let voice = section.string(key), let fault = table.voiceFault(of: voice) else {
            return
        }
        section.invalid(key, fault) as Void?
    }
}

extension NameTable {
    /// What is wrong with a voice that stands for nothing; nil for nothing.
    fileprivate func voiceFault(of name: String) -> String? {
        guard resolve(name) == nil else { return nil }
        let hint = NearMatch.hint(for: name, among: names + otherNames)
        return "found voice \"\(name)\", expected \(NearMatch.alternatives(names))\(hint)"
    }
}
