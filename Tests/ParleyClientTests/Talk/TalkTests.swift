import ParleyClient
import ParleyHTTP
import ParleyJSON
import ParleyNetwork
import Synchronization
import Testing

/// Keeps what a talk prints.
private final class Transcript: Sendable {
    private let lines = Mutex<[String]>([])

    var shown: [String] { lines.withLock { $0 } }

    var console: Talk.Console {
        Talk.Console(
            show: { line in self.lines.withLock { $0.append(line) } },
            complain: { line in self.lines.withLock { $0.append("! \(line)") } },
            readLine: { $0(nil) }
        )
    }
}

@Suite("Talking to a server", .timeLimit(.minutes(1)))
struct TalkTests {
    private static let session: JSON = [
        "audio": ["input": ["turn_detection": ["type": "server_vad", "silence_duration_ms": 40]]]
    ]

    private static func response(_ text: String) -> [JSON] {
        let audio = String(
            decoding: Base64.encode([UInt8](repeating: 7, count: 4_800)),
            as: UTF8.self
        )
        let item: JSON = ["type": "message", "content": [["transcript": .string(text)]]]
        return [
            ["type": "response.created", "response": ["id": "r1"]],
            ["type": "response.output_audio.delta", "item_id": "a1", "delta": .string(audio)],
            [
                "type": "response.done",
                "response": ["id": "r1", "status": "completed", "output": [item]],
            ],
        ]
    }

    private func talk(
        _ turns: [TalkScript.Turn],
        to server: FakeServer
    ) async throws -> (report: Talk.Report, shown: [String]) {
        let url = try RealtimeURL(server.address, model: "fake")
        let transcript = Transcript()
        let report = await Talk.run(
            TalkScript(turns: turns),
            at: url,
            apiKey: "key",
            console: transcript.console,
            on: server.loop
        )
        await server.stop()
        return (report, transcript.shown)
    }

    @Test("A typed turn over a real socket")
    func text() async throws {
        let server = try FakeServer { type, _ in
            switch type {
            case "session.update": [["type": "session.updated", "session": Self.session]]
            case "response.create": Self.response("Good day.")
            default: []
            }
        }
        let (report, shown) = try await talk([.text("hello")], to: server)
        #expect(report.result == .answered)
        #expect(report.recording.count == 2_400)
        #expect(
            shown.prefix(3) == ["Connected; model fake.", "You:    hello", "Parley: Good day."]
        )
    }

    @Test("A spoken turn over a real socket ends when the server has heard and answered it")
    func speech() async throws {
        let frames = Mutex(0)
        let server = try FakeServer { type, _ in
            switch type {
            case "session.update": return [["type": "session.updated", "session": Self.session]]
            case "input_audio_buffer.append":
                guard
                    frames.withLock({
                        $0 += 1; return $0
                    }) == 4
                else { return [] }
                return [
                    ["type": "input_audio_buffer.speech_started", "item_id": "u1"],
                    [
                        "type": "input_audio_buffer.speech_stopped", "item_id": "u1",
                        "audio_end_ms": 120,
                    ],
                    ["type": "input_audio_buffer.committed", "item_id": "u1"],
                    [
                        "type": "conversation.item.input_audio_transcription.completed",
                        "item_id": "u1", "transcript": "beep",
                    ],
                ] + Self.response("Boop.")
            default: return []
            }
        }
        let beep = [Int16](repeating: 9, count: 1_920)
        let (report, shown) = try await talk([.speech(beep)], to: server)
        #expect(report.result == .answered)
        #expect(shown.contains("You:    beep"))
        #expect(shown.contains("Parley: Boop."))
    }

    @Test("A handshake that is refused is told with the server's words")
    func refusedHandshake() async throws {
        let body: JSON = ["error": ["message": "No key was given.", "code": .null]]
        let reply = HTTPReply(HTTPResponse(.unauthorized), body: body.serialized())
        let server = try FakeServer(refusal: reply)
        let (report, _) = try await talk([.text("x")], to: server)
        guard case .notConnected(let reason) = report.result else {
            Issue.record("it did connect")
            return
        }
        #expect(reason.hasSuffix(": No key was given."))
        #expect(report.result.exitCode == 3)
    }

    @Test("A session that is refused after the handshake is told with the error's words")
    func refusedSession() async throws {
        let error: JSON = ["code": "invalid_api_key", "message": "Incorrect API key."]
        let server = try FakeServer(
            greeting: [["type": "error", "error": error]],
            close: WebSocketClose(WebSocketCloseCode(3000), "invalid_request_error.invalid_api_key")
        )
        let (report, _) = try await talk([.text("x")], to: server)
        #expect(
            report.result
                == .notConnected(
                    "the server refused the session: Incorrect API key. (invalid_api_key)"
                )
        )
    }

    @Test("A server that closes without a word is told so")
    func closed() async throws {
        let server = try FakeServer(greeting: [], close: WebSocketClose(.tryAgainLater, "full"))
        let (report, _) = try await talk([.text("x")], to: server)
        #expect(
            report.result == .notConnected("the server closed the connection (1013, full)")
        )
    }

    @Test("Nobody at the address is told so, with what to do")
    func nobody() async throws {
        let server = try FakeServer()
        let address = server.address
        await server.stop()
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let report = await Talk.run(
            TalkScript(turns: [.text("x")]),
            at: try RealtimeURL(address),
            apiKey: nil,
            console: Transcript().console,
            on: loop
        )
        guard case .notConnected(let reason) = report.result else {
            Issue.record("somebody answered")
            return
        }
        #expect(reason.hasSuffix("Connection refused; start a server with: parley serve"))
    }
}
