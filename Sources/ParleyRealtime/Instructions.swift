/// What the model is told before all else, by who wrote it.
///
/// What the client writes wins over what comes of a stored prompt, and this over what the server's
/// owner says. Each stays, so that whoever takes his own back uncovers the next.
///
/// - Source: Realtime protocol, "Realtime session, GA", `instructions`, `prompt`.
public struct Instructions: Sendable, Hashable {
    /// The server's own.
    public var standard: String
    /// What the stored prompt came to when it was named; nil without one.
    public var stored: String?
    /// The client's; nil while it has written none.
    public var written: String?

    /// Makes instructions that only the server gives.
    public init(_ standard: String = "") {
        self.standard = standard
    }

    /// What is in force.
    public var text: String { written ?? stored ?? standard }
}
