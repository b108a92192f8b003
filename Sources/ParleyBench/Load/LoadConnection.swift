internal import Glibc
internal import ParleyHTTP
internal import ParleyNetwork

/// One client's WebSocket, as cheap as can be: no task, no actor, no buffer while nothing waits.
///
/// It is confined to the generator that owns it.
final class LoadConnection {
    /// What became of reading.
    enum Progress: Equatable {
        case open
        /// The connection is gone; the reason is one of a few.
        case closed(String)
    }

    private enum State {
        /// Next: ``shaking(_:)`` when the socket is writable.
        case connecting
        /// Next: ``open``.
        case shaking(WebSocketClientHandshake)
        case open
        case closed
    }

    let file: Int32
    private var state = State.connecting
    private var decoder = WebSocketDecoder(peer: .server)
    private var random: SecureRandom
    private let target: LoadTarget
    /// What the socket did not take yet.
    private var pending: [UInt8] = []

    /// Unsent bytes at which the server counts as having stopped reading.
    ///
    /// Chosen: a minute of audio.
    private static let pendingLimit = 4 << 20

    /// Takes a socket that is connecting.
    init(_ file: Int32, _ target: LoadTarget, _ random: SecureRandom) {
        self.file = file
        self.target = target
        self.random = random
    }

    /// What the loop should tell about the socket.
    var interest: IOEvents {
        switch state {
        case .connecting: [.writable]
        case .shaking, .open: pending.isEmpty ? [.readable] : [.readable, .writable]
        case .closed: []
        }
    }

    /// Takes the news of the loop.
    ///
    /// - Parameters:
    ///   - events: What the socket is ready for.
    ///   - scratch: Where to read into.
    ///   - deliver: Gets the text of each event, which it must not keep.
    /// - Returns: Whether the connection is still there.
    func ready(
        _ events: IOEvents,
        _ scratch: UnsafeMutableRawBufferPointer,
        _ deliver: (UnsafeRawBufferPointer) -> Void
    ) -> Progress {
        if case .connecting = state { return connected() }
        if events.contains(.writable), let failure = flush() { return .closed(failure) }
        return read(scratch, deliver)
    }

    // MARK: Out

    /// Sends bytes that are frames already.
    ///
    /// - Returns: Why the connection is lost; nil while it is not.
    func send(frames: [UInt8]) -> String? {
        guard pending.isEmpty else {
            pending += frames
            guard pending.count <= Self.pendingLimit else { return "the server stopped reading" }
            return nil
        }
        let sent = frames.withUnsafeBytes { write($0) }
        guard sent >= 0 else { return "the connection broke" }
        if sent < frames.count { pending = Array(frames[sent...]) }
        return nil
    }

    /// Sends the text of an event.
    ///
    /// - Returns: Why the connection is lost; nil while it is not.
    func send(text: [UInt8]) -> String? {
        send(frames: FrameStore.masked(text, &random))
    }

    /// Whether something waits for the socket.
    var isBlocked: Bool { !pending.isEmpty }

    /// Says goodbye and closes, without waiting for an answer.
    func close() {
        if case .closed = state { return }
        if case .open = state, pending.isEmpty {
            var frame: [UInt8] = []
            WebSocketFrame.writeClose(
                WebSocketClose(.normal),
                mask: WebSocketMask(1),
                into: &frame
            )
            _ = frame.withUnsafeBytes { write($0) }
        }
        state = .closed
        pending = []
        Glibc.close(file)
    }

    private func flush() -> String? {
        guard !pending.isEmpty else { return nil }
        let sent = pending.withUnsafeBytes { write($0) }
        guard sent >= 0 else { return "the connection broke" }
        pending.removeFirst(sent)
        return nil
    }

    /// How much the socket took; -1 when it is broken.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = Glibc.send(file, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : -1
    }

    // MARK: In

    private func connected() -> Progress {
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(file, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else { return .closed("nobody answers at the address") }
        let handshake = target.handshake(nonce: random.bytes(16))
        state = .shaking(handshake)
        return send(frames: handshake.request).map(Progress.closed) ?? .open
    }

    /// Reads once: the loop tells again when more is there, and other sessions want their turn.
    private func read(
        _ scratch: UnsafeMutableRawBufferPointer,
        _ deliver: (UnsafeRawBufferPointer) -> Void
    ) -> Progress {
        let count = recv(file, scratch.baseAddress, scratch.count, 0)
        if count == 0 { return .closed("the server hung up") }
        if count < 0 {
            return errno == EAGAIN || errno == EINTR ? .open : .closed("the connection broke")
        }
        let input = UnsafeMutableRawBufferPointer(rebasing: scratch[..<count])
        var offset = 0
        if case .shaking(var handshake) = state {
            let outcome = shake(&handshake, input, &offset)
            if case .closed = outcome { return outcome }
        }
        guard case .open = state else { return .open }
        return decode(input, from: offset, deliver)
    }

    private func shake(
        _ handshake: inout WebSocketClientHandshake,
        _ input: UnsafeMutableRawBufferPointer,
        _ offset: inout Int
    ) -> Progress {
        do throws(HTTPFailure) {
            switch try handshake.next(UnsafeRawBufferPointer(input), at: &offset) {
            case .accepted: state = .open
            case .refused(let response, _):
                return .closed("the server refused the handshake with \(response.status)")
            case nil: state = .shaking(handshake)
            }
            return .open
        } catch {
            return .closed("the server does not speak WebSocket")
        }
    }

    private func decode(
        _ input: UnsafeMutableRawBufferPointer,
        from start: Int,
        _ deliver: (UnsafeRawBufferPointer) -> Void
    ) -> Progress {
        var offset = start
        do throws(WebSocketClose) {
            while let event = try decoder.next(input, at: &offset) {
                switch event {
                case .message(_, let payload): payload.withBytes(of: input, deliver)
                case .ping(let payload):
                    if let failure = pong(payload) { return .closed(failure) }
                case .pong: break
                case .close(let close): return .closed("the server closed with \(close.code)")
                }
            }
            return .open
        } catch {
            return .closed("the server broke the protocol")
        }
    }

    private func pong(_ payload: [UInt8]) -> String? {
        var frame: [UInt8] = []
        let mask = WebSocketMask(UInt32(truncatingIfNeeded: random.next()))
        WebSocketFrame.write(.pong, payload, mask: mask, into: &frame)
        return send(frames: frame)
    }
}
