/// The revisions of MCP that begin with a handshake, oldest first; all of them are understood.
///
/// - Source: MCP, "Versioning".
package enum MCPVersion: String, Sendable, CaseIterable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"

    /// What we ask for; a server that doesn't know it names one of its own.
    package static let preferred = november2025
}
