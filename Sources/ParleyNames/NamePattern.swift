/// A name with wildcards, such as `gpt-realtime*`: `*` stands for any characters, none included,
/// `?` for any one.
///
/// ```swift
/// NamePattern("whisper-?")?.matches("whisper-1")  // true
/// ```
public struct NamePattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as it was written.
    public let description: String

    /// Reads a pattern; nil for an empty text.
    public init?(_ text: some StringProtocol) {
        guard !text.isEmpty else { return nil }
        description = String(text)
    }

    /// Whether it stands for more than one name.
    public var hasWildcards: Bool { description.contains { $0 == "*" || $0 == "?" } }

    /// A name that can be shown in the pattern's place; nil where none is meant.
    ///
    /// Of `gpt-realtime*` the part before the star, which it stands for, too. Of `*` nothing, nor
    /// of `*-preview`, `whisper-?` and `gpt-*`, which would end in the middle.
    public var stem: String? {
        guard hasWildcards else { return description }
        let stem = description.drop(suffix: "*")
        let isName =
            !stem.contains { $0 == "*" || $0 == "?" }
            && stem.last.map { $0.isLetter || $0.isNumber } == true
        return isName ? String(stem) : nil
    }

    /// Whether the pattern stands for a name, which has to be written in the same case.
    ///
    /// - Complexity: At worst the product of both lengths.
    public func matches(_ name: some StringProtocol) -> Bool {
        let pattern = Array(description.unicodeScalars)
        let name = Array(name.unicodeScalars)
        var (place, position) = (0, 0)
        // The last star, and where what it stands for ends as far as is known.
        var star: (place: Int, end: Int)?
        while position < name.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, position)
                place += 1
            } else if place < pattern.count,
                pattern[place] == "?" || pattern[place] == name[position]
            {
                (place, position) = (place + 1, position + 1)
            } else if let last = star {
                // Let the star stand for one more.
                star = (last.place, last.end + 1)
                (place, position) = (last.place + 1, last.end + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}

extension String {
    fileprivate func drop(suffix: Character) -> Substring {
        var rest = self[...]
        while rest.last == suffix { rest.removeLast() }
        return rest
    }
}
