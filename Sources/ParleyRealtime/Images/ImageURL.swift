internal import ParleyJSON

/// An `image_url`: the image itself in base64, or where it is.
///
/// - Source: Realtime protocol, "Item types"; RFC 2397.
public enum ImageURL: Sendable, Hashable {
    /// The image is in the URL.
    case data(ImageHeader)
    /// The image is to be fetched by `http` or `https`.
    case remote

    /// Why a text is no URL of an image.
    public enum Fault: Error, Sendable, Hashable {
        /// It is of another scheme.
        case scheme
        /// What should be base64 is not.
        case base64
        /// It holds something else than an image of a known type.
        case type
    }

    /// Reads a URL; what a remote one leads to is not known by that.
    ///
    /// - Throws: ``Fault``.
    public init(_ text: String) throws(Fault) {
        if Self.isRemote(text) {
            self = .remote
            return
        }
        guard let base64 = Self.base64(of: text) else { throw .scheme }
        guard let bytes = Base64.decode(String(base64)) else { throw .base64 }
        guard let header = ImageHeader(bytes) else { throw .type }
        self = .data(header)
    }

    /// What the beginning of a data URL says of its image; nil for remote ones.
    ///
    /// Costs little, however long the URL is.
    public static func header(of text: String) -> ImageHeader? {
        guard let base64 = base64(of: text) else { return nil }
        // A whole number of groups, so that they can be decoded by themselves.
        let letters = base64.utf8.prefix(Base64.encodedCount(of: ImageHeader.byteCount))
        guard let bytes = Base64.decode(Array(letters)) else { return nil }
        return ImageHeader(bytes)
    }

    /// A URL that holds an image.
    public static func data(_ type: ImageHeader.MediaType, _ bytes: [UInt8]) -> String {
        var text = Array("data:\(type.rawValue);base64,".utf8)
        Base64.encode(bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether the image is to be fetched; costs little, however long the URL is.
    public static func isRemote(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("https://") || start.hasPrefix("http://")
    }

    /// What stands behind `data:…;base64,`; the type before it is the sender's opinion.
    private static func base64(of text: String) -> Substring? {
        let head = text.prefix(dataHeadLength)
        guard head.prefix(5).lowercased() == "data:", let comma = head.firstIndex(of: ",")
        else { return nil }
        guard head[..<comma].lowercased().hasSuffix(";base64") else { return nil }
        return text[text.index(after: comma)...]
    }

    /// Characters before the data at most.
    ///
    /// Chosen: a type, and parameters that nobody needs.
    private static let dataHeadLength = 256
}
