/// The byte classes that HTTP's grammar is made of.
extension UInt8 {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let hyphen: UInt8 = 0x2D
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let backslash: UInt8 = 0x5C

    /// Whether the byte is a `tchar`, the stuff of methods and field names.
    ///
    /// - Source: RFC 9110, section 5.6.2.
    var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    /// Whether the byte may stand in a field value: anything but controls, tab excepted.
    ///
    /// - Source: RFC 9110, section 5.5.
    var isFieldValueCharacter: Bool { self >= 0x20 && self != 0x7F || self == .tab }

    /// Whether the byte is printable ASCII other than the space.
    var isVisible: Bool { self > 0x20 && self < 0x7F }

    var isBlank: Bool { self == .space || self == .tab }

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var isLetter: Bool {
        lowercasedASCII >= UInt8(ascii: "a") && lowercasedASCII <= UInt8(ascii: "z")
    }

    var lowercasedASCII: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// The value of a hexadecimal digit of either case.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// How a message names this byte: the character itself where it can be printed.
    var printable: String {
        isVisible ? "'\(Character(UnicodeScalar(self)))'" : "byte 0x" + String(self, radix: 16)
    }
}

extension BidirectionalCollection<UInt8> {
    /// The part between leading and trailing spaces and tabs.
    var trimmingBlanks: SubSequence {
        let rest = drop(while: \.isBlank)
        let last = rest.lastIndex { !$0.isBlank }
        return rest[..<(last.map(rest.index(after:)) ?? rest.startIndex)]
    }
}

extension StringProtocol {
    /// Whether both are equal when ASCII letters are compared without case.
    func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
        var left = utf8.makeIterator()
        var right = other.utf8.makeIterator()
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return true
            case (let a?, let b?) where a.lowercasedASCII == b.lowercasedASCII: continue
            default: return false
            }
        }
    }

    /// The part between leading and trailing spaces and tabs.
    var trimmingBlanks: Substring { Substring(self).utf8.trimmingBlanks.text }

    var isToken: Bool { !isEmpty && utf8.allSatisfy(\.isTokenCharacter) }
}

extension Substring.UTF8View {
    /// The same bytes as text again.
    fileprivate var text: Substring { Substring(self) }
}

extension Span where Element == UInt8 {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    func array(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }
}

extension [UInt8] {
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// A number in ASCII digits.
    mutating func append(number: some BinaryInteger, radix: Int = 10) {
        append(String(number, radix: radix))
    }
}
