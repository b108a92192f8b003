internal import ParleyEngine
internal import ParleyEngineThreads

/// The files of one language: sounds, words and how they follow each other.
struct PocketSphinxModel: Sendable {
    /// The folder of the acoustic model.
    let acoustic: String
    /// The n-gram language model.
    let language: String
    /// The dictionary of pronunciations.
    let dictionary: String

    /// Files without which the acoustic model can't be read.
    private static let acousticFiles = [
        "feat.params", "mdef", "means", "sendump", "transition_matrices", "variances",
    ]

    /// Names the files of the English model.
    ///
    /// - Parameter folder: As PocketSphinx installs it: `share/pocketsphinx/model/en-us`.
    init(folder: String) {
        acoustic = folder + "/en-us"
        language = folder + "/en-us.lm.bin"
        dictionary = folder + "/cmudict-en-us.dict"
    }

    /// Checks that everything is there: the library may end the process over a file that it can't
    /// read.
    ///
    /// - Throws: ``EngineError/Fault/load``, with the first file that is missing or empty.
    func requireFiles() throws(EngineError) {
        for name in Self.acousticFiles { try FileBytes.requireFile("\(acoustic)/\(name)") }
        try FileBytes.requireFile(language)
        try FileBytes.requireFile(dictionary)
    }
}
