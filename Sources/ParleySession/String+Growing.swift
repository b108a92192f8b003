// Texts that grow with each report: counting their characters would be work for all of the text
// each time, so that they are measured in bytes of UTF-8.

extension String {
    /// The beginning of what a model writes: models like to begin with an empty line.
    var withoutLeadingBlanks: String { String(drop(while: \.isWhitespace)) }

    /// What stands behind a beginning; nil where the text begins otherwise.
    func remainder(after beginning: String) -> String? {
        guard utf8.starts(with: beginning.utf8) else { return nil }
        return String(self[utf8.index(startIndex, offsetBy: beginning.utf8.count)...])
    }

    /// At most so many bytes of the beginning, without a part of a character's code point.
    func beginning(byteCount: Int) -> String {
        let count = min(max(0, byteCount), utf8.count)
        return String(self[..<utf8.index(startIndex, offsetBy: count)])
    }
}
