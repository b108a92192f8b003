internal import ParleyClient
internal import ParleyServer
internal import ParleyYAML

extension Command {
    /// `parley serve`.
    static let serve = Command(
        name: "serve",
        summary: "Serve the Realtime API on this machine.",
        synopses: ["serve", "serve --host 0.0.0.0 --api-key KEY", "serve --config parley.yaml"],
        options: ServerOptions.all,
        notes: """
            Each option is also an environment variable: --log-level is PARLEY_LOG_LEVEL.

            SIGTERM lets sessions end within the drain time, Ctrl-C ends them at once,
            SIGHUP reads the certificate, the keys with their limits, and the prompts again.

            Exit status: 0 it was stopped, 1 it could not start, 2 the arguments or the
            configuration make no sense.
            """,
        run: { arguments, console in
            try arguments.expectNoOperands()
            try arguments.expectNoRest()
            do {
                let configuration = try ServerOptions.configuration(arguments)
                return await ParleyServer.ServeCommand.run(
                    configuration,
                    reload: { try ServerOptions.configuration(arguments) },
                    say: { console.show($0) }
                )
            } catch {
                console.complain("parley serve: the configuration cannot be used\n\(error)")
                return Program.Status.usage
            }
        }
    )

    /// `parley doctor`.
    static let doctor = Command(
        name: "doctor",
        summary: "Try every stage of a pipeline, and say which fails and why.",
        synopses: ["doctor", "doctor --pipeline NAME"],
        options: [Option("pipeline", "NAME", "The pipeline to try; the default one.")]
            + ServerOptions.ofModels,
        furtherOptions: ServerOptions.all,
        notes: """
            The other options of serve are taken too, and mean nothing here.

            Exit status: 0 every stage answers, 1 one does not, 2 the arguments or the
            configuration make no sense.
            """,
        run: { arguments, console in
            try arguments.expectNoOperands()
            try arguments.expectNoRest()
            do {
                let configuration = try ServerOptions.configuration(arguments)
                let name = arguments.text("pipeline") ?? configuration.server.defaultPipeline
                return await DoctorCommand.run(configuration, pipeline: name) { console.show($0) }
            } catch {
                console.complain("parley doctor: the configuration cannot be used\n\(error)")
                return Program.Status.usage
            }
        }
    )
}
