internal import ParleyEngine

extension SessionDriver {
    /// The request with every image in it that was named by a URL.
    func fetchImages(of request: LanguageRequest) async throws(ImageFailure) -> LanguageRequest {
        var request = request
        var byteCount = 0
        for index in request.messages.indices {
            guard case .userParts(var parts) = request.messages[index] else { continue }
            for place in parts.indices {
                guard case .image(var image) = parts[place], !image.url.isData else { continue }
                image.url = try await fetch(image.url)
                byteCount += image.url.utf8.count
                guard byteCount <= ImagePolicy.responseByteCount else {
                    throw ImageFailure("together with the others it is more than can be shown")
                }
                parts[place] = .image(image)
            }
            request.messages[index] = .userParts(parts)
        }
        return request
    }

    private func fetch(_ url: String) async throws(ImageFailure) -> String {
        if let known = images.known(url) { return known }
        let call = try images.call(for: url)
        let data = try await call.run()
        images.keep(data, from: url)
        return data
    }
}
