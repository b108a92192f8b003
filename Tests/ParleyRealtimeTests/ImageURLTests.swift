import ParleyJSON
import ParleyRealtime
import ParleyTesting
import Testing

@Suite("Images")
struct ImageURLTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    private static let pngHead = png + [0, 0, 0, 13] + Array("IHDR".utf8)
    private static let webpHead = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP".utf8)

    /// A JPEG with a preview before its frame.
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 1, 2, 3, 4, 0xFF, 0xFF, 0xC4, 0, 2]
        + [0xFF, 0xC2, 0, 17, 8, 0x02, 0x01, 0x03, 0x04, 3]

    @Test(
        "Type and size are told by the bytes",
        arguments: [
            (pngHead + [0, 0, 4, 0, 0, 0, 3, 0], .png, 1_024, 768),
            (Array("GIF89a".utf8) + [10, 0, 20, 1], .gif, 10, 276),
            (jpeg, .jpeg, 0x0304, 0x0201),
            (
                webpHead + Array("VP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0] + [9, 1, 0, 4, 0, 0],
                .webp, 266, 5
            ),
            (
                webpHead + Array("VP8L".utf8) + [1, 0, 0, 0, 0x2F, 0x07, 0xC0, 0x02, 0],
                .webp, 8, 12
            ),
            (
                webpHead + Array("VP8 ".utf8) + [1, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, 64, 0, 32, 0],
                .webp, 64, 32
            ),
        ] as [([UInt8], ImageHeader.MediaType, Int, Int)]
    )
    func header(bytes: [UInt8], type: ImageHeader.MediaType, width: Int, height: Int) {
        let header = ImageHeader(bytes)
        #expect(header?.type == type)
        #expect(header?.size == ImageHeader.Size(width: width, height: height))
    }

    @Test(
        "What is cut off has a type and no size",
        arguments: [png, Array("GIF87a".utf8), [0xFF, 0xD8, 0xFF], webpHead]
    )
    func cut(bytes: [UInt8]) {
        let header = ImageHeader(bytes)
        #expect(header != nil && header?.size == nil)
    }

    @Test("Other bytes are no image", arguments: ["", "<html>", "%PDF-1.7", "BM", "RIFF....WAVE"])
    func other(text: String) {
        #expect(ImageHeader(Array(text.utf8)) == nil)
    }

    @Test("No bytes do harm", arguments: 1...50)
    func damage(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let heads = [Self.png, [0xFF, 0xD8, 0xFF], Self.webpHead, Array("GIF89a".utf8)]
        for head in heads {
            _ = ImageHeader(head + random.bytes(count: Int(random.next() % 60)))
            _ = ImageURL.header(of: "data:;base64," + String(repeating: "/", count: Int(seed)))
        }
    }

    @Test(
        "An image is in its URL, or to be fetched",
        arguments: [
            ("data:image/png;base64,iVBORw0KGgo=", .data),
            ("DATA:;charset=x;BASE64,iVBORw0KGgo=", .data),
            ("https://host/cat.png", .remote), ("HTTP://host", .remote),
            ("ftp://host/cat.png", .scheme), ("cat.png", .scheme), ("", .scheme),
            ("data:image/png,abc", .scheme), ("data:image/png;base64", .scheme),
            ("data:image/png;base64,iVBORw0KGgo", .base64), ("data:;base64,ü", .base64),
            ("data:image/png;base64,", .type), ("data:image/png;base64,AAAA", .type),
        ] as [(String, Kind)]
    )
    func url(text: String, kind: Kind) {
        #expect(Kind(text) == kind)
    }

    enum Kind {
        case data, remote, scheme, base64, type

        init(_ text: String) {
            do throws(ImageURL.Fault) {
                switch try ImageURL(text) {
                case .data: self = .data
                case .remote: self = .remote
                }
            } catch {
                switch error {
                case .scheme: self = .scheme
                case .base64: self = .base64
                case .type: self = .type
                }
            }
        }
    }

    @Test("The size of a long image is read from its beginning")
    func beginning() {
        let rest = [UInt8](repeating: 7, count: 200_000)
        let bytes = Self.pngHead + [0, 0, 0, 2, 0, 0, 0, 3] + rest
        let url = ImageURL.data(.png, bytes)
        #expect(ImageURL.header(of: url)?.size == ImageHeader.Size(width: 2, height: 3))
    }
}
