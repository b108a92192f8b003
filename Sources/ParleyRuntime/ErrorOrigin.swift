internal import ParleyEngine
internal import ParleyRealtime

/// Whose fault an `error` event tells of; also the label of its count.
enum ErrorOrigin: String, Sendable, CaseIterable {
    /// The client asked for something wrong, or for too much.
    case client
    /// We failed, or have more to do than we can.
    case server
    case engine

    init(_ error: ProtocolError) {
        guard error.kind == .server else {
            self = .client
            return
        }
        let fault = error.code.map { EngineError.Fault(rawValue: $0.rawValue) }
        self = fault.map(Self.engineFaults.contains) == true ? .engine : .server
    }

    private static let engineFaults: Set<EngineError.Fault> = [
        .load, .inference, .request, .unavailable, .refused, .timeout, .malformedAnswer,
        .overloaded, EngineError.Fault(rawValue: "translation_too_long"),
    ]
}
