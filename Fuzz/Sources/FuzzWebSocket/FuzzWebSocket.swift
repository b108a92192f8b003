import FuzzDriver
import ParleyHTTP

/// Reads the input as frames from a client and from a server, whole and cut up, and messages once
/// more after writing them.
@main
enum FuzzWebSocket {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    for peer in [WebSocketDecoder.Peer.client, .server] {
        let whole = readInAnyPieces(bytes) { read($0, from: peer) }
        _ = readInAnyPieces(bytes) { read($0, from: peer, discards: true) }
        let mask: WebSocketMask? =
            peer == .client ? WebSocketMask(UInt32(bytes.count) &* 0x9E37_79B9) : nil
        for message in whole.messages {
            if message.opcode == .text {
                precondition(String(validating: message.bytes, as: UTF8.self) != nil)
            }
            var written: [UInt8] = []
            WebSocketFrame.write(message.opcode, message.bytes, mask: mask, into: &written)
            let again = read([written], from: peer)
            precondition(again.messages == [message], "Written and read, the message differs")
        }
    }
}

private struct Stream: Equatable {
    var messages: [Message] = []
    var close: WebSocketClose?
    var failure: WebSocketCloseCode?
}

private struct Message: Equatable {
    var opcode: WebSocketOpcode
    var bytes: [UInt8]
}

private func read(
    _ pieces: [[UInt8]],
    from peer: WebSocketDecoder.Peer,
    discards: Bool = false
) -> Stream {
    var limits = WebSocketDecoder.Limits()
    limits.message = 1 << 16
    limits.fragments = 20
    var decoder = WebSocketDecoder(peer: peer, limits: limits)
    var stream = Stream()
    if discards { decoder.discardMessages() }
    for var piece in pieces {
        piece.withUnsafeMutableBytes { stream.take($0, &decoder) }
        precondition(!discards || decoder.heldByteCount == 0, "Something of a message is kept")
        if stream.failure != nil { return stream }
    }
    return stream
}

extension Stream {
    fileprivate mutating func take(
        _ piece: UnsafeMutableRawBufferPointer,
        _ decoder: inout WebSocketDecoder
    ) {
        var offset = 0
        do throws(WebSocketClose) {
            while let event = try decoder.next(piece, at: &offset) {
                switch event {
                case .message(let kind, let payload):
                    let opcode: WebSocketOpcode = kind == .text ? .text : .binary
                    messages.append(Message(opcode: opcode, bytes: payload.bytes(of: piece)))
                case .ping(let bytes): messages.append(Message(opcode: .ping, bytes: bytes))
                case .pong(let bytes): messages.append(Message(opcode: .pong, bytes: bytes))
                case .close(let close): self.close = close
                }
            }
            precondition(offset == piece.count, "Input was left behind")
        } catch {
            failure = error.code
        }
    }
}
