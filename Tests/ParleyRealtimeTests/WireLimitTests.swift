import ParleyJSON
import ParleyRealtime
import Testing

@Suite("What clients send is bounded")
struct WireLimitTests {
    private func error(_ session: JSON) -> ProtocolError? {
        do throws(ProtocolError) {
            _ = try SessionDecoder().decode(JSON.object(["type": "realtime"]).merging(session))
            return nil
        } catch {
            return error
        }
    }

    private static func text(_ count: Int) -> JSON {
        .string(String(repeating: "x", count: count))
    }

    private static func input(_ member: String, _ value: JSON) -> JSON {
        ["audio": ["input": ["transcription": .object([member: value])]]]
    }

    private static let transcription = "session.audio.input.transcription"

    @Test(
        "A name and a hint have a longest length",
        arguments: [
            (["model": text(257)], "session.model"),
            (["audio": ["output": ["voice": text(257)]]], "session.audio.output.voice"),
            (["audio": ["output": ["voice": ["id": text(257)]]]], "session.audio.output.voice.id"),
            (["tools": [["type": "function", "name": text(257)]]], "session.tools[0].name"),
            (["prompt": ["id": text(257)]], "session.prompt.id"),
            (["prompt": ["id": "p", "version": text(257)]], "session.prompt.version"),
            (input("model", text(257)), "\(transcription).model"),
            (input("prompt", text(16_385)), "\(transcription).prompt"),
            (input("keywords", [text(257)]), "\(transcription).keywords[0]"),
        ] as [(JSON, String)]
    )
    func refusesLongText(session: JSON, param: String) {
        let error = error(session)
        #expect(error?.code == .stringAboveMaximumLength)
        #expect(error?.param == param)
    }

    @Test(
        "A list, and what is kept as it came, have a largest size",
        arguments: [
            (
                input("keywords", .array(Array(repeating: "x", count: 1_025))),
                "\(transcription).keywords", "1025 elements: expected at most 1024"
            ),
            (
                [
                    "include": .array(
                        Array(repeating: "item.input_audio_transcription.logprobs", count: 17)
                    )
                ],
                "session.include", "17 elements: expected at most 16"
            ),
            (
                ["prompt": ["id": "p", "note": text(1_048_576)]],
                "session.prompt", "bytes: expected at most 1048576"
            ),
            (
                ["tools": [["type": "function", "name": "f", "description": text(1_048_576)]]],
                "session.tools", "1048577 bytes: expected at most 1048576"
            ),
            (
                [
                    "tools": [
                        ["type": "function", "name": "f", "parameters": ["a": text(600_000)]],
                        ["type": "function", "name": "g", "parameters": ["a": text(600_000)]],
                    ]
                ],
                "session.tools", "bytes: expected at most 1048576"
            ),
            (
                [
                    "tools": [
                        [
                            "type": "mcp", "server_label": "s", "server_url": "https://s",
                            "note": text(1_048_576),
                        ]
                    ]
                ],
                "session.tools", "bytes: expected at most 1048576"
            ),
        ] as [(JSON, String, String)]
    )
    func refusesLargeMembers(session: JSON, param: String, words: String) {
        let error = error(session)
        #expect(error?.code == .invalidValue)
        #expect(error?.param == param)
        #expect(error?.message.contains(words) == true)
    }

    @Test("An MCP server gets a bounded number of headers")
    func headers() {
        let headers = JSONObject((0..<65).map { ("X-\($0)", "v") })
        let error = error([
            "tools": [
                [
                    "type": "mcp", "server_label": "s", "server_url": "https://s",
                    "headers": .object(headers),
                ]
            ]
        ])
        #expect(error?.param == "session.tools[0].headers")
        #expect(error?.message.contains("65 headers: expected at most 64") == true)
    }

    @Test("Only an image that is elsewhere has a short URL")
    func imageURL() throws {
        let far = "https://x/" + String(repeating: "y", count: 8_192)
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let near = ImageURL.data(.png, signature + Array(repeating: 0, count: 9_000))
        #expect(refusal(ofImage: far)?.code == .stringAboveMaximumLength)
        #expect(refusal(ofImage: far)?.param == "item.content[0].image_url")
        #expect(refusal(ofImage: near) == nil)
    }

    private func refusal(ofImage url: String) -> ProtocolError? {
        let part: JSON = ["type": "input_image", "image_url": .string(url)]
        let item: JSON = ["type": "message", "role": "user", "content": [part]]
        let event: JSON = ["type": "conversation.item.create", "item": item]
        do throws(EventDecodingError) {
            _ = try EventDecoder().decode(event.serialized())
            return nil
        } catch {
            return error.error
        }
    }

    @Test("The size of a function follows its parameters")
    func functionSize() {
        var function = FunctionTool(name: "f", parameters: ["a": 1])
        #expect(function.byteCount == 8)
        function.parameters = nil
        #expect(function.byteCount == 1)
    }

    @Test("What a message quotes is short, of however few characters it is")
    func quotesAreShort() {
        let tower = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(tower.count == 1)
        #expect(tower.quoted.unicodeScalars.count == 66)
        #expect("item_1".quoted == "'item_1'")
    }
}

extension JSON {
    fileprivate func merging(_ other: JSON) -> JSON {
        var object = self.object ?? [:]
        for member in other.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }
}
