import ParleyRealtime

extension Samples {
    /// The sample lines of the protocol reference (GA server events) and the values that make them.
    static let ofReference: [(event: ServerEvent, line: String)] = [
        (
            ServerEvent(id: "event_1", .sessionCreated(session)),
            #"{"type":"session.created","event_id":"event_1","#
                + #""session":{"type":"realtime","object":"realtime.session","id":"sess_1","#
                + #""model":"local-llm","output_modalities":["audio"],"#
                + #""instructions":"Be brief.","tools":[],"tool_choice":"auto","#
                + #""max_output_tokens":"inf","truncation":"auto","prompt":null,"#
                + #""tracing":null,"include":null,"expires_at":1790000000,"#
                + #""audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"#
                + #""transcription":null,"noise_reduction":null,"#
                + #""turn_detection":{"type":"server_vad","threshold":0.5,"#
                + #""prefix_padding_ms":300,"silence_duration_ms":500,"#
                + #""idle_timeout_ms":null,"create_response":true,"#
                + #""interrupt_response":true}},"output":{"format":{"type":"audio/pcm","#
                + #""rate":24000},"voice":"alloy","speed":1.0}}}}"#
        ),
        (
            ServerEvent(
                id: "event_2",
                .inputAudioBufferSpeechStarted(audioStart: .milliseconds(1_200), itemID: "item_u")
            ),
            #"{"type":"input_audio_buffer.speech_started","event_id":"event_2","#
                + #""audio_start_ms":1200,"item_id":"item_u"}"#
        ),
        (
            ServerEvent(
                id: "event_3",
                .inputAudioBufferCommitted(itemID: "item_u", previousItemID: nil)
            ),
            #"{"type":"input_audio_buffer.committed","event_id":"event_3","#
                + #""previous_item_id":null,"item_id":"item_u"}"#
        ),
        (
            ServerEvent(id: "event_4", .conversationItemAdded(item: user(), previousItemID: nil)),
            #"{"type":"conversation.item.added","event_id":"event_4","#
                + #""previous_item_id":null,"item":{"id":"item_u","object":"realtime.item","#
                + #""type":"message","status":"completed","role":"user","#
                + #""content":[{"type":"input_audio","transcript":null}]}}"#
        ),
        (
            ServerEvent(
                id: "event_5",
                .conversationItemInputAudioTranscriptionDelta(
                    itemID: "item_u",
                    contentIndex: 0,
                    delta: "Hi",
                    logprobs: nil
                )
            ),
            #"{"type":"conversation.item.input_audio_transcription.delta","#
                + #""event_id":"event_5","item_id":"item_u","content_index":0,"delta":"Hi"}"#
        ),
        (
            ServerEvent(
                id: "event_6",
                .conversationItemInputAudioTranscriptionCompleted(
                    itemID: "item_u",
                    contentIndex: 0,
                    transcript: "Hi there",
                    usage: .duration(.milliseconds(1_400)),
                    logprobs: nil
                )
            ),
            #"{"type":"conversation.item.input_audio_transcription.completed","#
                + #""event_id":"event_6","item_id":"item_u","content_index":0,"#
                + #""transcript":"Hi there","usage":{"type":"duration","seconds":1.4}}"#
        ),
        (
            ServerEvent(id: "event_7", .responseCreated(response())),
            #"{"type":"response.created","event_id":"event_7","#
                + #""response":{"object":"realtime.response","id":"resp_1","#
                + #""status":"in_progress","status_details":null,"output":[],"#
                + #""conversation_id":"conv_1","output_modalities":["audio"],"#
                + #""max_output_tokens":"inf","#
                + #""audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"#
                + #""voice":"alloy"}},"usage":null,"metadata":null}}"#
        ),
        (
            ServerEvent(
                id: "event_8",
                .responseOutputItemAdded(responseID: "resp_1", outputIndex: 0, item: assistantBegun)
            ),
            #"{"type":"response.output_item.added","event_id":"event_8","#
                + #""response_id":"resp_1","output_index":0,"item":{"id":"item_a","#
                + #""object":"realtime.item","type":"message","status":"in_progress","#
                + #""role":"assistant","content":[]}}"#
        ),
        (
            ServerEvent(
                id: "event_9",
                .conversationItemAdded(item: assistantBegun, previousItemID: "item_u")
            ),
            #"{"type":"conversation.item.added","event_id":"event_9","#
                + #""previous_item_id":"item_u","item":{"id":"item_a","#
                + #""object":"realtime.item","type":"message","status":"in_progress","#
                + #""role":"assistant","content":[]}}"#
        ),
        (
            ServerEvent(id: "event_10", .responseContentPartAdded(place, .audio(transcript: ""))),
            #"{"type":"response.content_part.added","event_id":"event_10","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"#
                + #""content_index":0,"part":{"type":"audio","transcript":""}}"#
        ),
        (
            ServerEvent(
                id: "event_11",
                .responseOutputAudioTranscriptDelta(place, delta: "Hello.")
            ),
            #"{"type":"response.output_audio_transcript.delta","event_id":"event_11","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"#
                + #""content_index":0,"delta":"Hello."}"#
        ),
        (
            ServerEvent(id: "event_12", .responseOutputAudioDelta(place, audio: [0, 0, 0])),
            #"{"type":"response.output_audio.delta","event_id":"event_12","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"#
                + #""content_index":0,"delta":"AAAA"}"#
        ),
        (
            ServerEvent(id: "event_13", .responseOutputAudioDone(place)),
            #"{"type":"response.output_audio.done","event_id":"event_13","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"#
                + #""content_index":0}"#
        ),
        (
            ServerEvent(
                id: "event_14",
                .responseOutputAudioTranscriptDone(place, transcript: "Hello.")
            ),
            #"{"type":"response.output_audio_transcript.done","event_id":"event_14","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"#
                + #""content_index":0,"transcript":"Hello."}"#
        ),
        (
            ServerEvent(
                id: "event_15",
                .responseContentPartDone(place, .audio(transcript: "Hello."))
            ),
            #"{"type":"response.content_part.done","event_id":"event_15","#
                + #""response_id":"resp_1","item_id":"item_a","output_index":0,"#
                + #""content_index":0,"part":{"type":"audio","transcript":"Hello."}}"#
        ),
        (
            ServerEvent(
                id: "event_16",
                .responseOutputItemDone(responseID: "resp_1", outputIndex: 0, item: assistant)
            ),
            #"{"type":"response.output_item.done","event_id":"event_16","#
                + #""response_id":"resp_1","output_index":0,"item":{"id":"item_a","#
                + #""object":"realtime.item","type":"message","status":"completed","#
                + #""role":"assistant","content":[{"type":"output_audio","#
                + #""transcript":"Hello."}]}}"#
        ),
        (
            ServerEvent(
                id: "event_17",
                .responseDone(response(.completed, output: [assistant], usage: usage))
            ),
            #"{"type":"response.done","event_id":"event_17","#
                + #""response":{"object":"realtime.response","id":"resp_1","#
                + #""status":"completed","status_details":null,"output":[{"id":"item_a","#
                + #""object":"realtime.item","type":"message","status":"completed","#
                + #""role":"assistant","content":[{"type":"output_audio","#
                + #""transcript":"Hello."}]}],"conversation_id":"conv_1","#
                + #""output_modalities":["audio"],"max_output_tokens":"inf","#
                + #""audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"#
                + #""voice":"alloy"}},"usage":{"total_tokens":139,"input_tokens":120,"#
                + #""output_tokens":19,"input_token_details":{"text_tokens":90,"#
                + #""audio_tokens":30,"image_tokens":0,"cached_tokens":64,"#
                + #""cached_tokens_details":{"text_tokens":64,"audio_tokens":0,"#
                + #""image_tokens":0}},"output_token_details":{"text_tokens":7,"#
                + #""audio_tokens":12}},"metadata":null}}"#
        ),
        (
            ServerEvent(
                id: "event_18",
                .responseDone(response(.cancelled(.turnDetected), usage: Usage()))
            ),
            #"{"type":"response.done","event_id":"event_18","#
                + #""response":{"object":"realtime.response","id":"resp_1","#
                + #""status":"cancelled","status_details":{"type":"cancelled","#
                + #""reason":"turn_detected"},"output":[],"conversation_id":"conv_1","#
                + #""output_modalities":["audio"],"max_output_tokens":"inf","#
                + #""audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"#
                + #""voice":"alloy"}},"usage":{"total_tokens":0,"input_tokens":0,"#
                + #""output_tokens":0,"input_token_details":{"text_tokens":0,"#
                + #""audio_tokens":0,"image_tokens":0,"cached_tokens":0,"#
                + #""cached_tokens_details":{"text_tokens":0,"audio_tokens":0,"#
                + #""image_tokens":0}},"output_token_details":{"text_tokens":0,"#
                + #""audio_tokens":0}},"metadata":null}}"#
        ),
        (
            ServerEvent(id: "event_19", .responseDone(response(.failed(failure), usage: Usage()))),
            #"{"type":"response.done","event_id":"event_19","#
                + #""response":{"object":"realtime.response","id":"resp_1","#
                + #""status":"failed","status_details":{"type":"failed","#
                + #""error":{"type":"server_error","code":"llm_unavailable","#
                + #""message":"The language model did not answer."}},"output":[],"#
                + #""conversation_id":"conv_1","output_modalities":["audio"],"#
                + #""max_output_tokens":"inf","#
                + #""audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"#
                + #""voice":"alloy"}},"usage":{"total_tokens":0,"input_tokens":0,"#
                + #""output_tokens":0,"input_token_details":{"text_tokens":0,"#
                + #""audio_tokens":0,"image_tokens":0,"cached_tokens":0,"#
                + #""cached_tokens_details":{"text_tokens":0,"audio_tokens":0,"#
                + #""image_tokens":0}},"output_token_details":{"text_tokens":0,"#
                + #""audio_tokens":0}},"metadata":null}}"#
        ),
        (
            ServerEvent(
                id: "event_20",
                .responseOutputItemAdded(
                    responseID: "resp_1",
                    outputIndex: 0,
                    item: functionCallBegun
                )
            ),
            #"{"type":"response.output_item.added","event_id":"event_20","#
                + #""response_id":"resp_1","output_index":0,"item":{"id":"item_f","#
                + #""object":"realtime.item","type":"function_call","status":"in_progress","#
                + #""call_id":"call_1","name":"get_time","arguments":""}}"#
        ),
        (
            ServerEvent(
                id: "event_21",
                .responseFunctionCallArgumentsDone(call, name: "get_time", arguments: "{}")
            ),
            #"{"type":"response.function_call_arguments.done","event_id":"event_21","#
                + #""response_id":"resp_1","item_id":"item_f","output_index":0,"#
                + #""call_id":"call_1","name":"get_time","arguments":"{}"}"#
        ),
        (
            ServerEvent(
                id: "event_22",
                .error(
                    ProtocolError(
                        .noResponseToCancel,
                        "Cancellation failed: nothing is being generated."
                    ),
                    clientEventID: "c1"
                )
            ),
            #"{"type":"error","event_id":"event_22","#
                + #""error":{"type":"invalid_request_error","#
                + #""code":"response_cancel_not_active","#
                + #""message":"Cancellation failed: nothing is being generated.","#
                + #""param":null,"event_id":"c1"}}"#
        ),
    ]

    private static let failure = ResponseFailure(
        code: "llm_unavailable",
        message: "The language model did not answer."
    )
}
