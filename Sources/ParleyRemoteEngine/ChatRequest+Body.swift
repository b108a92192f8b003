internal import ParleyEngine
internal import ParleyJSON

extension ChatRequest {
    /// Bytes of text and images from which on a request is written elsewhere.
    ///
    /// Chosen: less takes a tenth of a millisecond, about what changing threads takes.
    private static let longByteCount = 64 << 10

    /// The request as it is sent.
    ///
    /// A long conversation, or one with images, is not written on the caller's thread: other
    /// sessions share its loop.
    func body() async -> [UInt8] {
        let byteCount = request.byteCount
        guard byteCount >= Self.longByteCount else { return written(byteCount) }
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            await writtenElsewhere(byteCount)
        }
    }

    @concurrent private func writtenElsewhere(_ byteCount: Int) async -> [UInt8] {
        written(byteCount)
    }

    private func written(_ byteCount: Int) -> [UInt8] {
        // Members and brackets come on top, and some characters become two.
        var writer = JSONWriter(capacity: byteCount + byteCount / 16 + 256)
        json.write(to: &writer)
        return writer.bytes
    }
}

extension LanguageRequest {
    /// Bytes of its text and images.
    fileprivate var byteCount: Int {
        messages.reduce(instructions.utf8.count) { $0 + $1.byteCount }
    }
}

extension LanguageMessage {
    fileprivate var byteCount: Int {
        switch self {
        case .system(let text), .user(let text), .assistant(let text): text.utf8.count
        case .userParts(let parts): parts.reduce(0) { $0 + $1.byteCount }
        case .toolCall(_, let name, let arguments): name.utf8.count + arguments.utf8.count
        case .toolResult(_, let output): output.utf8.count
        }
    }
}

extension LanguagePart {
    fileprivate var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .image(let image): image.url.utf8.count
        }
    }
}
