internal import ParleyEngine
internal import ParleyNetwork

extension SessionDriver {
    /// What one response may have.
    private struct Allowance {
        /// Bytes of images.
        var byteCount: Int
        /// From then on nothing is fetched for older turns.
        let end: ContinuousClock.Instant
    }

    /// The request with every image in it that was named by a URL.
    ///
    /// The newest turn is what the answer is about, so that none is given without its images. What
    /// older turns showed may be gone by now: a remark stands for it, and the talk goes on.
    func fetchImages(of request: LanguageRequest) async throws(ImageFailure) -> LanguageRequest {
        var request = request
        var allowance = Allowance(
            byteCount: images.responseByteCount,
            end: .now + images.policy.time
        )
        let newest = request.messages.lastIndex(where: \.isOfUser)
        // Older turns get what the newest leaves.
        for index in request.messages.indices.reversed() {
            guard case .userParts(let parts) = request.messages[index] else { continue }
            let fetched =
                index == newest
                ? try await fetchAll(parts, &allowance)
                : await fetchWhatIsThere(parts, &allowance)
            request.messages[index] = .userParts(fetched)
        }
        return request
    }

    private func fetchAll(
        _ parts: [LanguagePart],
        _ allowance: inout Allowance
    ) async throws(ImageFailure) -> [LanguagePart] {
        var parts = parts
        for place in parts.indices {
            guard var image = parts[place].remoteImage else { continue }
            image.url = try await fetch(image.url, &allowance)
            parts[place] = .image(image)
        }
        return parts
    }

    private func fetchWhatIsThere(
        _ parts: [LanguagePart],
        _ allowance: inout Allowance
    ) async -> [LanguagePart] {
        var parts = parts
        for place in parts.indices.reversed() {
            guard var image = parts[place].remoteImage else { continue }
            let url = image.url
            parts[place] = .text(Self.lostImage)
            let known = images.shelf.find(url)
            guard known != .lost, known != nil || .now < allowance.end else { continue }
            do {
                image.url = try await fetch(url, &allowance)
                parts[place] = .image(image)
            } catch {
                // What was given up says nothing about the image.
                guard !Task.isCancelled else { continue }
                log.info("Image of an older turn left out", ["reason": error.reason])
                images.shelf.keep(.lost, of: url)
            }
        }
        return parts
    }

    /// What the model reads in place of an image.
    private static let lostImage = "(an image that could no longer be fetched)"

    private func fetch(
        _ url: String,
        _ allowance: inout Allowance
    ) async throws(ImageFailure) -> String {
        let data: String
        switch images.shelf.find(url) {
        case .image(let known): data = known
        case .lost, nil:
            data = try await images.call(for: url).run()
            images.shelf.keep(.image(data), of: url)
        }
        allowance.byteCount -= ImageShelf.byteCount(data)
        guard allowance.byteCount >= 0 else {
            throw ImageFailure("together with the others it is more than can be shown")
        }
        return data
    }
}

extension LanguageMessage {
    fileprivate var isOfUser: Bool {
        switch self {
        case .user, .userParts: true
        case .system, .assistant, .toolCall, .toolResult: false
        }
    }
}

extension LanguagePart {
    /// An image that is not at hand.
    fileprivate var remoteImage: LanguageImage? {
        guard case .image(let image) = self, !image.url.isData else { return nil }
        return image
    }
}
