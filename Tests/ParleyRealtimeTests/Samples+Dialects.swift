import ParleyRealtime

extension Samples {
    /// The sample lines of the protocol reference (beta server events) and the values that make
    /// them.
    static let ofBetaReference: [(event: ServerEvent, line: String)] = [
        (
            ServerEvent(id: "event_1", .sessionCreated(betaSession)),
            #"{"type":"session.created","event_id":"event_1","session":{"id":"sess_3","#
                + #""object":"realtime.session","model":"local-llm","expires_at":1790000000,"#
                + #""modalities":["audio","text"],"instructions":"Be brief.","voice":"alloy","#
                + #""input_audio_format":"pcm16","output_audio_format":"pcm16","#
                + #""input_audio_transcription":null,"input_audio_noise_reduction":null,"#
                + #""turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"#
                + #""silence_duration_ms":500,"create_response":true,"interrupt_response":true},"#
                + #""tools":[],"tool_choice":"auto","temperature":0.8,"#
                + #""max_response_output_tokens":"inf","speed":1.0,"tracing":null,"#
                + #""truncation":"auto","prompt":null,"include":null,"client_secret":null}}"#
        ),
        (
            ServerEvent(id: "event_2", .conversationCreated(id: "conv_1")),
            #"{"type":"conversation.created","event_id":"event_2","#
                + #""conversation":{"id":"conv_1","object":"realtime.conversation"}}"#
        ),
        (
            ServerEvent(
                id: "event_3",
                .conversationItemAdded(item: assistant, previousItemID: nil)
            ),
            #"{"type":"conversation.item.created","event_id":"event_3","#
                + #""previous_item_id":null,"item":{"id":"item_a","object":"realtime.item","#
                + #""type":"message","status":"completed","role":"assistant","#
                + #""content":[{"type":"audio","transcript":"Hello.","audio":null,"text":null,"#
                + #""id":null}],"call_id":null,"name":null,"arguments":null,"output":null}}"#
        ),
        (
            ServerEvent(id: "event_4", .responseContentPartAdded(place, .audio(transcript: ""))),
            #"{"type":"response.content_part.added","event_id":"event_4","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"content_index":0,"#
                + #""part":{"type":"audio","transcript":"","audio":null,"text":null}}"#
        ),
        (
            ServerEvent(id: "event_5", .responseOutputAudioDelta(place, audio: [0, 0, 0])),
            #"{"type":"response.audio.delta","event_id":"event_5","response_id":"resp_1","#
                + #""item_id":"item_a","output_index":0,"content_index":0,"delta":"AAAA"}"#
        ),
        (
            ServerEvent(
                id: "event_6",
                .responseDone(response(.completed, output: [assistant], usage: usage))
            ),
            #"{"type":"response.done","event_id":"event_6","#
                + #""response":{"object":"realtime.response","id":"resp_1","status":"completed","#
                + #""status_details":null,"output":[{"id":"item_a","object":"realtime.item","#
                + #""type":"message","status":"completed","role":"assistant","#
                + #""content":[{"type":"audio","transcript":"Hello.","audio":null,"text":null,"#
                + #""id":null}],"call_id":null,"name":null,"arguments":null,"output":null}],"#
                + #""conversation_id":"conv_1","modalities":["audio","text"],"voice":"alloy","#
                + #""output_audio_format":"pcm16","temperature":0.8,"max_output_tokens":"inf","#
                + #""usage":{"total_tokens":139,"input_tokens":120,"output_tokens":19,"#
                + #""input_token_details":{"text_tokens":90,"audio_tokens":30,"image_tokens":0,"#
                + #""cached_tokens":64,"cached_tokens_details":{"text_tokens":64,"audio_tokens":0,"#
                + #""image_tokens":0}},"output_token_details":{"text_tokens":7,"#
                + #""audio_tokens":12}},"#
                + #""metadata":null}}"#
        ),
    ]

    /// The sample line of the reference for a transcription session in GA.
    static let transcriptionCreated: (event: ServerEvent, line: String) = (
        ServerEvent(id: "event_1", .sessionCreated(transcriptionSession)),
        #"{"type":"session.created","event_id":"event_1","#
            + #""session":{"type":"transcription","object":"realtime.transcription_session","#
            + #""id":"sess_2","expires_at":1790000000,"include":null,"#
            + #""audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"#
            + #""transcription":{"model":"whisper-1","language":null,"prompt":null},"#
            + #""noise_reduction":null,"turn_detection":{"type":"server_vad","threshold":0.5,"#
            + #""prefix_padding_ms":300,"silence_duration_ms":500}}}}}"#
    )

    private static let betaSession = SessionObject(
        id: "sess_3",
        expiresAt: 1_790_000_000,
        configuration: configuration
    )

    static var transcriptionSession: SessionObject {
        SessionObject(
            id: "sess_2",
            expiresAt: 1_790_000_000,
            configuration: configuration.transcribing(with: "whisper-1")
        )
    }
}
