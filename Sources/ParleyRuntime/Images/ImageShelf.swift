internal import ParleyJSON

/// What came of the URLs of a session's images: each image is fetched once, and what is gone is not
/// asked for with each response.
///
/// As much is kept as a response may be handed, so that what the last one had is there for the
/// next; what was used longest ago leaves first.
struct ImageShelf {
    private struct Entry {
        var url: String
        /// The image as a data URL; nil where it can't be had any more.
        var data: String?

        var byteCount: Int { url.utf8.count + (data.map(ImageShelf.byteCount) ?? 0) }
    }

    /// What is known of a URL.
    enum Finding: Equatable {
        case image(String)
        case lost
    }

    private let limit: Int
    /// The one that was used last stands last.
    private var entries: [Entry] = []
    private var byteCount = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes of the image in a data URL, about.
    static func byteCount(_ data: String) -> Int { Base64.decodedCount(of: data.utf8.count) }

    /// What is known of a URL, which is used now; nil for nothing.
    mutating func find(_ url: String) -> Finding? {
        guard let index = entries.firstIndex(where: { $0.url == url }) else { return nil }
        let entry = entries.remove(at: index)
        entries.append(entry)
        return entry.data.map { .image($0) } ?? .lost
    }

    /// Keeps what was found.
    mutating func keep(_ finding: Finding, of url: String) {
        if let index = entries.firstIndex(where: { $0.url == url }) {
            byteCount -= entries.remove(at: index).byteCount
        }
        let data: String? = if case .image(let data) = finding { data } else { nil }
        let entry = Entry(url: url, data: data)
        entries.append(entry)
        byteCount += entry.byteCount
        while byteCount > limit, entries.count > 1 { byteCount -= entries.removeFirst().byteCount }
    }
}
