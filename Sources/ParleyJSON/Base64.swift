/// Bytes as text of 64 letters.
///
/// - Source: RFC 4648, section 4: standard alphabet, always padded.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let padding = UInt8(ascii: "=")

    // MARK: Decoding

    /// A table for each place in a group of four, so that a group is four loads and three ORs.
    ///
    /// Bit 31 marks a byte that is no letter. The rest is laid out so that the little-endian word
    /// begins with the three bytes in order.
    private static let decodingTables: [UInt32] = {
        var tables = [UInt32](repeating: 1 << 31, count: 4 * 256)
        for (value, letter) in alphabet.enumerated() {
            let bits = UInt32(value)
            let place = Int(letter)
            tables[place] = bits << 2
            tables[256 + place] = bits >> 4 | (bits & 15) << 12
            tables[512 + place] = (bits >> 2) << 8 | (bits & 3) << 22
            tables[768 + place] = bits << 16
        }
        return tables
    }()

    /// How many bytes a text of this length stands for at most.
    public static func decodedCount(of textCount: Int) -> Int { textCount / 4 * 3 }

    /// Decodes text; nil when it is not base64.
    ///
    /// Bits that padding leaves over are ignored, whatever they are.
    public static func decode(_ text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBytes { decode($0) }
    }

    /// Decodes text; nil when it is not base64.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    /// Decodes the bytes of a text; nil when they are not base64.
    public static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        guard text.count > 0 else { return [] }
        let paddingCount =
            text[text.count - 1] != padding ? 0 : text[text.count - 2] != padding ? 1 : 2
        let count = text.count / 4 * 3 - paddingCount
        // Each group stores a word of four bytes of which three count: hence room for one more.
        let bytes = [UInt8](unsafeUninitializedCapacity: count + 4) { sink, initializedCount in
            let sink = UnsafeMutableRawBufferPointer(sink)
            let isValid = decode(text, paddingCount: paddingCount, into: sink)
            initializedCount = isValid ? count : 0
        }
        return bytes.count == count ? bytes : nil
    }

    /// False when a byte is no letter; what is in the sink then means nothing.
    private static func decode(
        _ text: UnsafeRawBufferPointer,
        paddingCount: Int,
        into sink: UnsafeMutableRawBufferPointer
    ) -> Bool {
        decodingTables.withUnsafeBufferPointer { tables in
            var seen: UInt32 = 0
            let wholeCount = text.count / 4 - (paddingCount > 0 ? 1 : 0)
            for group in 0..<wholeCount {
                let place = group &* 4
                let word =
                    tables[Int(text[place])] | tables[256 &+ Int(text[place &+ 1])]
                    | tables[512 &+ Int(text[place &+ 2])] | tables[768 &+ Int(text[place &+ 3])]
                seen |= word
                sink.storeBytes(of: word.littleEndian, toByteOffset: group &* 3, as: UInt32.self)
            }
            if paddingCount > 0 {
                let place = wholeCount * 4
                var word = tables[Int(text[place])] | tables[256 + Int(text[place + 1])]
                if paddingCount == 1 { word |= tables[512 + Int(text[place + 2])] }
                seen |= word
                sink.storeBytes(
                    of: word.littleEndian,
                    toByteOffset: wholeCount * 3,
                    as: UInt32.self
                )
            }
            return seen >> 31 == 0
        }
    }

    // MARK: Encoding

    /// The two letters of each 12 bits, first letter in the low byte.
    private static let encodingTable: [UInt16] = (0..<4_096).map { bits in
        UInt16(alphabet[bits >> 6]) | UInt16(alphabet[bits & 63]) << 8
    }

    /// How many letters so many bytes take.
    public static func encodedCount(of byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

    /// Encodes bytes.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        encode(bytes, into: &text)
        return text
    }

    /// Appends the text of the bytes.
    public static func encode(_ bytes: [UInt8], into text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(padding, count: encodedCount(of: bytes.count)))
        let wholeCount = bytes.count / 3
        encodingTable.withUnsafeBufferPointer { table in
            text.withUnsafeMutableBytes { sink in
                for group in 0..<wholeCount {
                    let place = group &* 3
                    let bits =
                        Int(bytes[place]) << 16 | Int(bytes[place &+ 1]) << 8
                        | Int(bytes[place &+ 2])
                    let word = UInt32(table[bits >> 12]) | UInt32(table[bits & 4_095]) << 16
                    sink.storeBytes(
                        of: word.littleEndian,
                        toByteOffset: start &+ group &* 4,
                        as: UInt32.self
                    )
                }
            }
        }
        encodeRest(bytes[(wholeCount * 3)...], into: &text, at: start + wholeCount * 4)
    }

    /// Encodes the last one or two bytes, where padding already stands.
    private static func encodeRest(
        _ rest: ArraySlice<UInt8>,
        into text: inout [UInt8],
        at place: Int
    ) {
        guard let first = rest.first else { return }
        let second = rest.dropFirst().first
        let bits = Int(first) << 8 | Int(second ?? 0)
        text[place] = alphabet[bits >> 10]
        text[place + 1] = alphabet[bits >> 4 & 63]
        if second != nil { text[place + 2] = alphabet[(bits & 15) << 2] }
    }
}
