import ParleyClient
import ParleyHTTP
import ParleyJSON
import ParleyNetwork
import Testing

@testable import ParleyBench

@Suite("A load over real sockets", .timeLimit(.minutes(1)))
struct LoadGeneratorTests {
    private func options(_ kind: BenchOptions.Kind, _ server: FakeServer) throws -> BenchOptions {
        let url = try RealtimeURL(server.address, model: "fake")
        var options = BenchOptions(kind, server: .running(url, pid: nil))
        options.sessionCount = 5
        options.warmUp = .zero
        options.duration = .milliseconds(150)
        return options
    }

    private func measure(
        _ kind: BenchOptions.Kind,
        _ server: FakeServer
    ) async throws -> Result<BenchResult, BenchError> {
        let options = try options(kind, server)
        let result: Result<BenchResult, BenchError>
        do throws(BenchError) {
            result = .success(try await Bench.run(options) { _ in })
        } catch {
            result = .failure(error)
        }
        await server.stop()
        return result
    }

    @Test("Every session is held and every frame is sent")
    func listen() async throws {
        let server = try FakeServer { type, _ in
            switch type {
            case "session.update": [["type": "session.updated"]]
            case "input_audio_buffer.append":
                [["type": "input_audio_buffer.speech_stopped", "audio_end_ms": 20]]
            default: []
            }
        }
        let result = try await measure(.listen, server).get()
        #expect(result.sessionsHeld == 5)
        #expect(result.losses.total == 0)
        #expect(result.delays[1].histogram.count > 0)
        #expect(result.generator.lateness.count > 0)
    }

    @Test("Batches are answered and counted")
    func append() async throws {
        let server = try FakeServer { type, _ in
            switch type {
            case "session.update": [["type": "session.updated"]]
            case "input_audio_buffer.clear": [["type": "input_audio_buffer.cleared"]]
            default: []
            }
        }
        let result = try await measure(.append, server).get()
        #expect(result.delays[0].histogram.count > 0)
        #expect(result.figures.first { $0.name == "frames_per_second" }?.value ?? 0 > 0)
    }

    @Test("Sessions that the server refuses are told with their reason")
    func refused() async throws {
        let server = try FakeServer(refusal: HTTPReply(HTTPResponse(.tooManyRequests)))
        let result = try await measure(.listen, server)
        #expect(throws: BenchError.self) { try result.get() }
        guard case .failure(let error) = result else { return }
        #expect(error.description.hasPrefix("no session could be opened: 127.0.0.1:"))
        #expect(error.description.hasSuffix("429 Too Many Requests"))
    }

    @Test("TLS is not measured")
    func secure() throws {
        #expect(throws: BenchError.self) {
            try LoadTarget(RealtimeURL("wss://localhost"), apiKey: nil)
        }
    }
}
