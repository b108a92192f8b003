internal import ParleyAudio
package import ParleyJSON

/// The events that our own client sends, as they go out.
///
/// - Source: the protocol reference, section 7.
package enum ClientMessage {
    /// What a session is asked to be; what is nil is left as the server has it.
    package struct SessionWish: Sendable, Equatable {
        package var voice: String?
        /// Ask for the text of what was said.
        package var wantsTranscription = true
        /// How the end of a turn is found.
        package var turnDetection: TurnDetectionWish?
        /// Speak rather than write.
        package var wantsAudio = true

        /// Makes a wish with the defaults of a conversation.
        package init(voice: String? = nil, turnDetection: TurnDetectionWish? = nil) {
            self.voice = voice
            self.turnDetection = turnDetection
        }
    }

    /// `turn_detection`.
    package enum TurnDetectionWish: Sendable, Equatable {
        /// `null`: the client commits.
        case none
        /// `server_vad`.
        case serverVAD(createsResponse: Bool)
    }

    /// `session.update`.
    package static func sessionUpdate(_ wish: SessionWish) -> [UInt8] {
        let format: JSON = [
            "type": "audio/pcm", "rate": .integer(AudioFormat.sessionSampleRate),
        ]
        var input: JSONObject = ["format": format]
        // The name every client knows; servers with another recogniser use theirs.
        input["transcription"] = wish.wantsTranscription ? ["model": "whisper-1"] : .null
        switch wish.turnDetection {
        case nil: break
        case .some(.none): input["turn_detection"] = .null
        case .serverVAD(let createsResponse):
            input["turn_detection"] = [
                "type": "server_vad", "create_response": .bool(createsResponse),
            ]
        }
        var output: JSONObject = ["format": format]
        output["voice"] = wish.voice.map { .string($0) }
        let session: JSON = [
            "type": "realtime", "output_modalities": [wish.wantsAudio ? "audio" : "text"],
            "audio": ["input": .object(input), "output": .object(output)],
        ]
        return event("session.update", ["session": session])
    }

    /// `input_audio_buffer.append` of PCM.
    package static func append(_ samples: [Int16]) -> [UInt8] {
        var writer = JSONWriter(capacity: samples.count * 3 + 64)
        writer.object {
            $0.member("type", "input_audio_buffer.append")
            $0.member("audio", base64: PCM16.encode(samples))
        }
        return writer.bytes
    }

    /// `conversation.item.create` of a user's typed message.
    package static func userText(_ text: String) -> [UInt8] {
        let item: JSON = [
            "type": "message", "role": "user",
            "content": [["type": "input_text", "text": .string(text)]],
        ]
        return event("conversation.item.create", ["item": item])
    }

    /// `conversation.item.truncate` of spoken audio.
    package static func truncate(itemID: String, heard: Duration) -> [UInt8] {
        event(
            "conversation.item.truncate",
            [
                "item_id": .string(itemID), "content_index": 0,
                "audio_end_ms": .integer(Int(heard.inMilliseconds)),
            ]
        )
    }

    /// An event of a type and members.
    package static func event(_ type: String, _ members: JSONObject = [:]) -> [UInt8] {
        var object: JSONObject = ["type": .string(type)]
        for member in members.members { object[member.key] = member.value }
        return JSON.object(object).serialized()
    }
}
