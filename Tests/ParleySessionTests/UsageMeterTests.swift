import ParleyJSON
import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Usage")
struct UsageMeterTests {
    @Test("Nothing produced and nothing reported is nothing used")
    func nothing() {
        var meter = UsageMeter()
        meter.countInput(request, ModelContext([]))
        #expect(meter.total == Usage())
    }

    @Test("What the model reports wins over the estimate, and cached is a part of input")
    func report() {
        var meter = UsageMeter()
        meter.countInput(request, ModelContext([]))
        meter.countOutput("Hello there.")
        #expect((meter.total.inputText, meter.total.outputText) == (2, 3))
        meter.accept(Session.GenerationResult(inputTokens: 50, cachedTokens: 80, outputTokens: 7))
        #expect(
            (meter.total.inputText, meter.total.cachedText, meter.total.outputText) == (50, 50, 7)
        )
    }

    @Test("Images count by themselves, and what the model reports beyond them is text")
    func images() {
        var meter = UsageMeter()
        var request = request
        let image = Session.UserImage(url: "https://x", detail: nil, tokenCount: 765)
        request.context = [.userParts([.text("What?"), .image(image)])]
        meter.countInput(request, ModelContext([]))
        meter.countOutput("A cat.")
        #expect(meter.total.inputImage == 765)
        meter.accept(Session.GenerationResult(inputTokens: 800))
        #expect((meter.total.inputText, meter.total.input) == (35, 800))
        meter.accept(Session.GenerationResult(inputTokens: 100))
        #expect((meter.total.inputText, meter.total.input) == (0, 765))
    }

    @Test("Speech is one token for 50 ms")
    func speech() {
        var meter = UsageMeter()
        meter.countOutput("Hi")
        meter.countSpeech(2_401, heldBack: 0, in: UsageMeter.OpenClause())
        #expect(meter.total.outputAudio == 3)
    }

    @Test("Text that waits to be spoken is no output, but the input was read")
    func heldBack() {
        var meter = UsageMeter()
        meter.countInput(request, ModelContext([]))
        meter.countOutput("Hello there.")
        meter.countSpeech(0, heldBack: 12, in: UsageMeter.OpenClause())
        #expect((meter.total.input, meter.total.output) == (2, 0))
        meter.countSpeech(1_200, heldBack: 4, in: UsageMeter.OpenClause())
        #expect((meter.total.outputText, meter.total.outputAudio) == (2, 1))
    }

    @Test("Of a report the part counts that went out")
    func partOfReport() {
        var meter = UsageMeter()
        meter.countOutput("Hello there.")
        meter.accept(Session.GenerationResult(outputTokens: 9))
        meter.countSpeech(0, heldBack: 8, in: UsageMeter.OpenClause())
        #expect(meter.total.outputText == 3)
        meter.countSpeech(0, heldBack: 0, in: UsageMeter.OpenClause())
        #expect(meter.total.outputText == 9)
    }

    @Test("Tools are input, too")
    func tools() {
        var meter = UsageMeter()
        var request = request
        request.tools = [
            FunctionTool(name: "time", description: "Tells it.", parameters: ["a": 1])
        ]
        meter.countInput(request, ModelContext([]))
        meter.countOutput("Hi")
        // 4 of the name, 9 of the description, 7 of the parameters.
        #expect(meter.total.inputText == 2 + 5)
    }

    @Test("A limit leaves room for as much audio as text doesn't take")
    func room() {
        var meter = UsageMeter(limit: .tokens(5))
        #expect(meter.speechRoom == 6_000)
        meter.countOutput("Hello there.")
        meter.countSpeech(1_000, heldBack: 0, in: UsageMeter.OpenClause())
        #expect(meter.speechRoom == 1_400)
        meter.countSpeech(2_400, heldBack: 0, in: UsageMeter.OpenClause())
        #expect(meter.speechRoom == 0)
        meter.countSpeech(9_999, heldBack: 0, in: UsageMeter.OpenClause())
        #expect(meter.speechRoom == 0)
        #expect(UsageMeter().speechRoom == nil)
    }

    @Test("A report that comes late lifts no sum above the limit")
    func lateReport() {
        var meter = UsageMeter(limit: .tokens(5))
        meter.countOutput("Hello there.")
        meter.countSpeech(2_400, heldBack: 0, in: UsageMeter.OpenClause())
        meter.accept(Session.GenerationResult(outputTokens: 40))
        #expect((meter.total.outputText, meter.total.outputAudio) == (3, 2))
    }

    @Test(
        "Whatever a service reports, totals can be summed",
        arguments: [Int.max, Int.min, -1, 0, 12]
    )
    func clampsReports(tokens: Int) {
        var meter = UsageMeter(limit: .tokens(4_096))
        meter.countOutput(String(repeating: "word ", count: 100_000))
        meter.countSpeech(1, heldBack: 1, in: UsageMeter.OpenClause())
        meter.accept(
            .init(inputTokens: tokens, cachedTokens: tokens, outputTokens: tokens)
        )
        let total = meter.total
        #expect(total.total == total.input + total.output)
        #expect(total.cached <= total.input)
        #expect(total.total >= 0)
        #expect(meter.speechRoom != nil)
    }

    private var request: Session.GenerationRequest {
        Session.GenerationRequest(
            model: "m",
            instructions: "",
            context: [.user("Hello.")],
            conversationID: "conv_1"
        )
    }
}
