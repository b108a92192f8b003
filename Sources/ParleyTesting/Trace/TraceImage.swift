internal import ParleyRealtime

/// An image without any picture in it: all that counts is how large it says that it is.
enum TraceImage {
    private static let signature: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
    ]

    /// A square PNG.
    static func url(side: UInt16) -> String {
        let length: [UInt8] = [0, 0, UInt8(side >> 8), UInt8(truncatingIfNeeded: side)]
        return ImageURL.data(.png, signature + length + length)
    }
}
