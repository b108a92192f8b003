internal import Glibc

/// Where the models of the built-in engines lie.
struct Assets {
    /// The folder that holds `models/` and `share/`.
    private let folder: String

    /// Takes the configured folder, or finds one: beside the program when it is installed, in the
    /// checkout that it was built in otherwise.
    init(_ configured: String?) {
        folder = configured ?? Self.candidates.first(where: Self.holdsModels) ?? ".deps"
    }

    /// Silero's weights.
    var voiceActivityModel: String { "\(folder)/models/silero_vad_16k_op15.onnx" }

    /// PocketSphinx's acoustic model, language model and dictionary.
    var recogniserModel: String { "\(folder)/share/pocketsphinx/model/en-us" }

    private static var candidates: [String] {
        var folders: [String] = []
        var place = program[...]
        while let slash = place.lastIndex(of: "/") {
            place = place[..<slash]
            folders += ["\(place)/share/parley", "\(place)/.deps"]
        }
        return folders + [".deps"]
    }

    private static func holdsModels(_ folder: String) -> Bool {
        access("\(folder)/models", R_OK) == 0
    }

    /// The program's own path, links followed.
    private static var program: String {
        guard let path = realpath("/proc/self/exe", nil) else { return "" }
        defer { free(path) }
        return String(cString: path)
    }
}
