/// Something that can stand in a JSON text.
public protocol JSONWritable {
    /// Writes exactly one value.
    func write(to writer: inout JSONWriter)
}

/// Writes compact JSON into bytes, member by member, without values in between.
///
/// Each call writes one value; commas come by themselves. Brackets always match, because what
/// stands between them is a closure.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object {
///     $0.member("type", "error")
///     $0.member("param", param)  // an optional: nil is written as null
/// }
/// ```
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    /// Makes a writer that has room for so many bytes.
    public init(capacity: Int = 0) {
        self.bytes = []
        bytes.reserveCapacity(capacity)
    }

    // MARK: Members

    /// Writes a member; `key` must need no escape.
    public mutating func member(_ key: StaticString, _ value: some JSONWritable) {
        name(key)
        value.write(to: &self)
    }

    /// Writes a member that is a known text; neither it nor `key` may need an escape.
    public mutating func member(_ key: StaticString, constant: StaticString) {
        name(key)
        needsComma = true
        quote(constant)
    }

    /// Writes a member that is an object.
    public mutating func object(_ key: StaticString, _ members: (inout JSONWriter) -> Void) {
        name(key)
        object(members)
    }

    /// Writes a member that is an array.
    public mutating func array(_ key: StaticString, _ elements: (inout JSONWriter) -> Void) {
        name(key)
        array(elements)
    }

    /// Writes a member that is bytes as base64.
    public mutating func member(_ key: StaticString, base64: [UInt8]) {
        name(key)
        self.base64(base64)
    }

    /// Writes a member whose name is only known at run time.
    public mutating func member(named key: String, _ value: some JSONWritable) {
        self.value(key)
        colon()
        value.write(to: &self)
    }

    private mutating func name(_ key: StaticString) {
        separate()
        quote(key)
        colon()
    }

    private mutating func quote(_ constant: StaticString) {
        bytes.append(UInt8(ascii: "\""))
        constant.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func colon() {
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    /// Writes an object with the members that the closure writes.
    public mutating func object(_ members: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        members(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array with the values that the closure writes.
    public mutating func array(_ elements: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes `null`.
    public mutating func null() { word("null") }

    /// Writes a Boolean.
    public mutating func value(_ flag: Bool) { word(flag ? "true" : "false") }

    /// Writes a whole number.
    public mutating func value(_ number: Int) { word(String(number)) }

    /// Writes the shortest text that reads as the same number; `null` for what JSON has no number
    /// for.
    public mutating func value(_ number: Double) {
        word(number.isFinite ? number.description : "null")
    }

    /// Writes a string.
    public mutating func value(_ text: String) {
        separate()
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { appendEscaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes bytes as a string of base64.
    public mutating func base64(_ data: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Base64.encode(data, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func word(_ word: String) {
        separate()
        bytes.append(contentsOf: word.utf8)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Escapes

    private mutating func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (index, byte) in utf8.enumerated() where Self.needsEscape(byte) {
            bytes.append(contentsOf: utf8[start..<index])
            appendEscape(of: byte)
            start = index + 1
        }
        bytes.append(contentsOf: utf8[start...])
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0..<0x20:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(contentsOf: (byte < 0x10 ? "0" : "1").utf8)
            bytes.append(contentsOf: String(byte & 15, radix: 16).utf8)
        default: bytes.append(byte)
        }
    }
}
