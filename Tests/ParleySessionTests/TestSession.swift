import ParleyAudio
import ParleyNames
import ParleyRealtime

@testable import ParleySession

/// A session whose client says one thing at a time, for what a trace has no words for.
struct TestSession: ~Copyable {
    var session: Session
    private var now = Instant()

    init(
        voices: [String] = [],
        prompts: PromptCatalog = PromptCatalog(),
        configure: (inout SessionConfiguration) -> Void = { _ in },
        birth prepare: (inout Session.Birth) -> Void = { _ in }
    ) {
        var configuration = SessionConfiguration(model: "parley", voice: .named("slt"))
        configure(&configuration)
        var birth = Session.Birth(
            id: "sess_1",
            configuration: configuration,
            ids: .sequential(),
            unixTime: 1_790_000_000,
            names: SessionNames(voices: voices.isEmpty ? .unknown : NameTable(voices))
        )
        birth.prompts = prompts
        prepare(&birth)
        session = Session(birth)
        _ = session.start(at: now)
    }

    /// The events that answer an input.
    mutating func feed(_ input: Session.Input) -> [ServerEvent.Body] {
        outputs(of: input).compactMap { output in
            if case .send(let event) = output { event.body } else { nil }
        }
    }

    mutating func outputs(of input: Session.Input) -> [Session.Output] {
        now = now + .milliseconds(1)
        return session.handle(input, at: now)
    }

    mutating func send(_ event: ClientEvent.Body) -> [ServerEvent.Body] {
        feed(.client(ClientEvent(event)))
    }

    /// The error that answers an event; nil if something else does.
    mutating func refusal(of event: ClientEvent.Body) -> ProtocolError? {
        guard case .error(let error, _) = send(event).first else { return nil }
        return error
    }

    /// The configuration after an update; nil if it is refused.
    mutating func update(_ change: (inout SessionUpdate) -> Void) -> SessionConfiguration? {
        var update = SessionUpdate()
        change(&update)
        guard case .sessionUpdated(let session) = send(.sessionUpdate(update)).first else {
            return nil
        }
        return session.configuration
    }

    /// Has the assistant say a word.
    mutating func speak() {
        _ = send(.responseCreate(ResponseOptions()))
        _ = feed(.generation("resp_1", .text("Hello. ")))
        _ = feed(.generation("resp_1", .finished(.init())))
        let audio = Session.Synthesis.audio(
            clause: 0,
            .init(samples: [Int16](repeating: 1, count: 4_800))
        )
        _ = feed(.synthesis("resp_1", audio))
        _ = feed(.synthesis("resp_1", .finished(clause: 0)))
    }
}
