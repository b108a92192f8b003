/// Why a message was refused, with the status to answer.
///
/// After one the connection's framing is unknown: answer, then close.
package struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let status: HTTPStatus

    /// What was found and what was expected; fit for the client's eyes.
    package let message: String

    package init(_ status: HTTPStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    static func bad(_ message: String) -> HTTPFailure { HTTPFailure(.badRequest, message) }

    package var description: String { "\(status): \(message)" }
}
