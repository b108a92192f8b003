extension JSON {
    /// How large a text may make the values that stand for it.
    public struct Limits: Sendable {
        /// Objects and arrays inside one another: chosen far beyond real documents and far below
        /// the stack.
        public var depth = 128
        /// Values in all: one takes 24 to 100 bytes and up to a microsecond, so a text can ask
        /// for neither gigabytes nor seconds.
        ///
        /// Chosen: real messages have hundreds, what is large in them is one string.
        public var valueCount = 50_000

        /// Makes the default limits.
        public init() {}
    }

    /// Reads one value; nothing but white space may stand around it.
    ///
    /// Any bytes give a value or an error. A lone half of a surrogate pair, written as an escape,
    /// reads as U+FFFD; bytes that are not UTF-8 are an error. Of a repeated key the last value
    /// counts.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without a byte order mark.
    ///   - limits: Bounds on depth and number of values.
    /// - Returns: The value.
    /// - Throws: ``JSONError`` at the first fault.
    /// - Source: RFC 8259.
    public static func parse(
        _ bytes: [UInt8],
        limits: Limits = Limits()
    ) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes: bytes, limits: limits)
        return try parser.document()
    }

    /// Reads one value from a text.
    ///
    /// - Throws: ``JSONError`` at the first fault.
    public static func parse(_ text: String) throws(JSONError) -> JSON {
        try parse(Array(text.utf8))
    }
}

/// Walks over the bytes of one text.
struct JSONParser {
    let bytes: [UInt8]
    var position = 0
    private let limits: JSON.Limits
    private var valueCount = 0

    init(bytes: [UInt8], limits: JSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The byte at the position; nil at the end.
    var byte: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    mutating func document() throws(JSONError) -> JSON {
        let value = try value(depth: 0)
        guard byte == nil else { throw fault("the end") }
        return value
    }

    /// A value and the white space around it.
    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        valueCount += 1
        guard valueCount <= limits.valueCount else {
            throw fault("at most \(limits.valueCount) values", found: "more")
        }
        skipSpace()
        let value = try bareValue(depth: depth)
        skipSpace()
        return value
    }

    private mutating func bareValue(depth: Int) throws(JSONError) -> JSON {
        switch byte {
        case UInt8(ascii: "{"): .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "t"): try word("true", .bool(true))
        case UInt8(ascii: "f"): try word("false", .bool(false))
        case UInt8(ascii: "n"): try word("null", .null)
        default: try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        try enter(depth)
        var object = JSONObject()
        if take(UInt8(ascii: "}")) { return object }
        repeat {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw fault("a member's name") }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("\":\"") }
            object[key] = try value(depth: depth)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("\",\" or \"}\"") }
        return object
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
        try enter(depth)
        var array: [JSON] = []
        if take(UInt8(ascii: "]")) { return array }
        repeat {
            array.append(try value(depth: depth))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("\",\" or \"]\"") }
        return array
    }

    /// Steps over an opening bracket and the space behind it.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= limits.depth else {
            throw fault("at most \(limits.depth) levels", found: "more")
        }
        position += 1
        skipSpace()
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let end = position + word.utf8CodeUnitCount
        let isThere = word.withUTF8Buffer {
            $0.elementsEqual(bytes[position..<min(end, bytes.count)])
        }
        guard isThere else { throw fault("a value") }
        position = end
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Steps over the byte if it is this one.
    mutating func take(_ wanted: UInt8) -> Bool {
        guard byte == wanted else { return false }
        position += 1
        return true
    }

    /// What is wrong here.
    func fault(_ expected: String, found: String? = nil) -> JSONError {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
        return JSONError(
            offset: before.count,
            line: line,
            found: found ?? describeByte(),
            expected: expected
        )
    }

    private func describeByte() -> String {
        guard let byte else { return "the end" }
        guard byte > 0x20, byte < 0x7F else { return "byte 0x" + String(byte, radix: 16) }
        return "\"\(Character(Unicode.Scalar(byte)))\""
    }
}
