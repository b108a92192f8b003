import ParleyHTTP
import Testing

@Suite("A decoder that discards messages") struct WebSocketDiscardTests {
    private let mask = WebSocketMask(0x3D21_FA37)

    private func frame(
        _ opcode: WebSocketOpcode,
        _ payload: [UInt8],
        isFinal: Bool = true
    ) -> [UInt8] {
        var out: [UInt8] = []
        WebSocketFrame.write(opcode, payload, isFinal: isFinal, mask: mask, into: &out)
        return out
    }

    /// A header that promises more than any limit allows, and the first bytes of it.
    private func endless() -> [UInt8] {
        [0x81, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4]
            + [UInt8](repeating: 0, count: 1_000)
    }

    @Test(
        "Messages of any shape are skipped, control frames are told",
        arguments: [1, 2, 3, 7, 99]
    )
    func skips(cut: Int) {
        let bytes =
            frame(.text, [0xFF, 0xFE]) + frame(.binary, [1, 2, 3]) + frame(.ping, [9])
            + frame(.text, [0x61], isFinal: false) + frame(.continuation, [0x62])
            + frame(.close, [0x03, 0xE8])
        let parsed = ParsedFrames(bytes, cut: [cut], discardsMessages: true)
        #expect(parsed.events == [.ping([9]), .close(WebSocketClose(.normal))])
        #expect(parsed.failure == nil)
    }

    @Test("A message beyond the limit is no fault, and costs nothing")
    func costsNothing() throws {
        var decoder = WebSocketDecoder(peer: .client)
        decoder.discardMessages()
        var bytes = endless()
        try bytes.withUnsafeMutableBytes { input throws in
            var offset = 0
            #expect(try decoder.next(input, at: &offset) == nil)
            #expect(offset == input.count)
        }
        #expect(decoder.heldByteCount == 0)
    }

    @Test("What was gathered of a message is let go, and its rest is skipped")
    func letsGo() throws {
        var decoder = WebSocketDecoder(peer: .client)
        let whole = frame(.text, [UInt8](repeating: 0x61, count: 500)) + frame(.ping, [7])
        var (first, rest) = (Array(whole[..<100]), Array(whole[100...]))
        var offset = 0
        try first.withUnsafeMutableBytes { input throws in
            #expect(try decoder.next(input, at: &offset) == nil)
        }
        #expect(decoder.heldByteCount == 92)
        decoder.discardMessages()
        #expect(decoder.heldByteCount == 0)
        offset = 0
        try rest.withUnsafeMutableBytes { input throws in
            #expect(try decoder.next(input, at: &offset) == .ping([7]))
            #expect(try decoder.next(input, at: &offset) == nil)
        }
        #expect(decoder.heldByteCount == 0)
    }

    @Test("A frame that breaks the protocol still does")
    func stillJudges() {
        let unmasked: [UInt8] = [0x81, 0x01, 0x61]
        #expect(ParsedFrames(unmasked, discardsMessages: true).failure == .protocolError)
    }
}
