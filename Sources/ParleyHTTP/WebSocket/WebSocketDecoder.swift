/// Reads WebSocket frames from a stream of bytes and puts messages together.
///
/// Feed it whatever was read and call ``next(_:at:)`` until it returns nil; every input is consumed
/// whole. Frames are unmasked in place. A message that lies whole in one input stays there, without
/// a copy or an allocation; others are gathered as they arrive, each byte once. Any cut of a stream
/// into inputs gives the same events.
///
/// - Source: RFC 6455, sections 5 and 8.1; no extensions.
package struct WebSocketDecoder: Sendable {
    /// What a peer may make us hold for one message.
    package struct Limits: Sendable, Hashable {
        /// Bytes of a message.
        ///
        /// Chosen: 15 MiB of audio are 20 MiB of base64, and some JSON around it.
        package var message = 22 << 20
        /// Fragments of a message.
        ///
        /// Chosen: 22 MiB in pieces of 4 kB; each costs a turn of the decoder.
        package var fragments = 6_000

        package init() {}
    }

    /// Who sends the frames: clients mask theirs, servers must not.
    package enum Peer: Sendable {
        case client
        case server
    }

    private enum State: Sendable {
        /// Next: ``payload(_:remaining:)``.
        case header
        /// Next: ``header``, or ``closed`` after a close frame.
        case payload(WebSocketFrameHeader.Frame, remaining: Int)
        /// The peer has closed; what follows is ignored.
        case closed
        /// Nothing more is read.
        case failed(WebSocketClose)
    }

    /// A message under way.
    private struct Assembly: Sendable {
        let kind: WebSocketMessageKind
        var payload: [UInt8] = []
        var fragmentCount = 1
        var validator = UTF8Validator()
    }

    private let isFromClient: Bool
    private let limits: Limits
    private var state = State.header
    private var header = WebSocketFrameHeader()
    private var assembly: Assembly?
    private var control: [UInt8] = []
    private var discardsMessages = false

    package init(peer: Peer, limits: Limits = Limits()) {
        isFromClient = peer == .client
        self.limits = limits
    }

    /// Bytes kept of a message that is not whole yet.
    package var heldByteCount: Int { assembly?.payload.count ?? 0 }

    /// Whether a message has begun that is not whole yet.
    package var isAssembling: Bool { assembly != nil }

    /// From now on skips messages, of any length: nothing of them is kept, judged or told.
    ///
    /// For an end that has sent its close frame and only waits for the peer's.
    package mutating func discardMessages() {
        discardsMessages = true
        assembly = nil
    }

    /// Reads on to the next event.
    ///
    /// - Parameters:
    ///   - input: The bytes just read; frames in it are unmasked where they lie.
    ///   - offset: Where in the input to go on; moved behind what was consumed.
    /// - Returns: The event; nil when all input is consumed.
    /// - Throws: ``WebSocketClose`` that says what the peer did wrong, fit to be sent in the close
    ///   frame; every later call throws it again.
    package mutating func next(
        _ input: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) throws(WebSocketClose) -> WebSocketEvent? {
        do throws(WebSocketClose) {
            return try advance(input, at: &offset)
        } catch {
            state = .failed(error)
            assembly = nil
            throw error
        }
    }

    private mutating func advance(
        _ input: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) throws(WebSocketClose) -> WebSocketEvent? {
        while true {
            switch state {
            case .header:
                guard
                    let frame = try header.next(
                        input,
                        at: &offset,
                        isFromClient: isFromClient
                    )
                else { return nil }
                if let event = try begin(frame, input, at: &offset) { return event }
            case .payload(let frame, let remaining):
                guard offset < input.count else { return nil }
                if let event = try take(frame, remaining, input, at: &offset) { return event }
            case .closed:
                offset = input.count
                return nil
            case .failed(let close):
                throw close
            }
        }
    }
}

extension WebSocketDecoder {
    /// Judges a frame by its header, and reads it at once if it lies whole in the input.
    private mutating func begin(
        _ frame: WebSocketFrameHeader.Frame,
        _ input: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) throws(WebSocketClose) -> WebSocketEvent? {
        if !frame.opcode.isControl, !discardsMessages {
            guard frame.length <= limits.message - heldByteCount else {
                throw WebSocketClose(.messageTooBig, "The message exceeds \(limits.message) bytes")
            }
            if frame.isFinal, assembly == nil, frame.opcode != .continuation,
                frame.length <= input.count - offset
            {
                return try message(frame, input, at: &offset)
            }
            try extendAssembly(frame)
        }
        if frame.length == 0 { return try finish(frame) }
        state = .payload(frame, remaining: frame.length)
        return nil
    }

    /// Reads a message of one frame where it lies.
    private func message(
        _ frame: WebSocketFrameHeader.Frame,
        _ input: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) throws(WebSocketClose) -> WebSocketEvent {
        let range = offset..<offset + frame.length
        let payload = UnsafeMutableRawBufferPointer(rebasing: input[range])
        var mask = frame.mask
        mask.apply(payload)
        offset = range.upperBound
        guard frame.opcode == .text else { return .message(.binary, .inPlace(range)) }
        var validator = UTF8Validator()
        guard validator.accept(UnsafeRawBufferPointer(payload)), validator.isComplete else {
            throw Self.invalidText
        }
        return .message(.text, .inPlace(range))
    }

    private mutating func extendAssembly(
        _ frame: WebSocketFrameHeader.Frame
    ) throws(WebSocketClose) {
        guard frame.opcode == .continuation else {
            guard assembly == nil else {
                throw WebSocketClose(.protocolError, "A message begins before the last one ended")
            }
            assembly = Assembly(kind: frame.opcode == .text ? .text : .binary)
            return
        }
        guard let count = assembly?.fragmentCount else {
            throw WebSocketClose(.protocolError, "A continuation frame has nothing to continue")
        }
        guard count < limits.fragments else {
            throw WebSocketClose(
                .policyViolation,
                "The message has more than \(limits.fragments) fragments"
            )
        }
        assembly?.fragmentCount += 1
    }

    /// Takes what there is of a frame's payload.
    private mutating func take(
        _ frame: WebSocketFrameHeader.Frame,
        _ remaining: Int,
        _ input: UnsafeMutableRawBufferPointer,
        at offset: inout Int
    ) throws(WebSocketClose) -> WebSocketEvent? {
        let range = offset..<offset + min(remaining, input.count - offset)
        let piece = UnsafeMutableRawBufferPointer(rebasing: input[range])
        var frame = frame
        frame.mask.apply(piece)
        offset = range.upperBound
        if frame.opcode.isControl {
            control.append(contentsOf: piece)
        } else if !discardsMessages {
            try gather(UnsafeRawBufferPointer(piece), of: frame.length)
        }
        guard range.count < remaining else { return try finish(frame) }
        state = .payload(frame, remaining: remaining - range.count)
        return nil
    }

    private mutating func gather(
        _ piece: UnsafeRawBufferPointer,
        of length: Int
    ) throws(WebSocketClose) {
        guard assembly?.kind != .text || assembly?.validator.accept(piece) == true else {
            throw Self.invalidText
        }
        // Reserved only as far as a stranger's word may cost us; beyond that the array grows by
        // doubling.
        if assembly?.payload.isEmpty == true {
            assembly?.payload.reserveCapacity(min(length, 1 << 16))
        }
        assembly?.payload.append(contentsOf: piece)
    }

    /// Ends a frame, and with it perhaps a message.
    private mutating func finish(
        _ frame: WebSocketFrameHeader.Frame
    ) throws(WebSocketClose) -> WebSocketEvent? {
        state = .header
        guard !frame.opcode.isControl else { return try finishControl(frame.opcode) }
        guard frame.isFinal, let whole = assembly.take() else { return nil }
        guard whole.kind == .binary || whole.validator.isComplete else { throw Self.invalidText }
        return .message(whole.kind, .gathered(whole.payload))
    }

    private mutating func finishControl(
        _ opcode: WebSocketOpcode
    ) throws(WebSocketClose) -> WebSocketEvent? {
        var payload: [UInt8] = []
        swap(&payload, &control)
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close:
            let close = try WebSocketClose(payload: payload)
            state = .closed
            return .close(close)
        case .continuation, .text, .binary: return nil
        }
    }

    private static let invalidText = WebSocketClose(.invalidPayload, "A text message is not UTF-8")
}

extension WebSocketClose {
    /// Reads a close frame's payload.
    ///
    /// - Source: RFC 6455, section 5.5.1.
    init(payload: [UInt8]) throws(WebSocketClose) {
        guard !payload.isEmpty else {
            self.init(.noStatus)
            return
        }
        guard payload.count >= 2 else {
            throw WebSocketClose(.protocolError, "A close frame holds half a code")
        }
        let code = WebSocketCloseCode(UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.mayBeSent else {
            throw WebSocketClose(.protocolError, "Close code \(code) must not be sent")
        }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else {
            throw WebSocketClose(.invalidPayload, "A close frame's reason is not UTF-8")
        }
        self.init(code, reason)
    }
}
