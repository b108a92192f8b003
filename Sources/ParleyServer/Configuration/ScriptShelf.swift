internal import ParleyScriptedEngine
internal import ParleyYAML

/// The scripts that pipelines name, each read once.
final class ScriptShelf {
    private let folder: String
    /// By the path that a pipeline names.
    private(set) var scripts: [String: Script] = [:]
    /// What is wrong in them, with their own places.
    private(set) var problems: [YAMLProblem] = []
    private var named: Set<String> = []

    /// Makes an empty shelf.
    ///
    /// - Parameter folder: What paths are relative to.
    init(in folder: String) {
        self.folder = folder
    }

    /// Reads a script.
    ///
    /// - Returns: Why it isn't there, for whoever names it; nil where it is, well written or not.
    func fault(of name: String) -> String? {
        let path = ConfigurationFolder.path(name, in: folder)
        if let fault = ConfigurationFolder.fault(ofFile: path) { return fault }
        guard named.insert(name).inserted else { return nil }
        do throws(YAMLProblems) {
            scripts[name] = try read(path)
        } catch {
            problems += error.problems
        }
        return nil
    }

    private func read(_ path: String) throws(YAMLProblems) -> Script {
        let file: ConfigurationFile
        do throws(YAMLProblem) {
            file = try ConfigurationFolder.file(at: path)
        } catch {
            throw YAMLProblems([error])
        }
        return try Script.read(text: String(decoding: file.text, as: UTF8.self), file: path)
    }
}
