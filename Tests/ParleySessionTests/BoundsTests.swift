import ParleyAudio
import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("What a session takes is bounded")
struct BoundsTests {
    private func item(_ parts: [ContentPart]) -> NewItem {
        NewItem(content: .message(Message(role: .user, parts: parts)))
    }

    private func create(_ parts: ContentPart...) -> ClientEvent.Body {
        .conversationItemCreate(item: item(parts), position: .end)
    }

    private func answer(_ input: [ResponseInput]) -> ClientEvent.Body {
        var options = ResponseOptions()
        options.conversation = .none
        options.input = input
        return .responseCreate(options)
    }

    /// µ-law, so that a second is 8,000 bytes.
    private func telephone(
        _ prepare: (inout Session.Birth) -> Void
    ) -> TestSession {
        TestSession(
            configure: { configuration in
                configuration.input.format = .pcmu
                configuration.input.transcription = InputTranscription()
            },
            birth: prepare
        )
    }

    private func speech(milliseconds: Int) -> ContentPart {
        .inputAudio(audio: Array(repeating: 0xFF, count: milliseconds * 8), transcript: nil)
    }

    // MARK: Images

    @Test(
        "An image takes what it has of the bound, however its URL is spelt",
        arguments: ["data:image/png;base64,", "DATA:image/png;base64,", "https://host/"]
    )
    func images(head: String) {
        var test = TestSession(birth: { birth in
            birth.seesImages = true
            birth.limits.conversationImageByteCount = 1 << 20
        })
        let url = head + String(repeating: "A", count: 800_000)
        let first = test.refusal(of: create(.inputImage(url: url, detail: nil)))
        let second = test.refusal(of: create(.inputImage(url: url, detail: nil)))
        #expect(first == nil)
        #expect(second?.param == "item")
    }

    // MARK: Speech

    @Test("Speech of an item has a longest duration")
    func longSpeech() {
        var test = telephone { $0.limits.itemSpeechDuration = .seconds(1) }
        let fits = test.refusal(of: create(speech(milliseconds: 1_000)))
        #expect(fits == nil)
        _ = test.feed(.transcription("item_1", .final(text: "hello")))
        let error = test.refusal(of: create(speech(milliseconds: 2_500)))
        #expect(error?.param == "item.content[0].audio" && error?.code == .invalidValue)
        #expect(error?.message.contains("3 s long") == true)
    }

    @Test("Speech that waits for its text counts until the text is there")
    func waitingSpeech() {
        var test = telephone { $0.limits.itemSpeechDuration = .seconds(1) }
        let first = test.refusal(of: create(speech(milliseconds: 600)))
        let second = test.refusal(of: create(speech(milliseconds: 600)))
        _ = test.feed(.transcription("item_1", .final(text: "hello")))
        let third = test.refusal(of: create(speech(milliseconds: 600)))
        #expect(first == nil && second?.param == "item.content[0].audio" && third == nil)
    }

    @Test("Speech that is too long to be kept goes to the recogniser as it came")
    func longSpeechIsNotResampled() throws {
        var test = telephone { $0.limits.keptAudioSampleCount = 24_000 }
        let outputs = test.outputs(
            of: .client(ClientEvent(create(speech(milliseconds: 2_000))))
        )
        let frames = outputs.compactMap { output in
            if case .perform(.feedTranscription(_, let frame)) = output { frame } else { nil }
        }
        let frame = try #require(frames.first)
        #expect(frames.count == 1 && frame.sampleRate == 8_000 && frame.samples.count == 16_000)
        let ended = test.feed(.transcription("item_1", .final(text: "hello")))
        #expect(
            ended.contains { event in
                guard
                    case .conversationItemInputAudioTranscriptionCompleted(_, _, _, let usage, _) =
                        event
                else { return false }
                return usage == .duration(.seconds(2))
            }
        )
    }

    // MARK: Responses

    @Test("A response's own input has a conversation's bounds")
    func responseInput() {
        let text = ContentPart.inputText(String(repeating: "x", count: 600))
        let image = ContentPart.inputImage(
            url: "data:image/png;base64," + String(repeating: "A", count: 800),
            detail: nil
        )
        for (part, count) in [(text, 2), (image, 2), (speech(milliseconds: 600), 2), (text, 1)] {
            var test = telephone { birth in
                birth.seesImages = true
                birth.limits.itemCount = 2
                birth.limits.conversationTextByteCount = 1_000
                birth.limits.conversationImageByteCount = 1_000
                birth.limits.itemSpeechDuration = .seconds(1)
            }
            let input = ResponseInput.item(item([part]))
            let one = test.refusal(of: answer([input]))
            #expect(one == nil)
            let refused = test.refusal(of: answer(Array(repeating: input, count: count)))
            #expect(refused?.param == (count > 1 ? "response.input" : nil))
        }
    }

    @Test("A client is told what images that are elsewhere count, and that they do not weigh that")
    func remoteImages() {
        var test = TestSession(birth: { $0.seesImages = true })
        let image = ContentPart.inputImage(url: "https://host/", detail: nil)
        let parts = [ContentPart](repeating: image, count: 65)
        let refused = test.refusal(of: answer([.item(item(parts))]))
        #expect(refused?.message.contains("images that count 34078720 bytes") == true)
        #expect(refused?.message.contains("(one that is named by its address 524288)") == true)
    }

    @Test("Too many references are refused, and so are those to too much")
    func references() {
        var test = TestSession(birth: { birth in
            birth.limits.itemCount = 3
            birth.limits.conversationTextByteCount = 1_900
        })
        _ = test.send(create(.inputText(String(repeating: "x", count: 600))))
        let reference = ResponseInput.reference("item_1")
        let large = test.refusal(of: answer([reference, reference, reference]))
        let unknown = ResponseInput.reference("item_9")
        let many = test.refusal(of: answer(Array(repeating: unknown, count: 4)))
        #expect(large?.param == "response.input" && many?.param == "response.input")
        #expect(many?.message.contains("is 4 items") == true)
    }
}
