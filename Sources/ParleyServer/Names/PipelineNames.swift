internal import ParleyEngine
internal import ParleyNames
internal import ParleyRuntime

/// Settles what clients may call the voices and recognisers of pipelines.
struct PipelineNames {
    /// The operator's other names for pipelines, language models and recognisers.
    let aliases: [NameTable.Alias]
    /// Only what is real has a name.
    let isStrict: Bool

    init(_ configuration: Configuration) {
        isStrict = configuration.server.hasStrictNames
        aliases =
            isStrict ? [] : configuration.server.modelAliases + configuration.pipelines.aliases
    }

    /// What the `model` of a session may be called; the vendor's names mean the default pipeline.
    func models(default name: String?) -> [NameTable.Alias] {
        guard !isStrict, let name else { return [] }
        return aliases + VendorNames.aliases(for: name)
    }

    /// What a recogniser may be called; the vendor's names mean that of the session's pipeline.
    func recognisers(of pipelines: [Pipeline]) -> [NameTable.Alias] {
        guard !isStrict, let own = pipelines.first?.transcription.name else { return [] }
        return recogniserAliases(among: pipelines)
            + VendorNames.transcribing.map { NameTable.Alias($0, for: own) }
    }

    /// The operator's names for recognisers: one that stands for a pipeline chooses among sessions,
    /// not within one.
    private func recogniserAliases(among pipelines: [Pipeline]) -> [NameTable.Alias] {
        let stages = pipelines.map(\.transcription.name)
        return aliases.filter { alias in alias.target.map(stages.contains) ?? false }
    }

    /// Gives every pipeline the recognisers of all, its own before the others.
    func shareRecognisers(among pipelines: inout [Pipeline]) {
        let own = pipelines.map { ($0.transcription.name, $0.transcription) }
        let byPipeline = pipelines.map { ($0.name, $0.transcription) }
        // Of two with one name the first counts.
        let engines = Dictionary(byPipeline + own) { first, _ in first }
        let known = recogniserAliases(among: pipelines)
        for index in pipelines.indices {
            var names: [String] = []
            for name in [pipelines[index].transcription.name] + (own + byPipeline).map(\.0)
            where !names.contains(name) {
                names.append(name)
            }
            pipelines[index].recognisers = engines
            pipelines[index].recogniserNames = NameTable(
                names,
                aliases: known,
                strangers: isStrict ? .refused : .standIn
            )
        }
    }
}
