internal import ParleyNames
internal import ParleyYAML

extension YAMLSection {
    /// Other names for something: a mapping of patterns and what each stands for, in its order.
    func nameAliases(_ key: String) -> [NameTable.Alias]? {
        guard let section = section(key) else { return nil }
        return section.entries().compactMap { pair in
            let target = pair.value.isNull ? nil : pair.value.scalarText
            guard let pattern = NamePattern(pair.key), let target, !target.isEmpty else {
                let message = "found \(pair.value.summary), expected what the name stands for"
                return section.invalid(pair.key, message)
            }
            return NameTable.Alias(pattern, for: target)
        }
    }
}
