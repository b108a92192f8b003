import ParleyHTTP
import Testing

@Suite struct WebSocketHandshakeTests {
    @Test("The accept key is the one of the RFC's example")
    func acceptKey() {
        let key = WebSocketHandshake.acceptKey(for: "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(key == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }
}
