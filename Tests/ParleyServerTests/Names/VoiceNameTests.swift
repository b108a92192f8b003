import ParleyNames
import ParleyRealtime
import ParleyRuntime
import Testing

@testable import ParleyServer

@Suite("Names of voices")
struct VoiceNameTests {
    @Test("The vendor's voices are spread over those of the engine, always alike")
    func spread() throws {
        let pipeline = try #require(library().default)
        #expect(pipeline.engineVoice(for: "slt") == "slt")
        #expect(pipeline.engineVoice(for: "alloy") == "slt")
        #expect(pipeline.engineVoice(for: "ash") == "kal16")
        #expect(Set(VendorNames.voices.compactMap(pipeline.engineVoice)) == ["slt", "kal16"])
        #expect(pipeline.engineVoice(for: "nobody") == nil)
    }

    @Test(
        "Kokoro's women and men speak as the vendor's do",
        arguments: [
            ("af_heart", "slt"), ("bf_emma", "slt"), ("am_adam", "kal16"), ("zm_yunxi", "kal16"),
        ]
    )
    func kokoro(name: String, voice: String) throws {
        let pipeline = try #require(library().default)
        #expect(pipeline.engineVoice(for: name) == voice)
        #expect(pipeline.voices.resolve("ax_heart") == nil)
    }

    @Test("A service that nobody knows the voices of is told them as they are")
    func trusted() throws {
        let far = try #require(library(["far": farPipeline()])["far"])
        #expect(far.engineVoice(for: "alloy") == "alloy")
        #expect(far.engineVoice(for: "af_heart") == "af_heart")
        #expect(far.defaults.output.voice == .named("alloy"))
    }

    @Test("A service's voices can be listed, and are used like those of an engine here")
    func listed() throws {
        let text = farPipeline(voices: ", voices: [af_heart, am_adam]")
        let far = try #require(library(["far": text])["far"])
        #expect(far.defaults.output.voice == .named("af_heart"))
        #expect(far.engineVoice(for: "alloy") == "af_heart")
        #expect(far.engineVoice(for: "ash") == "am_adam")
        // An engine that has Kokoro's voices knows which it has.
        #expect(far.voices.resolve("af_nova") == nil)
    }

    @Test("A pipeline's own names for voices come before its stage's, and both before the vendor's")
    func aliases() throws {
        let text = farPipeline(
            "voice_aliases: {alloy: am_adam, 'm*': af_heart}",
            voices: ", voices: [af_heart, am_adam], voice_aliases: {marin: am_adam, ash: af_heart}"
        )
        let far = try #require(library(["far": text])["far"])
        #expect(far.engineVoice(for: "alloy") == "am_adam")
        #expect(far.engineVoice(for: "marin") == "af_heart")
        #expect(far.engineVoice(for: "ash") == "af_heart")
        #expect(far.engineVoice(for: "echo") == "af_heart")
    }

    @Test("A strict server knows the engine's own voices only")
    func strict() throws {
        let text = farPipeline(
            "voice_aliases: {alloy: am_adam}",
            voices: ", voices: [af_heart, am_adam]"
        )
        let library = try library(["far": text]) { $0.hasStrictNames = true }
        #expect(library["far"]?.voices.resolve("alloy") == nil)
        #expect(library["far"]?.voices.resolve("am_adam") == "am_adam")
        #expect(library.default?.voices.resolve("alloy") == nil)
    }

    @Test("A configured voice may be one of the vendor's")
    func vendorDefault() throws {
        let text =
            "voice: ash\npipeline: {vad: silero, transcription: pocketsphinx, llm: scripted, "
            + "tts: flite}"
        let pipeline = try #require(library(["x": text])["x"])
        #expect(pipeline.defaults.output.voice == .named("ash"))
        #expect(pipeline.engineVoice(for: "ash") == "kal16")
    }
}
