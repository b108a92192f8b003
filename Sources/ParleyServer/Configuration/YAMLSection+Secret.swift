internal import ParleyRemoteEngine
internal import ParleyYAML

extension YAMLSection {
    /// A secret that stands under a key, or in the environment variable that `<key>_env` names.
    ///
    /// Problems name keys and variables, never what they hold.
    func secret(_ key: String, environment: [String: String]) -> Secret? {
        let variableKey = key + "_env"
        let text = string(key)
        guard let variable = string(variableKey) else { return text.map { Secret($0) } }
        guard text == nil else {
            return invalid(variableKey, "stands beside \"\(key)\", expected one of them")
        }
        guard let value = environment[variable], !value.isEmpty else {
            return invalid(variableKey, "the environment variable \(variable) is not set")
        }
        return Secret(value)
    }
}
