import ParleyHTTP
import Testing

@Suite struct WebSocketDecoderTests {
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
}
