internal import Glibc
internal import ParleyClient
internal import ParleyNetwork

extension Command {
    /// `parley talk`.
    static let talk = Command(
        name: "talk",
        summary: "Talk to a Realtime server: speak recordings or type, get answers.",
        synopses: [
            "talk --file question.wav [--save answer.wav]",
            "talk --text \"What can you do?\"",
            "talk --text -",
        ],
        options: [
            Option(
                "file",
                "FILE",
                "Speak a WAV file in real time. May be repeated: each is a turn.",
                isRepeatable: true
            ),
            Option(
                "text",
                "TEXT",
                "Type a message; \"-\" takes each line of standard input. May be repeated.",
                isRepeatable: true
            ),
            Option("save", "FILE", "Save what was answered as a WAV file."),
            Option(
                "url",
                "URL",
                "Where the server is; http, https, ws and wss, with or without /v1/realtime "
                    + "(\(RealtimeURL.standard))."
            ),
            Option("api-key", "KEY", "The server's key; else PARLEY_API_KEY of the environment."),
            Option(
                "model",
                "NAME",
                "The pipeline or model to ask for (\(TalkRequest.standardModel))."
            ),
            Option("voice", "NAME", "The voice to ask for."),
            Option("events", "Print every event of the server as a line of JSON."),
            Option(
                "interrupt-after",
                "SECONDS",
                "Speak over the first answer, so long after it began: the next file, or the same."
            ),
            Option("frame-ms", "MS", "Milliseconds of audio in an event, 20 to 100 (40)."),
            Option(
                "timeout",
                "SECONDS",
                "How long the server may be silent after a question (30)."
            ),
        ],
        notes: """
            Exit status: 0 every turn was answered, 1 one was not, 2 the arguments make no
            sense or a file cannot be used, 3 no session could be opened.

            A server's own certificate is trusted with SSL_CERT_FILE=certificate.pem in
            the environment.
            """,
        run: { arguments, console in
            let request = try TalkRequest(arguments, environmentKey: environment("PARLEY_API_KEY"))
            return await talk(request, console: console)
        }
    )

    /// Carries out what was asked for.
    ///
    /// - Returns: The exit status.
    static func talk(_ request: TalkRequest, console: Talk.Console) async -> Int32 {
        let script: TalkScript
        do {
            script = try request.script()
            // Better now than after the talk.
            if let path = request.savePath { try WholeFile.expectWritable(path) }
        } catch {
            console.complain("parley talk: \(error)")
            return Program.Status.usage
        }
        do {
            let loop = try EventLoop(name: "talk")
            let task = Task(executorPreference: loop) {
                await Talk.run(
                    script,
                    at: request.url,
                    apiKey: request.apiKey,
                    console: console,
                    on: loop
                )
            }
            let report = await task.value
            // Not shut down: a thread may still wait for a line, and would find no loop.
            return conclude(report, request, console)
        } catch {
            console.complain("parley talk: \(error)")
            return Program.Status.failure
        }
    }

    private static func conclude(
        _ report: Talk.Report,
        _ request: TalkRequest,
        _ console: Talk.Console
    ) -> Int32 {
        switch report.result {
        case .answered: break
        case .unanswered(let reason): console.complain("parley talk: no answer: \(reason)")
        case .notConnected(let reason): console.complain("parley talk: \(reason)")
        }
        guard let path = request.savePath else { return report.result.exitCode }
        guard !report.recording.isEmpty else {
            console.complain("parley talk: no audio to save to \(path)")
            return max(report.result.exitCode, Program.Status.failure)
        }
        do {
            try Recording.save(report.recording, to: path)
        } catch {
            console.complain("parley talk: \(error)")
            return max(report.result.exitCode, Program.Status.failure)
        }
        return report.result.exitCode
    }
}

/// A variable of the environment; nil when it is not set or empty.
func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
}
