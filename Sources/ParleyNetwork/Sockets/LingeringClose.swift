/// The last moments of a connection: writes the rest, says that nothing follows, and reads on until
/// the peer has closed.
///
/// Closing at once while the peer still sends would reset the connection, and the reset would throw
/// away our last words on the peer's side before it has read them.
///
/// `@unchecked Sendable`: everything happens on the socket's loop.
final class LingeringClose: EventHandler, @unchecked Sendable {
    private let socket: StreamSocket
    private var timer: EventLoop.TimerID?
    private var hasEndedOutput = false

    private init(_ socket: StreamSocket) { self.socket = socket }

    /// Takes the socket over and closes it within `time`.
    static func start(_ socket: StreamSocket, within time: Duration) {
        guard socket.isOpen else { return }
        let closing = LingeringClose(socket)
        do throws(SystemError) {
            try socket.attach(closing)
        } catch {
            return socket.close()
        }
        closing.timer = socket.loop.schedule(at: .now + time) { closing.finish() }
        closing.advance()
        // Input that TLS already holds raises no event.
        if socket.isOpen, socket.setReading(true) { closing.discardInput() }
    }

    func ready(_ events: IOEvents) {
        if socket.shouldRead(on: events) { discardInput() }
        if socket.isOpen { advance() }
    }

    func loopEnds() { finish() }

    private func discardInput() {
        if case .failed = socket.read({ _ in true }) { finish() }
    }

    private func advance() {
        if !hasEndedOutput {
            switch socket.flush() {
            case .blocked: return
            case .failed: return finish()
            case .drained:
                hasEndedOutput = true
                socket.endOutput()
            }
        }
        if socket.inputHasEnded { finish() }
    }

    private func finish() {
        if let timer { socket.loop.cancelTimer(timer) }
        timer = nil
        socket.close()
    }
}
