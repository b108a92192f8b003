internal import Glibc
internal import ParleyClient
internal import ParleyHTTP
internal import ParleyNetwork

/// A folder of pipelines that a measurement makes for the server it starts, and removes after it.
struct ScratchModels: Sendable {
    /// What the server is told.
    var arguments: [String] { ["--models-dir", path] }

    private let path: String
    private let service: StandInService?

    private static let files = ["parley.yaml", "long-answer.script"]

    /// Makes the folder for a kind of load; nil where the built-in pipeline is what is measured.
    ///
    /// - Throws: ``BenchError`` where no folder or no service can be made.
    init?(for kind: BenchOptions.Kind) throws(BenchError) {
        switch kind {
        case .listen, .talk, .append: return nil
        case .idle:
            let service = try StandInService()
            self.service = service
            path = try ScratchPath.folder()
            try write(Self.lightPipeline(service.url), "parley.yaml")
        case .cancel:
            service = nil
            path = try ScratchPath.folder()
            try write(Self.slowPipeline, "parley.yaml")
            try write(Self.slowScript, "long-answer.script")
        }
    }

    /// Removes everything.
    func remove() async {
        for file in Self.files { unlink("\(path)/\(file)") }
        rmdir(path)
        await service?.stop()
    }

    private func write(_ text: String, _ name: String) throws(BenchError) {
        do throws(WholeFile.Failure) {
            try WholeFile.write(Array(text.utf8), to: "\(path)/\(name)")
        } catch {
            throw BenchError(error.description)
        }
    }

    // MARK: What is in it

    /// Nothing is loaded but the detector: recogniser and voice are elsewhere.
    private static func lightPipeline(_ url: String) -> String {
        """
        name: parley
        pipeline:
          vad: silero
          transcription: {engine: openai, base_url: "\(url)", model: none}
          llm: scripted
          tts: {engine: openai, base_url: "\(url)", model: none}
        """
    }

    /// The built-in engines, with an answer that is long enough to be broken off.
    private static let slowPipeline = """
        name: parley
        pipeline:
          vad: silero
          transcription: pocketsphinx
          llm: {engine: scripted, script: long-answer.script}
          tts: flite
        """

    /// At the pace of a language model on a good machine: some fifty words a second.
    private static let slowScript = """
        greeting: Hello.
        default: >-
          This is the first sentence of a long answer. Here comes the second one, which is a
          little longer than the first. The third sentence follows at once. A fourth sentence
          makes it longer still. The fifth sentence says nothing new. A sixth sentence is spoken
          as well. The seventh is the last sentence but one. This is the end of the long answer.
        word_delay_ms: 20
        """
}

/// A service that is there and offers nothing: engines that lead to it are ready and weigh nothing.
private final class StandInService: Sendable {
    private let group: EventLoopGroup
    private let server: HTTPServer

    /// Starts it on a free port of this machine.
    init() throws(BenchError) {
        do {
            group = try EventLoopGroup(count: 1, name: "stand-in")
            server = try HTTPServer(host: "127.0.0.1", port: 0, group: group) { _, _, writer in
                try await writer.respond(HTTPReply(HTTPResponse(.notFound)))
            }
        } catch {
            throw BenchError("no service can be started: \(error)")
        }
    }

    /// What engines are told.
    var url: String { "http://127.0.0.1:\(server.address.port)/v1" }

    func stop() async {
        await server.shutDown(grace: .zero)
        group.shutDown()
    }
}
