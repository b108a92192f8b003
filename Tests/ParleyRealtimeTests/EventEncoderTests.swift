import Foundation
import ParleyJSON
import ParleyRealtime
import Testing

@Suite("Server events as JSON")
struct EventEncoderTests {
    private func bytes(_ event: ServerEvent) -> [UInt8] { EventEncoder().encode(event) ?? [] }

    private func text(_ event: ServerEvent) -> String {
        String(decoding: bytes(event), as: UTF8.self)
    }

    @Test(
        "The samples of the reference come out byte for byte",
        arguments: Samples.ofReference.indices
    )
    func reproducesReference(index: Int) {
        let sample = Samples.ofReference[index]
        #expect(text(sample.event) == sample.line)
    }

    @Test("Case names follow from wire names", arguments: Samples.ofEveryType.indices)
    func namesAreMechanical(index: Int) throws {
        let event = Samples.ofEveryType[index]
        let label =
            Mirror(reflecting: event.body).children.first?.label ?? String(describing: event.body)
        let words = "\(event.body.type)".split { "._".contains($0) }.map(String.init)
        let acronyms = ["mcp": "MCP", "dtmf": "DTMF"]
        let tail = words.dropFirst().map { acronyms[$0] ?? $0.capitalized }
        #expect(label == words[0] + tail.joined())
    }

    @Test("Every type has a sample")
    func samplesAreComplete() {
        let types = Set(Samples.ofEveryType.map { "\($0.body.type)" })
        #expect(types.count == 49)
    }

    @Test("Every event begins with its type and id", arguments: Samples.ofEveryType.indices)
    func beginsWithTypeAndID(index: Int) throws {
        let event = Samples.ofEveryType[index]
        let object = try #require(try JSON.parse(bytes(event)).object)
        #expect(object.members.prefix(2).map(\.key) == ["type", "event_id"])
        #expect(object["type"]?.string == "\(event.body.type)")
        #expect(object["event_id"]?.string == event.id.rawValue)
    }

    @Test("The committed fixture is what the encoder writes")
    func matchesFixture() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/server-events.jsonl")
        let lines = Samples.ofEveryType.map { text($0) + "\n" }.joined()
        if ProcessInfo.processInfo.environment["PARLEY_UPDATE_FIXTURES"] == "1" {
            try lines.write(to: url, atomically: true, encoding: .utf8)
        }
        let message: Comment = "PARLEY_UPDATE_FIXTURES=1 rewrites the file; read the difference"
        #expect(try String(contentsOf: url, encoding: .utf8) == lines, message)
    }

    private func member(_ body: ServerEvent.Body, _ path: [String]) throws -> JSON? {
        var value: JSON? = try JSON.parse(bytes(ServerEvent(id: "event_1", body)))
        for key in path { value = value?[key] }
        return value
    }

    @Test("Audio bytes appear only when an item is retrieved")
    func showsAudioOnlyWhenRetrieved() throws {
        let item = Samples.user(audio: [0, 0, 0])
        let added = try member(
            .conversationItemAdded(item: item, previousItemID: nil),
            ["item", "content"]
        )
        let retrieved = try member(.conversationItemRetrieved(item: item), ["item", "content"])
        #expect(added?[0] == ["type": "input_audio", "transcript": .null])
        #expect(retrieved?[0] == ["type": "input_audio", "audio": "AAAA", "transcript": .null])
    }

    @Test("A transcript that was cut is absent")
    func leavesOutCutTranscript() throws {
        let parts = [ContentPart.outputAudio(audio: nil, transcript: nil)]
        let item = Item(id: "item_a", content: .message(Message(role: .assistant, parts: parts)))
        let content = try member(.conversationItemRetrieved(item: item), ["item", "content"])
        #expect(content == [["type": "output_audio"]])
    }

    @Test("Secrets of an MCP tool are never shown")
    func hidesSecrets() throws {
        let line = text(ServerEvent(id: "event_1", .sessionUpdated(Samples.richSession)))
        #expect(line.contains("https://desk.example"))
        #expect(!line.contains("secret"))
    }

    @Test("Members of a failed transcription's error are strings, never null")
    func failedTranscriptionHasStrings() throws {
        let error = try member(
            .conversationItemInputAudioTranscriptionFailed(
                itemID: "item_u",
                contentIndex: 0,
                error: ProtocolError(nil, "No answer.", kind: .server)
            ),
            ["error"]
        )
        #expect(
            error == ["type": "server_error", "code": "", "message": "No answer.", "param": ""]
        )
    }

    @Test("Text is escaped")
    func escapes() throws {
        let body = ServerEvent.Body.responseOutputTextDelta(Samples.place, delta: "\"\n\\é")
        #expect(try member(body, ["delta"]) == "\"\n\\é")
    }

    @Test("Audio of every length is whole base64", arguments: [0, 1, 2, 3, 4, 4_800])
    func encodesAudio(count: Int) throws {
        let audio = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let delta = try member(.responseOutputAudioDelta(Samples.place, audio: audio), ["delta"])
        #expect(delta?.string == Data(audio).base64EncodedString())
    }
}
