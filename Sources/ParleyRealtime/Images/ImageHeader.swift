/// What the first bytes of an image say: its type, and how large it is where they say that.
///
/// - Source: PNG 3rd edition, 5.2 and 11.2.1; GIF89a, 17 and 18; ITU-T T.81, B.1 and B.2.2; RFC
///   9649, 2.
public struct ImageHeader: Sendable, Hashable {
    /// The types that clients may send.
    public enum MediaType: String, Sendable, CaseIterable {
        case png = "image/png"
        case jpeg = "image/jpeg"
        case gif = "image/gif"
        case webp = "image/webp"
    }

    /// Told by the bytes; what a sender calls it doesn't matter.
    public let type: MediaType
    /// In pixels; nil where the bytes at hand don't tell.
    public let size: Size?

    /// Width and height in pixels.
    public struct Size: Sendable, Hashable {
        /// From left to right.
        public var width: Int
        /// From top to bottom.
        public var height: Int

        /// Makes a size.
        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Reads a header; nil for anything but the types above.
    ///
    /// - Parameter bytes: The image, or as much of its beginning as is at hand.
    public init?(_ bytes: some Collection<UInt8>) {
        let bytes = Bytes(Array(bytes.prefix(Self.byteCount)))
        guard let type = bytes.type else { return nil }
        self.type = type
        size =
            switch type {
            case .png: bytes.size(width: bytes.bigEndian(16, 4), height: bytes.bigEndian(20, 4))
            case .gif: bytes.size(width: bytes.littleEndian(6, 2), height: bytes.littleEndian(8, 2))
            case .jpeg: bytes.jpegSize
            case .webp: bytes.webpSize
            }
    }

    /// Bytes that are looked at.
    ///
    /// Chosen: cameras put a preview of up to 64 KB before the size of a JPEG.
    public static let byteCount = 98_304
}

/// The beginning of a file, read at any place without harm.
private struct Bytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    subscript(_ place: Int) -> Int? {
        bytes.indices.contains(place) ? Int(bytes[place]) : nil
    }

    func bigEndian(_ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        return bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
    }

    func littleEndian(_ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func holds(_ text: String, at start: Int = 0) -> Bool {
        bytes.dropFirst(start).starts(with: text.utf8)
    }

    var type: ImageHeader.MediaType? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if holds("GIF87a") || holds("GIF89a") { return .gif }
        return holds("RIFF") && holds("WEBP", at: 8) ? .webp : nil
    }

    func size(width: Int?, height: Int?) -> ImageHeader.Size? {
        guard let width, let height, width > 0, height > 0 else { return nil }
        return ImageHeader.Size(width: width, height: height)
    }

    /// Goes from segment to segment until the one that begins a frame.
    var jpegSize: ImageHeader.Size? {
        var place = 2
        while let marker = self[place + 1], self[place] == 0xFF {
            switch marker {
            case 0xFF: place += 1
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                return size(width: bigEndian(place + 7, 2), height: bigEndian(place + 5, 2))
            default:
                guard let length = bigEndian(place + 2, 2), length >= 2 else { return nil }
                place += 2 + length
            }
        }
        return nil
    }

    var webpSize: ImageHeader.Size? {
        if holds("VP8X", at: 12) {
            return size(
                width: littleEndian(24, 3).map { $0 + 1 },
                height: littleEndian(27, 3).map { $0 + 1 }
            )
        }
        if holds("VP8L", at: 12) {
            guard let bits = littleEndian(21, 4) else { return nil }
            return size(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
        }
        guard holds("VP8 ", at: 12) else { return nil }
        return size(
            width: littleEndian(26, 2).map { $0 & 0x3FFF },
            height: littleEndian(28, 2).map { $0 & 0x3FFF }
        )
    }
}
