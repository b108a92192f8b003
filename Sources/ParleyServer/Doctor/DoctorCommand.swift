internal import ParleyNames
internal import ParleyNetwork

/// `parley doctor`: a trial of every stage of one pipeline.
package enum DoctorCommand {
    /// Tries the pipeline and shows what came of it.
    ///
    /// - Parameters:
    ///   - configuration: Everything the operator decided, checked.
    ///   - name: The pipeline's name.
    ///   - say: Writes a line for the person at the terminal.
    /// - Returns: The exit code: 0 when every stage answers.
    package static func run(
        _ configuration: Configuration,
        pipeline name: String,
        say: @Sendable (String) -> Void
    ) async -> Int32 {
        do {
            let group = try EventLoopGroup(count: 1)
            let library = EngineFactory(configuration, group: group).library()
            guard let pipeline = library[name] else {
                let expected = NearMatch.alternatives(library.names)
                let hint = NearMatch.hint(for: name, among: library.names)
                say(
                    "parley doctor: no pipeline has the name \"\(name)\", "
                        + "expected \(expected)\(hint)"
                )
                return 1
            }
            let task = Task(executorPreference: group.loops[0]) {
                await PipelineTrial(pipeline).run()
            }
            let reports = await task.value
            say(Doctor.table(reports, pipeline: name))
            return Doctor.isHealthy(reports) ? 0 : 1
        } catch {
            say("parley doctor: \(error)")
            return 1
        }
    }
}
