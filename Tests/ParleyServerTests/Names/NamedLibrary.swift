import ParleyNetwork
import ParleyYAML

@testable import ParleyServer

/// The library of a configuration; no engine of it is ever loaded.
func library(
    _ files: [String: String] = [:],
    _ change: (inout ServerConfiguration) throws -> Void = { _ in }
) throws -> PipelineLibrary {
    var server = ServerConfiguration()
    try change(&server)
    let files = files.map { ConfigurationFile(name: "models/\($0).yaml", text: $1) }
    let configuration = Configuration(
        server: server,
        pipelines: try PipelineCatalog.read(files),
        scripts: [:]
    )
    let group = try EventLoopGroup(count: 1, name: "names")
    defer { group.shutDown() }
    return EngineFactory(configuration, group: group).library()
}

/// A pipeline on services, whose voices only its file can tell.
func farPipeline(_ more: String = "", voices: String = "") -> String {
    """
    \(more)
    pipeline:
      vad: silero
      transcription: {name: ears, engine: openai, base_url: http://localhost/v1, model: whisper}
      llm: {name: brain, engine: openai, base_url: http://localhost/v1, model: 'qwen3:4b'}
      tts: {name: mouth, engine: openai, base_url: http://localhost/v1, model: kokoro\(voices)}
    """
}
