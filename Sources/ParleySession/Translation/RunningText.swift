/// Text that grows by stretches of speech, and that clients put together as it comes.
struct RunningText: Sendable, Equatable {
    private var last: Unicode.Scalar?

    /// Takes more of it.
    mutating func append(_ text: String) {
        last = text.unicodeScalars.last ?? last
    }

    /// What stands between this text and the beginning of the next stretch: a space, except at the
    /// beginning, where there is one already, and in scripts that have none.
    func gap(before text: String) -> String {
        guard let last, let first = text.unicodeScalars.first else { return "" }
        let isOpen = last.properties.isWhitespace || first.properties.isWhitespace
        return isOpen || last.isUnspaced || first.isUnspaced ? "" : " "
    }
}

extension Unicode.Scalar {
    /// Chinese, Japanese and their punctuation.
    fileprivate var isUnspaced: Bool {
        switch value {
        case 0x3000...0x303F, 0xFF00...0xFFEF: true
        default: width == 3
        }
    }
}
