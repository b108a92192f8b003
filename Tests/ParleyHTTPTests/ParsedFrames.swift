import ParleyHTTP

/// What a decoder made of a stream, however it was cut.
struct ParsedFrames: Equatable {
    enum Event: Equatable {
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(WebSocketClose)
    }

    var events: [Event] = []
    var failure: WebSocketCloseCode?

    init(
        _ bytes: [UInt8],
        cut sizes: [Int] = [Int.max],
        peer: WebSocketDecoder.Peer = .client,
        limits: WebSocketDecoder.Limits = WebSocketDecoder.Limits(),
        discardsMessages: Bool = false
    ) {
        var decoder = WebSocketDecoder(peer: peer, limits: limits)
        if discardsMessages { decoder.discardMessages() }
        for var piece in bytes.pieces(sizes) {
            do {
                try piece.withUnsafeMutableBytes { try feed($0, to: &decoder) }
            } catch {
                failure = (error as? WebSocketClose)?.code
                return
            }
        }
    }

    private mutating func feed(
        _ piece: UnsafeMutableRawBufferPointer,
        to decoder: inout WebSocketDecoder
    ) throws {
        var offset = 0
        while let event = try decoder.next(piece, at: &offset) {
            switch event {
            case .message(.text, let payload): events.append(.text(payload.bytes(of: piece)))
            case .message(.binary, let payload): events.append(.binary(payload.bytes(of: piece)))
            case .ping(let payload): events.append(.ping(payload))
            case .pong(let payload): events.append(.pong(payload))
            case .close(let close): events.append(.close(close))
            }
        }
    }
}
