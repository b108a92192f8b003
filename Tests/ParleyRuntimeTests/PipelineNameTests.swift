import ParleyEngine
import ParleyNames
import ParleyRealtime
import ParleySession
import Testing

@testable import ParleyRuntime

@Suite("Names become engines")
struct PipelineNameTests {
    private func pipeline() -> Pipeline {
        Pipeline(
            name: "test",
            voiceActivity: LoudnessEngine(),
            transcription: FixedRecogniser(),
            language: FixedModel(),
            speech: HummingVoice(),
            defaults: SessionConfiguration(model: "test", voice: .named("hum"))
        )
    }

    private func request(_ model: String, _ pipeline: Pipeline) -> LanguageRequest {
        var request = Session.GenerationRequest(
            model: model,
            instructions: "",
            context: [],
            conversationID: "conv_1"
        )
        request.reasoningEffort = .high
        return LanguageRequest(request, pipeline: pipeline)
    }

    @Test("Only the language model's own name reaches its service")
    func model() {
        var pipeline = pipeline()
        pipeline.languageModel = "qwen3:4b"
        #expect(request("qwen3:4b", pipeline).model == "qwen3:4b")
        #expect(request("test", pipeline).model == nil)
        #expect(request("gpt-realtime", pipeline).model == nil)
    }

    @Test("A pipeline that switches thinking off wins over its sessions")
    func thinking() {
        var pipeline = pipeline()
        #expect(request("test", pipeline).reasoningEffort == "high")
        pipeline.disablesThinking = true
        #expect(request("test", pipeline).reasoningEffort == LanguageRequest.noReasoning)
    }

    @Test("A voice is spoken by what its name stands for")
    func voice() throws {
        var pipeline = pipeline()
        #expect(pipeline.engineVoice(for: "hum") == "hum")
        #expect(pipeline.engineVoice(for: "alloy") == nil)
        let alloy = try #require(NamePattern("alloy"))
        pipeline.voices.aliases = [NameTable.Alias(alloy, for: "hum")]
        #expect(pipeline.engineVoice(for: "alloy") == "hum")
    }
}
