internal import ParleyJSON

/// The short way for the one event that comes fifty times a second from every session.
///
/// Reads `{"type":"input_audio_buffer.append","audio":"…"}`, or what a translation session has in
/// its place, with or without `event_id`, in any order, straight from the message. Whatever is
/// unusual (another event, another member, an escape, a repeated or faulty member) is left to the
/// full decoder, so nothing is decided here that could be decided differently there.
enum AppendEvent {
    static func decode(_ message: [UInt8], of kind: SessionKind) -> ClientEvent? {
        message.withUnsafeBytes { decode($0, of: kind) }
    }

    private static func decode(
        _ message: UnsafeRawBufferPointer,
        of kind: SessionKind
    ) -> ClientEvent? {
        var scanner = AppendScanner(bytes: message, type: type(in: kind))
        guard let members = scanner.members() else { return nil }
        let limit = Base64.encodedCount(of: WireLimit.audioByteCount)
        guard members.audio.count <= limit, let audio = Base64.decode(members.audio) else {
            return nil
        }
        let body = body(audio, in: kind)
        guard let id = members.id else { return ClientEvent(body) }
        guard id.count <= WireLimit.eventIDLength, id.allSatisfy(isPlain) else { return nil }
        let eventID = EventID(rawValue: String(decoding: id, as: UTF8.self))
        return ClientEvent(id: eventID, body)
    }

    private static func type(in kind: SessionKind) -> StaticString {
        switch kind {
        case .realtime, .transcription: "input_audio_buffer.append"
        case .translation: "session.input_audio_buffer.append"
        }
    }

    private static func body(_ audio: [UInt8], in kind: SessionKind) -> ClientEvent.Body {
        switch kind {
        case .realtime, .transcription: .inputAudioBufferAppend(audio: audio)
        case .translation: .sessionInputAudioBufferAppend(audio: audio)
        }
    }

    /// A byte of a string that stands for itself in JSON and is a whole character.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\")
    }
}

/// Walks over a message that may be an append event.
private struct AppendScanner {
    /// The strings of an append event, as they stand in the message.
    struct Members {
        var audio: UnsafeRawBufferPointer
        var id: UnsafeRawBufferPointer?
    }

    let bytes: UnsafeRawBufferPointer
    let type: StaticString
    private var position = 0

    init(bytes: UnsafeRawBufferPointer, type: StaticString) {
        self.bytes = bytes
        self.type = type
    }

    /// Nil for anything but an append event of plain members, each there once.
    mutating func members() -> Members? {
        var isAppend = false
        var audio: UnsafeRawBufferPointer?
        var id: UnsafeRawBufferPointer?
        guard take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard let key = string(), take(UInt8(ascii: ":")), let value = string() else {
                return nil
            }
            if Self.is(key, "audio"), audio == nil {
                audio = value
            } else if Self.is(key, "type"), Self.is(value, type), !isAppend {
                isAppend = true
            } else if Self.is(key, "event_id"), id == nil {
                id = value
            } else {
                return nil
            }
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")), isAtEnd(), isAppend, let audio else { return nil }
        return Members(audio: audio, id: id)
    }

    private mutating func isAtEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ wanted: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == wanted else { return false }
        position += 1
        return true
    }

    /// What stands up to the next quote.
    ///
    /// If that quote was escaped, the backslash before it tells.
    private mutating func string() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")), let end = nextQuote() else { return nil }
        let string = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
        position = end + 1
        return string
    }

    /// Looks at 32 bytes at a time, then at each.
    private func nextQuote() -> Int? {
        var place = position
        while place &+ 32 <= bytes.count {
            let marks =
                quotes(at: place) | quotes(at: place &+ 8) | quotes(at: place &+ 16)
                | quotes(at: place &+ 24)
            if marks != 0 { break }
            place &+= 32
        }
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "\"") { return place }
            place &+= 1
        }
        return nil
    }

    /// Not zero if and only if one of eight bytes is a quote.
    @inline(__always)
    private func quotes(at place: Int) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        // Zero where a quote stands.
        let difference = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        return (difference &- ones) & ~difference & (ones << 7)
    }

    private static func `is`(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { $0.count == bytes.count && $0.elementsEqual(bytes) }
    }
}
