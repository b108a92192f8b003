import ParleyRealtime
import ParleyTesting
import Testing

@Suite("The short way for audio")
struct AppendEventTests {
    private static let messages = [
        #"{"type":"input_audio_buffer.append","audio":"AQIDBAUGBwgJCgsMDQ4PEA=="}"#,
        #" { "audio" : "AQID" , "event_id" : "e 1" , "type" : "input_audio_buffer.append" } "#,
        #"{"event_id":"evt_1","type":"input_audio_buffer.append","audio":""}"#,
        #"{"type":"input_audio_buffer.append","audio":"AQ\/D","event_id":"é"}"#,
        #"{"type":"input_audio_buffer.append","audio":"AQID","audio":"BAUG"}"#,
        #"{"type":"input_audio_buffer.append","audio":"AQID","more":[1]}"#,
        #"{"type":"input_audio_buffer.append","audio":"AQI"}"#,
        #"{"type":"input_audio_buffer.append","audio":"AQID","event_id":null}"#,
        #"{"type":"response.cancel","response_id":"r"}"#,
        #"{"type":"session.input_audio_buffer.append","audio":"AQID"}"#,
    ]

    /// Both ways give the same event or the same error, lenient and strict, whatever the session
    /// is for.
    private func expectSame(_ message: [UInt8]) {
        for kind in SessionKind.allCases { expectSame(message, in: kind) }
    }

    private func expectSame(_ message: [UInt8], in kind: SessionKind) {
        for isStrict in [false, true] {
            var decoder = EventDecoder()
            decoder.kind = kind
            decoder.refusesUnknownMembers = isStrict
            let short = Result { () throws(EventDecodingError) in try decoder.decode(message) }
            let full = Result { () throws(EventDecodingError) in try decoder.decodeFully(message) }
            #expect(short == full, "\(String(decoding: message, as: UTF8.self))")
        }
    }

    @Test("It agrees with the full decoder", arguments: messages)
    func agrees(text: String) {
        expectSame(Array(text.utf8))
    }

    @Test("It agrees on every beginning of a message", arguments: messages)
    func agreesOnBeginnings(text: String) {
        let message = Array(text.utf8)
        for count in message.indices { expectSame(Array(message[..<count])) }
    }

    @Test("It agrees on damaged messages", arguments: messages.indices)
    func agreesOnDamage(index: Int) {
        var random = SplitMix(seed: UInt64(index))
        let message = Array(Self.messages[index].utf8)
        for _ in 0..<500 { expectSame(random.damage(message)) }
    }

    @Test("It agrees on event ids up to and beyond the limit", arguments: [511, 512, 513])
    func agreesOnLongIDs(count: Int) {
        let id = String(repeating: "x", count: count)
        expectSame(
            Array(#"{"type":"input_audio_buffer.append","audio":"AQID","event_id":"\#(id)"}"#.utf8)
        )
    }

    @Test("It finds quotes at every distance", arguments: 0..<40)
    func findsQuotes(groupCount: Int) throws {
        let audio = String(repeating: "AQID", count: groupCount)
        let text = #"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#
        let bytes = [[UInt8]](repeating: [1, 2, 3], count: groupCount).flatMap(\.self)
        #expect(decode(text) == .success(ClientEvent(.inputAudioBufferAppend(audio: bytes))))
    }
}
