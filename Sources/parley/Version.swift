/// Which Parley this is.
enum Version {
    /// The release, or the next one where this is none.
    ///
    /// - Source: Semantic Versioning 2.0.0.
    static let current = "0.1.0"
}
