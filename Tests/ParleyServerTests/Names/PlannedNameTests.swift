import ParleyHTTP
import ParleyJSON
import ParleyNames
import ParleyNetwork
import ParleyRealtime
import ParleyRuntime
import ParleySession
import Testing

@testable import ParleyServer

@Suite("Names in sessions that don't exist yet")
struct PlannedNameTests {
    private func planner(
        _ change: (inout ServerConfiguration) throws -> Void = { _ in }
    ) throws -> SessionPlanner {
        SessionPlanner(library: try library(["far": farPipeline()], change), isStrict: false)
    }

    private func request(_ session: String) throws -> SessionRequest {
        SessionRequest(session: try JSON.parse(Array(session.utf8)))
    }

    private func fault<Value>(_ body: () throws(ProtocolError) -> Value) -> ProtocolError? {
        do throws(ProtocolError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    private func query(_ parameters: String) throws -> RealtimeQuery {
        try RealtimeQuery(HTTPRequest(.get, HTTPTarget("/v1/realtime?\(parameters)")))
    }

    private func secret(_ session: String, _ kind: SessionKind) -> SecretRecord {
        SecretRecord(
            kind: kind,
            dialect: .ga,
            session: Array(session.utf8),
            model: "parley",
            expiresAt: .max
        )
    }

    @Test(
        "Model and voice are shown as they were asked for",
        arguments: ["\"ash\"", "{\"id\":\"ash\"}"]
    )
    func shown(voice: String) throws {
        let session = "{\"model\":\"gpt-realtime\",\"audio\":{\"output\":{\"voice\":\(voice)}}}"
        let plan = try planner().plan(request(session), model: "parley")
        #expect(plan.pipeline.name == "parley")
        #expect(plan.configuration.model == "gpt-realtime")
        #expect(plan.configuration.output.voice.name == "ash")
        #expect(plan.names.voices.resolve("ash") == "kal16")
    }

    @Test("Without a model the caller's own pipeline is taken, and meant by the vendor's names")
    func own() throws {
        let plain = try planner().plan(request("{}"), model: "far")
        let vendor = try planner().plan(request("{\"model\":\"gpt-realtime\"}"), model: "far")
        #expect(plain.pipeline.name == "far" && plain.configuration.model == "far")
        #expect(vendor.pipeline.name == "far" && vendor.configuration.model == "gpt-realtime")
        #expect(vendor.names.models.resolve("gpt-realtime-mini") != nil)
    }

    @Test("At a URL the vendor's names mean the caller's own pipeline, too")
    func ownAtURL() throws {
        let plan = try planner().plan(query("model=gpt-realtime"), in: .ga, pipeline: "far")
        #expect(plan.pipeline.name == "far" && plan.configuration.model == "gpt-realtime")
    }

    @Test(
        "What stands for nothing is refused, and near names are told",
        arguments: [
            (#"{"model":"parly"}"#, "session.model", "\"parley\""),
            (
                #"{"audio":{"output":{"voice":"shimer"}}}"#, "session.audio.output.voice",
                "\"shimmer\""
            ),
        ]
    )
    func unknown(session: String, param: String, near: String) throws {
        let planner = try planner()
        let request = try request(session)
        let error = fault { () throws(ProtocolError) in
            try planner.plan(request, model: "parley")
        }
        #expect(error?.param == param)
        #expect(error?.message.contains("did you mean \(near)?") == true)
    }

    @Test("A strict server refuses a recogniser that it doesn't have, before there is a session")
    func strict() throws {
        let planner = try planner { $0.hasStrictNames = true }
        let request = try request(
            #"{"type":"transcription","audio":{"input":{"transcription":{"model":"earss"}}}}"#
        )
        let error = fault { () throws(ProtocolError) in
            try planner.plan(request, model: "parley")
        }
        #expect(error?.param == "session.audio.input.transcription.model")
        #expect(error?.message.contains("did you mean \"ears\"?") == true)
    }

    @Test(
        "A secret that transcribes takes no model in the URL that means another recogniser",
        arguments: [
            ("model=whisper-1", true), ("intent=transcription&model=pocketsphinx", true),
            ("model=gpt-4o-transcribe", true), ("transcription_model=whisper-1", true),
            ("model=ears", false), ("intent=transcription&model=far", false),
            ("transcription_model=ears", false),
        ]
    )
    func transcriptionSecret(parameters: String, isTaken: Bool) throws {
        let planner = try planner()
        let query = try query(parameters)
        let session =
            #"{"type":"transcription","audio":{"input":{"transcription":{"model":"whisper-1"}}}}"#
        let secret = secret(session, .transcription)
        let error = fault { () throws(ProtocolError) in try planner.plan(secret, at: query) }
        #expect((error == nil) == isTaken)
        #expect(isTaken || error?.param == (query.model == nil ? "transcription_model" : "model"))
    }

    @Test("A secret that converses has its model, whatever the URL says")
    func conversingSecret() throws {
        let plan = try planner().plan(
            secret(#"{"type":"realtime","model":"gpt-realtime"}"#, .realtime),
            at: query("model=far")
        )
        #expect(plan.pipeline.name == "parley" && plan.configuration.model == "gpt-realtime")
    }
}
