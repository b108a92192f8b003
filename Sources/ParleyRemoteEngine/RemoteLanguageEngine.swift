package import ParleyEngine
internal import ParleyJSON
package import ParleyNetwork
internal import Synchronization

/// A language model behind `/chat/completions`: Ollama, vLLM, llama-server, OpenAI and many more.
///
/// - Source: OpenAI API reference, "Create chat completion" and "Streaming".
package final class RemoteLanguageEngine: LanguageEngine {
    private let service: RemoteService
    /// What the service has complained about.
    private let unsupported = Mutex(ChatParameters())

    /// Makes an engine.
    package init(_ service: RemoteService) {
        self.service = service
    }

    /// Makes an engine with clients of its own on each loop of a group.
    package convenience init(name: String, endpoint: RemoteEndpoint, group: EventLoopGroup) {
        self.init(RemoteService(name: name, endpoint: endpoint, group: group))
    }

    package var name: String { service.name }
    package var state: EngineState { service.state }
    package var load: EngineLoad { service.load }

    /// Asks the service for a sign of life.
    package func prepare() async throws(EngineError) { try await service.prepare() }

    /// Streams one answer.
    ///
    /// The service is asked for the request's model, where it names one, else for the endpoint's.
    /// Who may name which is decided where sessions are admitted.
    package func generate(
        _ request: LanguageRequest,
        report: (LanguageEvent) async -> Void
    ) async throws(EngineError) -> LanguageResult {
        let timeouts = service.endpoint.timeouts
        return try await service.call(within: timeouts) { call throws(RemoteFailure) in
            while true {
                do throws(RemoteFailure) {
                    return try await self.generate(request, call, report)
                } catch {
                    // Each pass leaves out one more parameter, so this ends.
                    guard self.learn(from: error) else { throw error }
                }
            }
        }
    }

    /// Remembers a parameter that the service doesn't know.
    ///
    /// - Returns: Whether that is news, so that another try makes sense.
    private func learn(from failure: RemoteFailure) -> Bool {
        guard let name = failure.unsupportedParameter,
            let parameter = ChatParameters(name: name)
        else { return false }
        return unsupported.withLock { $0.insert(parameter).inserted }
    }

    private func generate(
        _ request: LanguageRequest,
        _ call: RemoteCall,
        _ report: (LanguageEvent) async -> Void
    ) async throws(RemoteFailure) -> LanguageResult {
        let chat = ChatRequest(
            request: request,
            model: request.model ?? service.endpoint.model,
            unsupported: unsupported.withLock(\.self)
        )
        let response = try await service.open(
            service.request(posting: await chat.body(), to: "chat/completions"),
            call
        )
        var answer = ChatAnswer(request)
        if RemoteEvents.isStream(response) {
            try await read(response, into: &answer, call, report)
        } else {
            let whole = try await service.wholeJSON(response)
            try await tell(try events(of: whole, &answer), call, report)
        }
        try await tell(answer.finish(), call, report)
        return answer.result
    }

    private func read(
        _ response: HTTPClientResponse,
        into answer: inout ChatAnswer,
        _ call: RemoteCall,
        _ report: (LanguageEvent) async -> Void
    ) async throws(RemoteFailure) {
        var stream = RemoteEvents(response, host: service.host)
        while let chunk = try await stream.next() {
            try await tell(try events(of: chunk, &answer), call, report)
        }
        guard stream.isDone || answer.isFinished else {
            let detail = "\(service.host) ended in the middle of its answer"
            throw RemoteFailure(.unavailable, detail, isPassing: true)
        }
    }

    private func events(
        of chunk: JSON,
        _ answer: inout ChatAnswer
    ) throws(RemoteFailure) -> [LanguageEvent] {
        do throws(ChatAnswer.Malformed) {
            return try answer.read(chunk)
        } catch {
            throw .malformed(service.host, "an answer in which \(error.message)")
        }
    }

    private func tell(
        _ events: [LanguageEvent],
        _ call: RemoteCall,
        _ report: (LanguageEvent) async -> Void
    ) async throws(RemoteFailure) {
        for event in events {
            guard !Task.isCancelled else { throw RemoteFailure(.cancelled, "cancelled") }
            call.hasReported = true
            await report(event)
        }
    }
}
