internal import ParleyHTTP

extension WebSocketConnection {
    package nonisolated func ready(_ events: IOEvents) {
        assumeIsolated { $0.handle(events) }
    }

    package nonisolated func loopEnds() { assumeIsolated { $0.end(.lost) } }

    private func handle(_ events: IOEvents) {
        if socket.isLost(on: events) { return end(.lost) }
        if socket.shouldRead(on: events) { readInput() }
        if socket.shouldFlush(on: events) { flush() }
    }

    func readInput() {
        switch socket.read({ decode($0) }) {
        case .open: break
        case .ended, .failed:
            if case .closing(let close) = state { end(.byUs(close)) } else { end(.lost) }
        }
    }

    /// - Returns: Whether there is room for more.
    func decode(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
        readCount &+= bytes.count
        var offset = 0
        do throws(WebSocketClose) {
            while let event = try decoder.next(bytes, at: &offset) {
                receive(event, bytes)
                if case .ended = state { return false }
            }
        } catch {
            // Behind our close frame nothing may follow, not even another one.
            if case .closing(let ours) = state { end(.byUs(ours)) } else { violate(error) }
            return false
        }
        if decoder.isAssembling, !mayHold() {
            refuseLongMessage()
            return false
        }
        guard messages.byteCount > configuration.inputHighWater else { return true }
        _ = socket.setReading(false)
        return false
    }

    private func mayHold() -> Bool {
        unfinished.holds(decoder.heldByteCount, at: .now) { [weak self, loop] in
            loop.execute { [weak self] in self?.assumeIsolated { $0.refuseLongMessage() } }
        }
    }

    /// Others need the room that a message which is not whole takes.
    private func refuseLongMessage() {
        guard decoder.isAssembling else { return }
        violate(WebSocketClose(.tryAgainLater, "Too many long messages are under way"))
    }

    func violate(_ close: WebSocketClose) {
        writeClose(close)
        end(.violation(close))
    }

    func dropUnfinished() {
        decoder.discardMessages()
        unfinished.ended()
    }

    private func receive(_ event: WebSocketEvent, _ bytes: UnsafeMutableRawBufferPointer) {
        liveness.peerSpoke()
        switch event {
        case .message(let kind, let payload):
            unfinished.ended()
            guard case .open = state else { return }
            let content = payload.bytes(of: bytes)
            messages.append(kind == .text ? .text(content) : .binary(content))
            readers.wakeAll()
        case .ping(let payload): answer(payload)
        case .pong: break
        case .close(let close):
            if case .closing(let ours) = state { return end(.byUs(ours)) }
            writeClose(close)
            end(.byPeer(close))
        }
    }
}
