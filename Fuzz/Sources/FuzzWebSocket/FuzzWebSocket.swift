import FuzzDriver
import ParleyHTTP

/// Reads the input as frames from a client and from a server, whole and cut up, and messages once
/// more after writing them.
@main
enum FuzzWebSocket {
    static func main() {
        runFuzzer { start, count in
            check(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }
}

private func check(_ bytes: [UInt8]) {
    for peer in [WebSocketDecoder.Peer.client, .server] {
        let whole = read(bytes, from: peer, cut: max(1, bytes.count))
        let step = Int(bytes.last ?? 1) % 7 + 1
        let cut = read(bytes, from: peer, cut: step)
        precondition(cut == whole, "A cut into pieces of \(step) changed the result")
        let mask: WebSocketMask? =
            peer == .client ? WebSocketMask(UInt32(bytes.count) &* 0x9E37_79B9) : nil
        for message in whole.messages {
            if message.opcode == .text {
                precondition(String(validating: message.bytes, as: UTF8.self) != nil)
            }
            var written: [UInt8] = []
            WebSocketFrame.write(message.opcode, message.bytes, mask: mask, into: &written)
            let again = read(written, from: peer, cut: written.count)
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

private func read(_ bytes: [UInt8], from peer: WebSocketDecoder.Peer, cut step: Int) -> Stream {
    var limits = WebSocketDecoder.Limits()
    limits.message = 1 << 16
    limits.fragments = 20
    var decoder = WebSocketDecoder(peer: peer, limits: limits)
    var stream = Stream()
    for start in stride(from: 0, to: bytes.count, by: step) {
        var piece = Array(bytes[start..<min(start + step, bytes.count)])
        piece.withUnsafeMutableBytes { stream.take($0, &decoder) }
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
