import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyNames
import ParleyNetwork
import ParleyRealtime
import ParleyRuntime
import ParleySession
import Testing

@testable import ParleyServer

@Suite("Names of models")
struct ModelNameTests {
    private static func alias(_ pattern: String, _ target: String) throws -> NameTable.Alias {
        NameTable.Alias(try #require(NamePattern(pattern)), for: target)
    }

    private func refusal(_ model: String, _ library: PipelineLibrary) -> ProtocolError? {
        do throws(ProtocolError) {
            _ = try library.conversing(as: model)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "The vendor's models that converse mean the default pipeline, snapshots too",
        arguments: [
            "gpt-realtime", "gpt-realtime-2025-08-28", "gpt-realtime-mini-2025-12-15",
            "gpt-realtime-1.5", "gpt-realtime-2.1-mini", "gpt-4o-realtime-preview",
            "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-mini-realtime-preview-2024-12-17",
            "gpt-audio-mini", "gpt-audio-1.5",
        ]
    )
    func vendorModels(model: String) throws {
        let library = try library(["far": farPipeline()]) { $0.defaultPipeline = "far" }
        #expect(try library.conversing(as: model).name == "far")
    }

    @Test(
        "A vendor's model that can't converse says what it is for",
        arguments: [
            ("gpt-realtime-translate", "/v1/realtime/translations"),
            ("gpt-realtime-whisper", "?intent=transcription"),
            ("gpt-4o-mini-transcribe-2025-12-15", "?intent=transcription"),
            ("whisper-1", "?intent=transcription"),
        ]
    )
    func otherPurpose(model: String, place: String) throws {
        let library = try library()
        let error = try #require(refusal(model, library))
        #expect(error.code == .invalidModel)
        #expect(error.message.contains(place) && error.message.contains("parley"))
    }

    @Test("A language model means the first pipeline that runs it")
    func languageModel() throws {
        let library = try library(["b": farPipeline(), "c": farPipeline()])
        #expect(try library.conversing(as: "qwen3:4b").name == "b")
    }

    @Test("What is real comes before any alias, the operator's aliases before the shipped ones")
    func order() throws {
        let library = try library(["gpt-realtime": farPipeline(), "kitchen": farPipeline()]) {
            $0.modelAliases = [try Self.alias("gpt-realtime*", "kitchen")]
        }
        #expect(try library.conversing(as: "gpt-realtime").name == "gpt-realtime")
        #expect(try library.conversing(as: "gpt-realtime-mini").name == "kitchen")
        #expect(try library.conversing(as: "gpt-4o-realtime-preview").name == "parley")
    }

    @Test("A star alone is for every name that nobody knows")
    func catchAll() throws {
        let library = try library(["kitchen": farPipeline()]) {
            $0.modelAliases = [try Self.alias("*", "kitchen")]
        }
        #expect(try library.conversing(as: "does-not-matter").name == "kitchen")
        #expect(try library.conversing(as: "parley").name == "parley")
    }

    @Test("An unknown name hears of near ones first, then of what is real")
    func unknown() throws {
        let library = try library(["kitchen": farPipeline()])
        #expect(
            refusal("kitchn", library)?.message
                == "Found model \"kitchn\"; did you mean \"kitchen\"? "
                + "Expected one of: kitchen, parley, qwen3:4b."
        )
        #expect(refusal("gpt-reltime", library)?.message.contains("mean \"gpt-realtime\"") == true)
        #expect(
            refusal("zebra", library)?.message
                == "Found model \"zebra\", expected one of: parley, kitchen, qwen3:4b."
        )
    }

    @Test("Strict names are real names", arguments: ["gpt-realtime", "mine", "whisper-1"])
    func strict(model: String) throws {
        let library = try library {
            $0.hasStrictNames = true
            $0.modelAliases = [try Self.alias("mine", "parley")]
        }
        let error = refusal(model, library)
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("did you mean") == false)
        #expect(try library.conversing(as: "parley").name == "parley")
    }

    @Test("For whoever has a pipeline of their own, the vendor's models mean that one")
    func ownPipeline() throws {
        let library = try library(["kitchen": farPipeline()]) {
            $0.modelAliases = [try Self.alias("mine", "parley")]
        }
        let own = library.preferring("kitchen")
        #expect(try own.conversing(as: "gpt-realtime-mini").name == "kitchen")
        #expect(try own.conversing(as: "mine").name == "parley")
        #expect(try own.transcribing(with: "whisper-1").name == "kitchen")
        #expect(own.names == ["kitchen", "parley"])
        #expect(try library.preferring("gone").conversing(as: "gpt-realtime").name == "parley")
    }

    @Test("An operator's own alias of a vendor's translation model comes before what it means")
    func translationAlias() throws {
        let name = "gpt-realtime-translate"
        let library = try library(["kitchen": farPipeline()]) {
            $0.modelAliases = [try Self.alias("gpt-realtime-translate*", "kitchen")]
        }
        #expect(try library.serving(name, as: .translation).name == "kitchen")
        #expect(try library.serving(name, as: .realtime).name == "kitchen")
        #expect(try ParleyServerTests.library().serving(name, as: .translation).name == "parley")
    }

    @Test("A file of LocalAI that is an alias is one")
    func aliasFile() throws {
        let library = try library(["gpt-4": "name: gpt-4\nalias: parley\ndescription: Ours.\n"])
        #expect(try library.conversing(as: "gpt-4").name == "parley")
    }

    @Test("A session may call its model by any name that means the same pipeline")
    func sameModel() throws {
        let library = try library(["kitchen": farPipeline()]) {
            $0.modelAliases = [try Self.alias("mine", "kitchen")]
        }
        let names = library.names(of: try #require(library["kitchen"])).models
        #expect(names.resolve("qwen3:4b") != nil && names.resolve("mine") != nil)
        #expect(names.resolve("gpt-realtime") == nil && names.resolve("parley") == nil)
    }
}

@Suite("Names of recognisers")
struct RecogniserNameTests {
    private func query(_ target: String) throws -> RealtimeQuery {
        try RealtimeQuery(HTTPRequest(.get, HTTPTarget(target)))
    }

    @Test("Any name is the pipeline's own recogniser, shown as it was given")
    func standIn() throws {
        let library = try library(["far": farPipeline()])
        let query = try query("/v1/realtime?intent=transcription&model=gpt-4o-transcribe")
        let pipeline = try library.pipeline(for: query, default: nil)
        let configuration = try query.configuration(with: pipeline, in: .ga)
        #expect(pipeline.name == "parley")
        #expect(configuration.input.transcription?.model == "gpt-4o-transcribe")
        #expect(pipeline.recogniser(for: "gpt-4o-transcribe").name == "pocketsphinx")
        let far = try #require(library["far"])
        #expect(far.recogniser(for: "gpt-4o-transcribe").name == "ears")
        #expect(far.recogniser(for: "pocketsphinx").name == "pocketsphinx")
    }

    @Test("Of two stages with one name each pipeline has its own")
    func sameName() throws {
        let other = farPipeline().replacing("model: whisper}", with: "model: tiny, stream: true}")
        let library = try library(["a": farPipeline(), "b": other])
        let engines = try ["a", "b"].map { name in
            let pipeline = try #require(library[name])
            return ObjectIdentifier(pipeline.recogniser(for: "ears") as AnyObject)
        }
        #expect(engines[0] != engines[1])
    }

    @Test("An alias for a pipeline chooses the session's pipeline, one for a stage a recogniser")
    func aliases() throws {
        let whisper = try #require(NamePattern("whisper-*"))
        let mini = try #require(NamePattern("gpt-4o-mini-*"))
        let library = try library(["far": farPipeline()]) {
            $0.modelAliases = [.init(whisper, for: "ears"), .init(mini, for: "far")]
        }
        let parley = try #require(library.default)
        #expect(parley.recogniser(for: "whisper-1").name == "ears")
        #expect(parley.recogniser(for: "gpt-4o-mini-transcribe").name == "pocketsphinx")
        let query = try query("/v1/realtime?intent=transcription&model=gpt-4o-mini-transcribe")
        #expect(try library.pipeline(for: query, default: nil).name == "far")
    }

    @Test(
        "A strict server knows only recognisers that it has",
        arguments: [
            ("?intent=transcription&model=whisper-1", "model"),
            ("?model=parley&transcription_model=whisper-1", "transcription_model"),
        ]
    )
    func strict(parameters: String, param: String) throws {
        let library = try library { $0.hasStrictNames = true }
        let query = try query("/v1/realtime" + parameters)
        let pipeline = try library.pipeline(for: query, default: nil)
        let error = #expect(throws: ProtocolError.self) {
            try query.configuration(with: pipeline, in: .ga)
        }
        #expect(error?.code == .invalidModel && error?.param == param)
        #expect(error?.message.contains("pocketsphinx") == true)
    }

    @Test(
        "What a URL says of the recogniser counts in either intent",
        arguments: ["model=parley", "intent=transcription&model=parley"]
    )
    func urlParameters(parameters: String) throws {
        let library = try library()
        let target = "/v1/realtime?\(parameters)&language=de&transcription_model=whisper-1"
        let query = try query(target)
        let pipeline = try library.pipeline(for: query, default: nil)
        let transcription = try query.configuration(with: pipeline, in: .ga).input.transcription
        #expect(transcription?.model == "whisper-1" && transcription?.language == "de")
    }

    @Test("Only in the dialect of Speaches is speech transcribed without being asked")
    func speaches() throws {
        let pipeline = try #require(library().default)
        let query = try query("/v1/realtime?model=parley")
        let asked = try query.configuration(with: pipeline, in: .speaches).input.transcription
        #expect(asked?.model == "pocketsphinx")
        #expect(try query.configuration(with: pipeline, in: .beta).input.transcription == nil)
    }
}

@Suite("The list of models")
struct ModelListTests {
    private func list(_ library: PipelineLibrary) -> ModelList {
        ModelList(library: library, created: 1)
    }

    private func entries(_ library: PipelineLibrary) throws -> [JSONObject] {
        try #require(list(library).list["data"]?.array).compactMap(\.object)
    }

    @Test("What is real comes first, other names are marked with what they stand for")
    func marked() throws {
        let entries = try entries(library(["far": farPipeline()]))
        let real = entries.prefix { $0["alias_of"] == nil }
        let ids = real.map { $0["id"]?.string }
        #expect(ids == ["parley", "far", "qwen3:4b", "pocketsphinx", "ears"])
        let vendor = try #require(entries.first { $0["id"] == "gpt-realtime" })
        #expect(vendor["alias_of"] == "parley" && vendor["used_for"] == ["realtime"])
        let whisper = try #require(entries.first { $0["id"] == "whisper-1" })
        #expect(whisper["alias_of"] == "pocketsphinx" && whisper["used_for"] == ["transcription"])
        #expect(entries.allSatisfy { $0["object"] == "model" && $0["created"] == 1 })
    }

    @Test("A real name isn't shown as an alias, whatever the operator calls by it")
    func realName() throws {
        let library = try library(["far": farPipeline()]) {
            $0.modelAliases = [.init(try #require(NamePattern("far")), for: "parley")]
        }
        let far = try entries(library).filter { $0["id"] == "far" }
        #expect(far.count == 1 && far.first?["alias_of"] == nil)
        let body = try JSON.parse(list(library).reply(for: "far").body)
        #expect(body["id"] == "far" && body["alias_of"] == nil)
        #expect(try library.conversing(as: "far").name == "far")
    }

    @Test("A strict server lists what is real")
    func strict() throws {
        let entries = try entries(library { $0.hasStrictNames = true })
        #expect(entries.map { $0["id"]?.string } == ["parley", "pocketsphinx"])
    }

    @Test("Every name that is understood can be asked for")
    func one() throws {
        let list = list(try library())
        let snapshot = list.reply(for: "gpt-realtime-2025-08-28")
        let body = try JSON.parse(snapshot.body)
        #expect(snapshot.response.status == .ok)
        #expect(body["id"] == "gpt-realtime-2025-08-28" && body["alias_of"] == "parley")
        let unknown = list.reply(for: "parly")
        #expect(unknown.response.status == .notFound)
        let message = try JSON.parse(unknown.body)["error"]?["message"]?.string
        #expect(message?.contains("did you mean \"parley\"") == true)
    }
}
