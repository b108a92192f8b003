/// Messages that wait for their reader, with their size.
struct MessageQueue {
    private var messages = Queue<WebSocketMessage>()
    private(set) var byteCount = 0

    var isEmpty: Bool { messages.isEmpty }

    /// What a message costs beside its payload, so that empty ones count too.
    private static let overhead = 64

    mutating func append(_ message: WebSocketMessage) {
        messages.append(message)
        byteCount += message.bytes.count + Self.overhead
    }

    mutating func popFirst() -> WebSocketMessage? {
        guard let message = messages.popFirst() else { return nil }
        byteCount -= message.bytes.count + Self.overhead
        return message
    }
}
