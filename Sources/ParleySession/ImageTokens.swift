internal import ParleyRealtime

/// How many tokens an image counts.
///
/// The rule that the vendor publishes for its language models: a base, and for anything but low
/// detail as much again for each tile of 512 by 512 pixels, once the image is scaled down to fit
/// into 2,048 by 2,048 and its shorter side to 768. An image of unknown size counts as one of
/// 1,024 by 1,024.
///
/// - Source: OpenAI, "Images and vision", "Calculating costs", of GPT-4o.
enum ImageTokens {
    private static let base = 85
    private static let tile = 170
    private static let tileLength = 512.0
    private static let longestSide = 2_048.0
    private static let shorterSide = 768.0
    private static let unknownSize = ImageHeader.Size(width: 1_024, height: 1_024)

    static func count(_ size: ImageHeader.Size?, detail: String?) -> Int {
        guard detail != "low" else { return base }
        let size = size ?? unknownSize
        var (width, height) = (Double(size.width), Double(size.height))
        let fit = min(1, longestSide / max(width, height))
        (width, height) = (width * fit, height * fit)
        let shrink = min(1, shorterSide / min(width, height))
        let columns = tiles(width * shrink)
        let rows = tiles(height * shrink)
        return base + tile * columns * rows
    }

    private static func tiles(_ length: Double) -> Int {
        // A little less, lest scaling that isn't exact adds a tile.
        Int(((length - 0.001) / tileLength).rounded(.up))
    }
}
