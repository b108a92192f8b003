import Foundation
import ParleyRealtime
import Testing

@testable import ParleySession

/// States of a session against inputs, as a text that a file holds.
struct CellTable {
    let title: String
    let configuration: SessionConfiguration
    /// What has happened before, as a client and its engines would have it.
    let states: [(name: String, inputs: [Session.Input])]
    let inputs: [(name: String, input: Session.Input)]
    /// Whether only a fault of ours could bring this input in this state.
    let isImpossible: (_ state: String, _ input: String) -> Bool
    /// When older turns are summarised; nil: never.
    var compaction: Session.CompactionRules?

    /// Compares what sessions do with a file beside the traces.
    func check(against name: String) throws {
        var lines = ["# \(title)"]
        for state in states {
            lines += ["", state.name]
            for input in inputs {
                lines.append("    \(input.name) → \(outcome(of: state, input))")
            }
        }
        let played = lines.joined(separator: "\n") + "\n"
        let file = TraceTests.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["PARLEY_UPDATE_TRACES"] == "1" {
            try played.write(to: file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        for (old, new) in zip(written.split(separator: "\n"), played.split(separator: "\n")) {
            #expect(old == new)
        }
        #expect(written.count == played.count)
    }

    private func outcome(
        of state: (name: String, inputs: [Session.Input]),
        _ input: (name: String, input: Session.Input)
    ) -> String {
        guard !isImpossible(state.name, input.name) else { return "impossible" }
        var birth = Session.Birth(
            id: "sess_1",
            configuration: configuration,
            ids: .sequential(),
            unixTime: 0
        )
        birth.compaction = compaction
        birth.speculation = .transcription
        var session = birth.session()
        _ = session.start(at: Instant())
        for input in state.inputs { _ = session.handle(input, at: Instant()) }
        let outputs = session.handle(input.input, at: Instant(.seconds(1)))
        return outputs.isEmpty ? "nothing" : outputs.map(\.name).joined(separator: ", ")
    }
}

extension Session.Output {
    /// The event's type, or the effect's name.
    fileprivate var name: String {
        switch self {
        case .send(let event) where event.errorCode != nil:
            "error \(event.errorCode ?? "")"
        case .send(let event):
            if case .responseDone(let response) = event.body {
                "response.done \("\(response.status)".prefix { $0 != "(" })"
            } else {
                "\(event.body.type)"
            }
        case .perform(let effect): "!\("\(effect)".prefix { $0 != "(" })"
        }
    }
}

extension ServerEvent {
    fileprivate var errorCode: String? {
        guard case .error(let error, _) = body else { return nil }
        return error.code?.rawValue
    }
}
