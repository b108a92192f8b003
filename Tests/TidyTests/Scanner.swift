/// A word or a sign of Swift code.
struct Token: Sendable, Equatable {
    enum Kind: Sendable {
        /// A name, a keyword or a number.
        case word
        /// One character that is neither word nor space.
        case sign
    }

    let kind: Kind
    let text: String
    /// Counts from 1.
    let line: Int
    /// Whether nothing but space stands before it in its line.
    let opensLine: Bool
}

/// Replaces what comments and strings say by spaces; line ends stay, so lines and offsets do too.
///
/// An interpolation counts as string. Regular expressions between slashes are not known.
func blankCommentsAndStrings(_ text: [UInt8]) -> [UInt8] {
    var scanner = BlankingScanner(text)
    return scanner.run()
}

/// Splits code into words and signs.
func tokenize(_ code: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var line = 1
    var opensLine = true
    var index = 0
    while index < code.count {
        let byte = code[index]
        if byte == UInt8(ascii: "\n") {
            line += 1
            opensLine = true
        } else if isWordByte(byte) {
            let start = index
            while index + 1 < code.count, isWordByte(code[index + 1]) { index += 1 }
            let word = String(decoding: code[start...index], as: UTF8.self)
            tokens.append(Token(kind: .word, text: word, line: line, opensLine: opensLine))
            opensLine = false
        } else if byte > UInt8(ascii: " ") {
            let sign = String(UnicodeScalar(byte))
            tokens.append(Token(kind: .sign, text: sign, line: line, opensLine: opensLine))
            opensLine = false
        }
        index += 1
    }
    return tokens
}

/// Whether a byte can be part of a name; bytes of characters beyond ASCII can.
func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        true
    default:
        false
    }
}

/// Walks Swift text once and blanks what is not code.
private struct BlankingScanner {
    private let text: [UInt8]
    private var code: [UInt8]
    private var index = 0

    init(_ text: [UInt8]) {
        self.text = text
        code = text
    }

    mutating func run() -> [UInt8] {
        while index < text.count {
            if starts(with: "//") {
                blankLine()
            } else if starts(with: "/*") {
                blankBlock()
            } else if let fence = stringFence() {
                blankString(fence)
            } else {
                index += 1
            }
        }
        return code
    }

    /// What closes a string: how many `#`, and one or three quotes.
    private struct Fence {
        let hashCount: Int
        let quoteCount: Int
    }

    private func starts(with prefix: StaticString, at offset: Int = 0) -> Bool {
        let start = index + offset
        guard start + prefix.utf8CodeUnitCount <= text.count else { return false }
        for step in 0..<prefix.utf8CodeUnitCount
        where text[start + step] != prefix.utf8Start[step] {
            return false
        }
        return true
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<count where index < text.count {
            if text[index] != UInt8(ascii: "\n") { code[index] = UInt8(ascii: " ") }
            index += 1
        }
    }

    private mutating func blankLine() {
        while index < text.count, text[index] != UInt8(ascii: "\n") { blank(1) }
    }

    private mutating func blankBlock() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                blank(2)
            } else if starts(with: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && index < text.count
    }

    private func stringFence() -> Fence? {
        var hashCount = 0
        while index + hashCount < text.count, text[index + hashCount] == UInt8(ascii: "#") {
            hashCount += 1
        }
        if starts(with: "\"\"\"", at: hashCount) {
            return Fence(hashCount: hashCount, quoteCount: 3)
        }
        if starts(with: "\"", at: hashCount) { return Fence(hashCount: hashCount, quoteCount: 1) }
        return nil
    }

    /// Blanks what is between the quotes; the quotes stay, as a sign that there is a value.
    private mutating func blankString(_ fence: Fence) {
        index += fence.hashCount + fence.quoteCount
        while index < text.count {
            if closes(fence) {
                index += fence.quoteCount + fence.hashCount
                return
            }
            if fence.quoteCount == 1, text[index] == UInt8(ascii: "\n") { return }
            guard isEscape(fence) else {
                blank(1)
                continue
            }
            blank(1 + fence.hashCount)
            if index < text.count, text[index] == UInt8(ascii: "(") {
                blankInterpolation()
            } else {
                blank(1)
            }
        }
    }

    private func closes(_ fence: Fence) -> Bool {
        let count = fence.quoteCount + fence.hashCount
        guard index + count <= text.count else { return false }
        let quotes = text[index..<(index + fence.quoteCount)]
        let hashes = text[(index + fence.quoteCount)..<(index + count)]
        return quotes.allSatisfy { $0 == UInt8(ascii: "\"") }
            && hashes.allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private func isEscape(_ fence: Fence) -> Bool {
        guard text[index] == UInt8(ascii: "\\"), index + fence.hashCount < text.count else {
            return false
        }
        return text[(index + 1)...].prefix(fence.hashCount).allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func blankInterpolation() {
        var depth = 0
        repeat {
            if let fence = stringFence() {
                let start = index
                blankString(fence)
                let end = index
                index = start
                blank(end - start)
                continue
            }
            if text[index] == UInt8(ascii: "(") { depth += 1 }
            if text[index] == UInt8(ascii: ")") { depth -= 1 }
            blank(1)
        } while depth > 0 && index < text.count
    }
}
