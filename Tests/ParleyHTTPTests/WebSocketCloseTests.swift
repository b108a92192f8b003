import ParleyHTTP
import Testing

@Suite struct WebSocketCloseTests {
    private func parsed(_ payload: [UInt8]) -> ParsedFrames {
        var out: [UInt8] = []
        WebSocketFrame.write(.close, payload, mask: WebSocketMask(1), into: &out)
        return ParsedFrames(out, cut: [2])
    }

    private func payload(_ code: Int, _ reason: [UInt8] = []) -> [UInt8] {
        [UInt8(code >> 8), UInt8(code & 255)] + reason
    }

    @Test(
        "Codes that may be sent are read",
        arguments: [
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
            4000,
            4999,
        ]
    )
    func validCodes(code: Int) {
        let close = WebSocketClose(WebSocketCloseCode(UInt16(code)), "why")
        #expect(parsed(payload(code, Array("why".utf8))).events == [.close(close)])
    }

    @Test(
        "Codes that must not be sent are protocol errors",
        arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
    )
    func invalidCodes(code: Int) {
        #expect(parsed(payload(code)).failure == .protocolError)
    }

    @Test("A close frame without a code is read as such, with half a code refused")
    func withoutCode() {
        #expect(parsed([]).events == [.close(WebSocketClose(.noStatus))])
        #expect(parsed([3]).failure == .protocolError)
    }

    @Test("A reason that is not UTF-8 is refused with 1007")
    func invalidReason() {
        #expect(parsed(payload(1000, [0xFF])).failure == .invalidPayload)
        #expect(parsed(payload(1000, [0xE2, 0x82])).failure == .invalidPayload)
    }

    @Test("What follows a close frame is ignored")
    func afterClose() {
        var out: [UInt8] = []
        WebSocketFrame.writeClose(WebSocketClose(.normal), mask: WebSocketMask(1), into: &out)
        let parsed = ParsedFrames(out + [0xFF, 0xFF, 0xFF], cut: [3])
        #expect(parsed.events == [.close(WebSocketClose(.normal))])
        #expect(parsed.failure == nil)
    }

    @Test("A long reason is cut at a character's end")
    func longReason() {
        var out: [UInt8] = []
        let reason = String(repeating: "a", count: 120) + "éé"
        WebSocketFrame.writeClose(WebSocketClose(.goingAway, reason), into: &out)
        #expect(out.count == 2 + 2 + 122)
        let close = WebSocketClose(.goingAway, String(reason.dropLast()))
        #expect(ParsedFrames(out, peer: .server).events == [.close(close)])
    }

    @Test("A code that must not be sent is left out", arguments: [1005, 1006, 1015, 0])
    func unsentCode(code: Int) {
        var out: [UInt8] = []
        WebSocketFrame.writeClose(WebSocketClose(WebSocketCloseCode(UInt16(code)), "x"), into: &out)
        #expect(out == [0x88, 0x00])
    }

    @Test("A control frame's payload is cut at 125 bytes")
    func longPing() {
        var out: [UInt8] = []
        WebSocketFrame.write(.ping, [UInt8](repeating: 1, count: 200), into: &out)
        #expect(out.count == 127)
    }
}
