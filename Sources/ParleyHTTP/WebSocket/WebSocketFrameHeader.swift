/// A frame's header, read byte by byte as it arrives.
struct WebSocketFrameHeader: Sendable {
    /// Two bytes, eight of length, four of mask at most.
    private var bytes = InlineArray<14, UInt8>(repeating: 0)
    private var count = 0

    /// What a whole header says.
    struct Frame: Sendable {
        let opcode: WebSocketOpcode
        let isFinal: Bool
        let length: Int
        /// Turned onward as pieces of the payload are unmasked.
        var mask: WebSocketMask
    }

    /// Takes bytes until the header is whole, then reads it and starts over.
    ///
    /// What the first two bytes forbid fails at once, without waiting for more.
    mutating func next(
        _ input: UnsafeMutableRawBufferPointer,
        at offset: inout Int,
        isFromClient: Bool
    ) throws(WebSocketClose) -> Frame? {
        var needed = count < 2 ? 2 : Self.size(second: bytes[1])
        while count < needed {
            guard offset < input.count else { return nil }
            bytes[count] = input[offset]
            count += 1
            offset += 1
            if count == 2 {
                try checkStart(isFromClient: isFromClient)
                needed = Self.size(second: bytes[1])
            }
        }
        count = 0
        return try frame()
    }

    private static func size(second: UInt8) -> Int {
        let length = second & 0x7F
        return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (second & 0x80 == 0 ? 0 : 4)
    }

    private var isFinal: Bool { bytes[0] & 0x80 != 0 }
    private var opcode: WebSocketOpcode? { WebSocketOpcode(rawValue: bytes[0] & 0x0F) }
    private var isMasked: Bool { bytes[1] & 0x80 != 0 }
    private var shortLength: UInt8 { bytes[1] & 0x7F }

    private func checkStart(isFromClient: Bool) throws(WebSocketClose) {
        guard bytes[0] & 0x70 == 0 else {
            throw WebSocketClose(
                .protocolError,
                "Reserved bits are set, no extension was agreed on"
            )
        }
        guard let opcode else {
            throw WebSocketClose(.protocolError, "Opcode \(bytes[0] & 0x0F) is reserved")
        }
        guard isMasked == isFromClient else {
            throw WebSocketClose(
                .protocolError,
                isMasked ? "A server's frame is masked" : "A client's frame is unmasked"
            )
        }
        guard !opcode.isControl || isFinal && shortLength <= 125 else {
            throw WebSocketClose(
                .protocolError,
                "A control frame is fragmented or longer than 125 bytes"
            )
        }
    }

    private func frame() throws(WebSocketClose) -> Frame {
        let length = try payloadLength()
        var key: UInt32 = 0
        if isMasked {
            let start = Self.size(second: bytes[1]) - 4
            for index in 0..<4 { key |= UInt32(bytes[start + index]) << (8 * UInt32(index)) }
        }
        return Frame(
            opcode: opcode ?? .binary,
            isFinal: isFinal,
            length: length,
            mask: WebSocketMask(key)
        )
    }

    /// - Source: RFC 6455, section 5.2: the shortest form, and no sign bit.
    private func payloadLength() throws(WebSocketClose) -> Int {
        guard shortLength >= 126 else { return Int(shortLength) }
        var length: UInt64 = 0
        let isShort = shortLength == 126
        for index in 2..<(isShort ? 4 : 10) { length = length << 8 | UInt64(bytes[index]) }
        guard length > (isShort ? 125 : 0xFFFF) else {
            throw WebSocketClose(.protocolError, "A frame's length is not in its shortest form")
        }
        guard let length = Int(exactly: length) else {
            throw WebSocketClose(.protocolError, "A frame's length has its highest bit set")
        }
        return length
    }
}
