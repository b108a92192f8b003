extension String {
    /// Scalars that an excerpt has at most.
    ///
    /// Chosen: longer than the ids that are in use. A character may be as long as it likes.
    private static let excerptLength = 64

    /// What messages show of a text that a client chose: so much that it is known again.
    package var excerpt: String { String(unicodeScalars.prefix(Self.excerptLength)) }

    /// The excerpt in quotation marks.
    package var quoted: String { "'\(excerpt)'" }
}
