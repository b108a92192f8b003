import ParleyHTTP
import ParleyTesting
import Testing

@Suite struct WebSocketDecoderTests {
    /// A client's frame.
    private func frame(
        _ opcode: WebSocketOpcode,
        _ payload: some Collection<UInt8>,
        isFinal: Bool = true
    ) -> [UInt8] {
        var out: [UInt8] = []
        let mask = WebSocketMask(0x3D21_FA37)
        WebSocketFrame.write(opcode, payload, isFinal: isFinal, mask: mask, into: &out)
        return out
    }

    private func expect(
        _ bytes: [UInt8],
        _ events: [ParsedFrames.Event],
        _ failure: WebSocketCloseCode? = nil,
        limits: WebSocketDecoder.Limits = WebSocketDecoder.Limits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for cut in [Int.max, 1, 2, 3, 5, 64] {
            let parsed = ParsedFrames(bytes, cut: [cut], limits: limits)
            #expect(parsed.events == events, "pieces of \(cut)", sourceLocation: sourceLocation)
            #expect(parsed.failure == failure, "pieces of \(cut)", sourceLocation: sourceLocation)
        }
    }

    @Test("The examples of RFC 6455, section 5.7, are read")
    func examples() {
        let hello = ParsedFrames.Event.text(Array("Hello".utf8))
        let unmasked: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        #expect(ParsedFrames(unmasked, peer: .server).events == [hello])
        expect([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], [hello])
        let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
        #expect(ParsedFrames(fragments, peer: .server).events == [hello])
        let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        expect(pong, [.pong(Array("Hello".utf8))])
    }

    @Test(
        "What is written as a frame is read as a message",
        arguments: [0, 1, 7, 125, 126, 65_535, 65_536],
        [nil, WebSocketMask(0x9A3F_0017)]
    )
    func roundTrip(count: Int, mask: WebSocketMask?) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 % 120) }
        var bytes: [UInt8] = []
        WebSocketFrame.write(.text, payload, mask: mask, into: &bytes)
        let peer: WebSocketDecoder.Peer = mask == nil ? .server : .client
        for cut in [1, 2, 3, 13, 1_000, Int.max] {
            #expect(ParsedFrames(bytes, cut: [cut], peer: peer).events == [.text(payload)])
        }
    }

    @Test("A message that lies whole in the input stays there")
    func inPlace() throws {
        var decoder = WebSocketDecoder(peer: .client)
        var bytes =
            frame(.text, "ab".utf8) + frame(.binary, [1]) + frame(.text, "c".utf8).dropLast()
        try bytes.withUnsafeMutableBytes { input throws in
            var offset = 0
            #expect(try decoder.next(input, at: &offset) == .message(.text, .inPlace(6..<8)))
            #expect(try decoder.next(input, at: &offset) == .message(.binary, .inPlace(14..<15)))
            #expect(try decoder.next(input, at: &offset) == nil)
            #expect(offset == input.count)
        }
    }

    @Test("Control frames may come between fragments")
    func controlBetweenFragments() {
        let stream =
            frame(.text, "one ".utf8, isFinal: false) + frame(.ping, "p".utf8)
            + frame(.continuation, [], isFinal: false) + frame(.pong, [])
            + frame(.continuation, "two".utf8) + frame(.binary, [7])
        let events: [ParsedFrames.Event] = [
            .ping(Array("p".utf8)), .pong([]), .text(Array("one two".utf8)), .binary([7]),
        ]
        expect(stream, events)
    }

    @Test("A continuation with nothing to continue is a protocol error")
    func strayContinuation() {
        expect(frame(.continuation, "x".utf8), [], .protocolError)
        let after = frame(.text, "a".utf8) + frame(.continuation, "b".utf8)
        expect(after, [.text(Array("a".utf8))], .protocolError)
    }

    @Test("A message must not begin before the last one has ended")
    func interleaved() {
        let stream = frame(.text, "a".utf8, isFinal: false) + frame(.text, "b".utf8)
        expect(stream, [], .protocolError)
        let binary = frame(.binary, [1], isFinal: false) + frame(.text, "b".utf8, isFinal: false)
        expect(binary, [], .protocolError)
    }

    @Test(
        "Malformed headers are protocol errors",
        arguments: [
            [0xC1, 0x80, 0, 0, 0, 0], [0xA1, 0x80, 0, 0, 0, 0], [0x91, 0x80, 0, 0, 0, 0],  // RSV
            [0x83, 0x80, 0, 0, 0, 0], [0x87, 0x80, 0, 0, 0, 0],  // reserved data opcodes
            [0x8B, 0x80, 0, 0, 0, 0], [0x8F, 0x80, 0, 0, 0, 0],  // reserved control opcodes
            [0x81, 0x00],  // no mask
            [0x09, 0x80, 0, 0, 0, 0],  // fragmented ping
            [0x89, 0xFE, 0, 126, 0, 0, 0, 0],  // long ping
            [0x81, 0xFE, 0, 125, 0, 0, 0, 0],  // 16 bits for 125
            [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0],  // 64 bits for 65,535
            [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],  // highest bit
        ] as [[UInt8]]
    )
    func malformed(bytes: [UInt8]) {
        expect(bytes, [], .protocolError)
    }

    @Test("A server's frame must not be masked")
    func maskedServer() {
        #expect(ParsedFrames(frame(.text, []), peer: .server).failure == .protocolError)
    }

    @Test("A message may be as long as the limit and no longer, also in fragments")
    func messageLimit() {
        var limits = WebSocketDecoder.Limits()
        limits.message = 10
        let ten = [UInt8](repeating: 97, count: 10)
        expect(frame(.text, ten), [.text(ten)], limits: limits)
        expect(frame(.text, ten + [97]), [], .messageTooBig, limits: limits)
        let start = frame(.text, ten.prefix(6), isFinal: false)
        expect(start + frame(.continuation, ten.prefix(4)), [.text(ten)], limits: limits)
        expect(start + frame(.continuation, ten.prefix(5)), [], .messageTooBig, limits: limits)
    }

    @Test("A frame that announces too much is refused by its header, whatever it announces")
    func announcedTooMuch() {
        let huge: [UInt8] = [0x82, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4]
        expect(huge, [], .messageTooBig)
        let start = frame(.binary, [1], isFinal: false)
        expect(start + [0x80] + huge.dropFirst(), [], .messageTooBig)
    }

    @Test("A message may have as many fragments as the limit and no more")
    func fragmentLimit() {
        var limits = WebSocketDecoder.Limits()
        limits.fragments = 3
        let start = frame(.binary, [1], isFinal: false)
        let more = frame(.continuation, [2], isFinal: false)
        let end = frame(.continuation, [3])
        expect(start + more + end, [.binary([1, 2, 3])], limits: limits)
        expect(start + more + more + end, [], .policyViolation, limits: limits)
    }

    @Test("The default limit lets a message of 22 MiB pass, in whatever pieces")
    func largeMessage() {
        let payload = [UInt8](repeating: 0x5A, count: 22 << 20)
        let parsed = ParsedFrames(frame(.binary, payload), cut: [16 << 10])
        #expect(parsed.events == [.binary(payload)])
    }

    @Test("After a failure every call fails the same way")
    func staysFailed() {
        var decoder = WebSocketDecoder(peer: .client)
        for _ in 0..<2 {
            var bytes: [UInt8] = [0xFF, 0xFF]
            var offset = 0
            let failure = #expect(throws: WebSocketClose.self) {
                try bytes.withUnsafeMutableBytes { try decoder.next($0, at: &offset) }
            }
            #expect(failure?.code == .protocolError)
        }
    }

    @Test(
        "Random messages in random fragments and pieces arrive as they were sent",
        arguments: 0..<200
    )
    func randomRoundTrip(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var stream: [UInt8] = []
        var events: [ParsedFrames.Event] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let payload = random.bytes(count: Int.random(in: 0...300, using: &random))
            events.append(.binary(payload))
            let step = Int.random(in: 1...400, using: &random)
            let pieces = payload.isEmpty ? [[]] : payload.pieces([step])
            for (index, piece) in pieces.enumerated() {
                let mask = WebSocketMask(UInt32(truncatingIfNeeded: random.next()))
                WebSocketFrame.write(
                    index == 0 ? .binary : .continuation,
                    piece,
                    isFinal: index == pieces.count - 1,
                    mask: mask,
                    into: &stream
                )
            }
        }
        let cuts = (0..<40).map { _ in Int.random(in: 1...90, using: &random) }
        let parsed = ParsedFrames(stream, cut: cuts)
        #expect(parsed.events == events, "seed \(seed)")
        #expect(parsed.failure == nil, "seed \(seed)")
    }
}
