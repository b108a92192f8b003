/// Why a WebSocket was closed.
///
/// - Source: RFC 6455, section 7.4, and the IANA registry of close codes.
package struct WebSocketCloseCode: Sendable, Hashable, CustomStringConvertible {
    package let number: UInt16

    package init(_ number: UInt16) { self.number = number }

    package static let normal = WebSocketCloseCode(1000)
    package static let goingAway = WebSocketCloseCode(1001)
    package static let protocolError = WebSocketCloseCode(1002)
    package static let unsupportedData = WebSocketCloseCode(1003)
    /// A close frame without a code; never on the wire.
    package static let noStatus = WebSocketCloseCode(1005)
    /// The connection broke without a close frame; never on the wire.
    package static let abnormal = WebSocketCloseCode(1006)
    package static let invalidPayload = WebSocketCloseCode(1007)
    package static let policyViolation = WebSocketCloseCode(1008)
    package static let messageTooBig = WebSocketCloseCode(1009)
    package static let internalError = WebSocketCloseCode(1011)
    package static let serviceRestart = WebSocketCloseCode(1012)
    package static let tryAgainLater = WebSocketCloseCode(1013)

    /// Whether a close frame may carry it: assigned by the registry, or one for libraries and
    /// applications.
    package var mayBeSent: Bool {
        switch number {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    package var description: String { String(number) }
}

/// What a close frame says.
package struct WebSocketClose: Error, Sendable, Hashable {
    package let code: WebSocketCloseCode
    package let reason: String

    package init(_ code: WebSocketCloseCode, _ reason: String = "") {
        self.code = code
        self.reason = reason
    }
}
