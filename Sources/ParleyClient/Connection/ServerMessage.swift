package import ParleyJSON

/// One event of the server, as it came.
///
/// Its type is known at once; the rest is parsed by those who ask for it, so that a stream of
/// audio costs no trees of JSON.
package struct ServerMessage: Sendable, Equatable {
    /// The text of the event.
    package let bytes: [UInt8]
    /// `type`; empty when the text is no object that has one.
    package let type: String

    /// Takes the text of an event.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        type = Self.leadingType(bytes) ?? (try? JSON.parse(bytes))?["type"]?.string ?? ""
    }

    /// All of it; null when the text is no JSON.
    package var json: JSON { (try? JSON.parse(bytes)) ?? .null }

    /// The text, for people.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The audio of a delta, decoded; nil for other events and for what is no base64.
    package var audio: [UInt8]? {
        guard type == "response.output_audio.delta" else { return nil }
        if let encoded = encodedAudio { return Base64.decode(encoded) }
        return json["delta"]?.string.flatMap { Base64.decode($0) }
    }

    /// The `delta` as it stands in the text; nil where only a parser can tell.
    ///
    /// The one long member is found from behind: what follows it is short, and base64 holds no
    /// quotation mark. A backslash makes it a matter for the parser, as does a `delta` that is no
    /// member of the event itself.
    private var encodedAudio: [UInt8]? {
        let name = Array("\"delta\":\"".utf8)
        guard bytes.last == UInt8(ascii: "}"), let start = Self.firstIndex(of: name, in: bytes)
        else {
            return nil
        }
        let before = bytes[..<start]
        guard before.count(where: { $0 == UInt8(ascii: "{") }) == 1 else { return nil }
        let rest = bytes[(start + name.count)...]
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let value = rest[..<end]
        return value.contains(UInt8(ascii: "\\")) ? nil : Array(value)
    }

    /// The type of an event that begins with it, as those of most servers do.
    ///
    /// - Parameter bytes: The text of an event.
    /// - Returns: Nil where only a parser can tell.
    package static func leadingType(_ bytes: some Collection<UInt8>) -> String? {
        let head = "{\"type\":\"".utf8
        guard bytes.starts(with: head) else { return nil }
        let rest = bytes.dropFirst(head.count).prefix(longestType)
        guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let value = rest[..<end]
        guard !value.contains(UInt8(ascii: "\\")) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// Chosen: the longest type in use has 57 bytes.
    private static let longestType = 96

    private static func firstIndex(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        return (0...(bytes.count - needle.count)).first { start in
            bytes[start] == needle[0]
                && bytes[start..<start + needle.count].elementsEqual(needle)
        }
    }
}
