internal import ParleyNames
internal import ParleyYAML

extension PipelineCatalog.Reading {
    /// What is wrong with a name that should be a pipeline's; nil for nothing.
    func fault(of pipeline: String) -> String? {
        guard isWhole, catalog[pipeline] == nil, !doubtful.contains(pipeline) else { return nil }
        let expected = Self.expected(for: pipeline, among: catalog.names)
        return "no pipeline has the name \"\(pipeline)\", expected \(expected)"
    }

    /// What is wrong with an alias that stands for nothing that there is; nil for nothing.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - others: Those of `parley.yaml`; the catalog's own are looked at in any case.
    /// - Returns: What is wrong, where the circle leads, what was expected.
    func fault(of alias: NameTable.Alias, beside others: [NameTable.Alias]) -> String? {
        let targets = targets
        guard isWhole, let target = alias.target, !targets.contains(target),
            !doubtful.contains(target)
        else { return nil }
        let steps = steps(from: target, through: others + catalog.aliases)
        let expected = Self.expected(for: target, among: targets)
        guard let last = steps.last else {
            return "no pipeline, language model or recogniser has the name \"\(target)\", "
                + "expected \(expected)"
        }
        if targets.contains(last) {
            return "found \"\(target)\", which is only another name; expected what it stands for, "
                + "\"\(last)\""
        }
        let circle = ([target] + steps).map { "\"\($0)\"" }.joined(separator: ", ")
        let isCircle = last == target || steps.dropLast().contains(last)
        let why = isCircle ? "leads in a circle: \(circle)" : "is only another name"
        return "found \"\(target)\", which \(why); expected \(expected)"
    }

    /// What a name leads to through aliases, until it is none any more or comes again.
    private func steps(from name: String, through aliases: [NameTable.Alias]) -> [String] {
        var steps: [String] = []
        var last = name
        while let next = aliases.first(where: { $0.pattern.matches(last) })?.target {
            steps.append(next)
            guard next != name, !steps.dropLast().contains(next) else { break }
            last = next
        }
        return steps
    }

    /// What an alias may stand for: pipelines, language models by the names that they have where
    /// they run, recognisers.
    private var targets: [String] {
        var targets = catalog.names
        for pipeline in catalog.pipelines {
            let more = [pipeline.language.model, pipeline.transcription.name].compactMap(\.self)
            targets += more.filter { !targets.contains($0) }
        }
        return targets
    }

    private static func expected(for name: String, among names: [String]) -> String {
        NearMatch.alternatives(names) + NearMatch.hint(for: name, among: names)
    }
}
