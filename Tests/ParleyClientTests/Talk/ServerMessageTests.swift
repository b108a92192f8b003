import ParleyClient
import ParleyJSON
import Testing

@Suite("Server's events")
struct ServerMessageTests {
    @Test(
        "The type is found wherever it stands",
        arguments: [
            (#"{"type":"error"}"#, "error"),
            (#"{"event_id":"e","type":"error"}"#, "error"),
            (#" { "type" : "error" } "#, "error"),
            (#"{"type":"a\u0062"}"#, "ab"),
            (#"{"type":"x"#, ""),
            (#"{"type":7}"#, ""), ("{}", ""), ("", ""), ("[1]", ""), (#"{"type":""#, ""),
        ] as [(String, String)]
    )
    func types(_ row: (String, String)) {
        #expect(ServerMessage(Array(row.0.utf8)).type == row.1)
    }

    @Test(
        "Audio is decoded, by the short way and by the long one",
        arguments: [
            #"{"type":"response.output_audio.delta","delta":"AQID"}"#,
            #"{"type":"response.output_audio.delta","delta":"AQID","content_index":0}"#,
            #"{"delta":"AQID","type":"response.output_audio.delta"}"#,
            #"{"type":"response.output_audio.delta","delta":"\u0041QID"}"#,
            #"{"type":"response.output_audio.delta", "delta" : "AQID" }"#,
            #"{"type":"response.output_audio.delta","x":{"delta":"AAAA"},"delta":"AQID"}"#,
        ]
    )
    func audio(_ text: String) {
        #expect(ServerMessage(Array(text.utf8)).audio == [1, 2, 3])
    }

    @Test(
        "What is no audio gives none",
        arguments: [
            #"{"type":"response.output_text.delta","delta":"AQID"}"#,
            #"{"type":"response.output_audio.delta","delta":"A"}"#,
            #"{"type":"response.output_audio.delta"}"#,
            #"{"type":"response.output_audio.delta","delta":"AQID"#,
            #"{"type":"response.output_audio.delta","delta":3}"#,
        ]
    )
    func noAudio(_ text: String) {
        #expect(ServerMessage(Array(text.utf8)).audio == nil)
    }
}
