internal import ParleyBench
internal import ParleyClient
internal import ParleyJSON

extension Command {
    /// `parley bench`.
    static let bench = Command(
        name: "bench",
        summary: "Measure a server under the load of many sessions.",
        synopses: [
            "bench listen --spawn [--sessions 1000] [--seconds 60]",
            "bench talk --spawn [--sessions 10] [--file question.wav]",
            "bench cancel --spawn [--sessions 4]",
            "bench idle --spawn [--sessions 500]",
            "bench append --spawn [--sessions 4]",
            "bench listen --url ws://127.0.0.1:8080 --pid PID",
        ],
        options: [
            Option(
                "spawn",
                "Start a server for the measurement, on a processor of its own; what follows "
                    + "\"--\" are further arguments of serve."
            ),
            Option("url", "URL", "The server to measure (\(RealtimeURL.standard))."),
            Option("pid", "PID", "The server's process: its processor time and memory count too."),
            Option("api-key", "KEY", "The server's key; else PARLEY_API_KEY of the environment."),
            Option("model", "NAME", "The pipeline or model to ask for."),
            Option(
                "sessions",
                "N",
                "Sessions at once (listen 1000, idle 500, talk 10, cancel and append 4)."
            ),
            Option(
                "seconds",
                "S",
                "How long to measure (listen and talk 60, cancel 30, idle 20 twice, append 10)."
            ),
            Option("warm-up", "S", "How long to load before measuring (3; append 1)."),
            Option("frame-ms", "MS", "Milliseconds of audio in an event, 20 to 100 (20)."),
            Option("file", "FILE", "Send this WAV file in place of the synthetic voice."),
            Option("json", "FILE", "Write the result as JSON."),
            Option("chart", "FILE", "Write the distributions of the delays as an SVG picture."),
            Option("allow-remote", "Put load on a server that is not on this machine."),
        ],
        notes: """
            listen  sessions that only listen: how late are speech events?
            talk    sessions that talk in turns and interrupt: how late is each stage?
            cancel  sessions that break off answers and speech: how soon is it quiet?
            idle    sessions that say nothing, then listen to silence: what do they weigh?
            append  audio as fast as it is taken: what does a frame cost?

            Exit status: 0 measured, 1 not measured or not valid, 2 the arguments make no
            sense or a file cannot be used.
            """,
        run: { arguments, console in
            let key = environment("PARLEY_API_KEY")
            let request = try BenchRequest(arguments, environmentKey: key)
            return await bench(request, console: console)
        }
    )

    /// Measures, prints and writes.
    ///
    /// - Returns: The exit status.
    static func bench(_ request: BenchRequest, console: Talk.Console) async -> Int32 {
        let options: BenchOptions
        do {
            options = try request.options()
            // Better now than after the measurement.
            for path in [request.jsonPath, request.chartPath].compactMap(\.self) {
                try WholeFile.expectWritable(path)
            }
        } catch {
            console.complain("parley bench: \(error)")
            return Program.Status.usage
        }
        do {
            let result = try await Bench.run(options) { console.complain($0) }
            console.show(result.table)
            if let path = request.jsonPath {
                try WholeFile.write(result.json.serialized() + [0x0A], to: path)
            }
            if let path = request.chartPath {
                try WholeFile.write(Array(result.chart.utf8), to: path)
            }
            return result.faults.isEmpty ? Program.Status.success : Program.Status.failure
        } catch {
            console.complain("parley bench: \(error)")
            return Program.Status.failure
        }
    }
}
