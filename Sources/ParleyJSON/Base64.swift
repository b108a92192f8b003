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
            guard let tables = tables.baseAddress, let source = text.baseAddress,
                let sink = sink.baseAddress
            else { return false }
            var seen: UInt32 = 0
            let wholeCount = text.count / 4 - (paddingCount > 0 ? 1 : 0)
            var group = 0
            // Two groups at a time: memory is what this loop waits for.
            while group &+ 2 <= wholeCount {
                let letters = source.word(at: group &* 4, as: UInt64.self)
                let first = tables.bytes(of: UInt32(truncatingIfNeeded: letters))
                let second = tables.bytes(of: UInt32(truncatingIfNeeded: letters &>> 32))
                seen |= first | second
                sink.store(UInt64(first & 0xFF_FFFF) | UInt64(second) &<< 24, at: group &* 3)
                group &+= 2
            }
            if group < wholeCount {
                let word = tables.bytes(of: source.word(at: group * 4, as: UInt32.self))
                seen |= word
                sink.store(word, at: group * 3)
            }
            if paddingCount > 0 {
                let letters = source.word(at: wholeCount * 4, as: UInt32.self)
                let word = tables.bytes(of: fill(letters, paddingCount))
                seen |= word
                sink.store(word, at: wholeCount * 3)
            }
            return seen >> 31 == 0
        }
    }

    /// A group of letters with one that stands for zero bits in the place of padding.
    private static func fill(_ letters: UInt32, _ paddingCount: Int) -> UInt32 {
        let zeros = UInt32(UInt8(ascii: "A")) * 0x0101_0101
        let known: UInt32 = paddingCount == 2 ? 0x0000_FFFF : 0x00FF_FFFF
        return letters & known | zeros & ~known
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
        text.withUnsafeMutableBytes { sink in
            bytes.withUnsafeBytes { bytes in
                guard let sink = sink.baseAddress, let source = bytes.baseAddress else { return }
                encode(source, count: bytes.count, into: sink + start)
            }
        }
        encodeRest(bytes[(wholeCount * 3)...], into: &text, at: start + wholeCount * 4)
    }

    /// Encodes the whole groups of three bytes.
    private static func encode(
        _ source: UnsafeRawPointer,
        count: Int,
        into sink: UnsafeMutableRawPointer
    ) {
        encodingTable.withUnsafeBufferPointer { table in
            let letters = { (bits: UInt64) in UInt64(table[Int(bits & 4_095)]) }
            var group = 0
            // Two groups at a time, as long as a whole word can be read.
            while group &* 3 &+ 8 <= count {
                let bits = source.word(at: group &* 3, as: UInt64.self).byteSwapped
                let first = letters(bits &>> 52) | letters(bits &>> 40) &<< 16
                let second = letters(bits &>> 28) | letters(bits &>> 16) &<< 16
                sink.store(first | second &<< 32, at: group &* 4)
                group &+= 2
            }
            while group &* 3 &+ 3 <= count {
                let low = source.word(at: group &* 3, as: UInt16.self).byteSwapped
                let high = source.word(at: group &* 3 &+ 2, as: UInt8.self)
                let bits = UInt64(low) &<< 8 | UInt64(high)
                let word = letters(bits &>> 12) | letters(bits) &<< 16
                sink.store(UInt32(truncatingIfNeeded: word), at: group &* 4)
                group &+= 1
            }
        }
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

extension UnsafePointer<UInt32> {
    /// The three bytes of four letters, by the four tables.
    @inline(__always)
    fileprivate func bytes(of letters: UInt32) -> UInt32 {
        self[Int(letters & 255)] | self[256 &+ Int(letters &>> 8 & 255)]
            | self[512 &+ Int(letters &>> 16 & 255)] | self[768 &+ Int(letters &>> 24)]
    }
}

extension UnsafeRawPointer {
    /// The little-endian number at an offset.
    @inline(__always)
    fileprivate func word<Word: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: Word.Type
    ) -> Word {
        Word(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}

extension UnsafeMutableRawPointer {
    /// Writes a number at an offset, little-endian.
    @inline(__always)
    fileprivate func store<Word: FixedWidthInteger & BitwiseCopyable>(_ word: Word, at offset: Int)
    {
        storeBytes(of: word.littleEndian, toByteOffset: offset, as: Word.self)
    }
}
