/// Writes frames.
///
/// - Source: RFC 6455, section 5.2.
package enum WebSocketFrame {
    /// Appends one frame.
    ///
    /// - Parameters:
    ///   - opcode: What it is; for control frames the payload is cut at 125 bytes.
    ///   - payload: What it carries; text must be UTF-8.
    ///   - isFinal: Whether the message ends here.
    ///   - mask: A fresh random key on the client's side, nil on the server's.
    ///   - out: Where the bytes are appended.
    package static func write(
        _ opcode: WebSocketOpcode,
        _ payload: some Collection<UInt8>,
        isFinal: Bool = true,
        mask: WebSocketMask? = nil,
        into out: inout [UInt8]
    ) {
        let count = opcode.isControl ? min(payload.count, 125) : payload.count
        writeHeader(opcode, payloadCount: count, isFinal: isFinal, mask: mask, into: &out)
        let start = out.count
        out.append(contentsOf: payload.prefix(count))
        guard var mask else { return }
        out.withUnsafeMutableBytes { all in
            mask.apply(UnsafeMutableRawBufferPointer(rebasing: all[start...]))
        }
    }

    /// Appends a close frame.
    ///
    /// A code that must not be sent (``WebSocketCloseCode/mayBeSent``) gives a frame without one.
    /// The reason is cut to 123 bytes, at a character's end.
    package static func writeClose(
        _ close: WebSocketClose,
        mask: WebSocketMask? = nil,
        into out: inout [UInt8]
    ) {
        guard close.code.mayBeSent else {
            return write(.close, [], mask: mask, into: &out)
        }
        var payload = [UInt8(close.code.number >> 8), UInt8(close.code.number & 0xFF)]
        for character in close.reason {
            guard payload.count + character.utf8.count <= 125 else { break }
            payload.append(contentsOf: character.utf8)
        }
        write(.close, payload, mask: mask, into: &out)
    }

    /// Appends a frame's header only, for a payload that the caller writes behind it, unmasked.
    package static func writeHeader(
        _ opcode: WebSocketOpcode,
        payloadCount: Int,
        isFinal: Bool = true,
        into out: inout [UInt8]
    ) {
        writeHeader(opcode, payloadCount: payloadCount, isFinal: isFinal, mask: nil, into: &out)
    }

    private static func writeHeader(
        _ opcode: WebSocketOpcode,
        payloadCount: Int,
        isFinal: Bool,
        mask: WebSocketMask?,
        into out: inout [UInt8]
    ) {
        out.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch payloadCount {
        case ..<126:
            out.append(maskBit | UInt8(payloadCount))
        case ..<0x1_0000:
            out.append(maskBit | 126)
            out.append(UInt8(payloadCount >> 8))
            out.append(UInt8(payloadCount & 0xFF))
        default:
            out.append(maskBit | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                out.append(UInt8(truncatingIfNeeded: payloadCount >> shift))
            }
        }
        if let mask { out.append(contentsOf: mask.octets) }
    }
}
