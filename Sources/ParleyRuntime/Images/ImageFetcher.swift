internal import ParleyHTTP
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleySession

/// Fetches the images that one session's client names by URL, each once as long as there is room.
///
/// Confined to the session's loop.
struct ImageFetcher {
    let policy: ImagePolicy
    /// Most bytes of images that are fetched for one response, and then kept for the next ones: as
    /// much as the conversation may hold in data URLs.
    let responseByteCount: Int
    private let loop: EventLoop
    /// Reaches the internet and nothing else.
    private var guarded: HTTPClient?
    /// What came of URLs so far.
    var shelf: ImageShelf

    init(_ policy: ImagePolicy, responseByteCount: Int, on loop: EventLoop) {
        self.policy = policy
        self.responseByteCount = responseByteCount
        shelf = ImageShelf(limit: responseByteCount)
        self.loop = loop
    }

    /// Prepares a call for one URL; connections are the session's own, and made when first needed.
    mutating func call(for text: String) throws(ImageFailure) -> ImageCall {
        guard let url = try? WebURL(text), policy.rules.fault(of: url) == nil else {
            throw ImageFailure("its host may not be asked")
        }
        return ImageCall(client: try client(for: url), url: url, policy: policy)
    }

    /// One that may reach any address is for the host that the operator named, and no other.
    private mutating func client(for url: WebURL) throws(ImageFailure) -> HTTPClient {
        var configuration = HTTPClientConfiguration()
        configuration.demandsPublicAddresses = policy.rules.demandsPublicAddress(of: url)
        if configuration.demandsPublicAddresses, let guarded { return guarded }
        do throws(NetworkError) {
            let client = try HTTPClient(on: loop, configuration: configuration)
            if configuration.demandsPublicAddresses { guarded = client }
            return client
        } catch {
            throw ImageFailure(error)
        }
    }

    /// Ends all connections.
    func close() async {
        await guarded?.close()
    }
}

/// One image to fetch.
struct ImageCall: Sendable {
    let client: HTTPClient
    let url: WebURL
    let policy: ImagePolicy

    /// - Returns: The image as a data URL.
    func run() async throws(ImageFailure) -> String {
        let (status, bytes) = try await fetch()
        guard status == 200 else {
            throw ImageFailure("its host answered with status \(status)")
        }
        guard let header = ImageHeader(bytes) else {
            throw ImageFailure("what came is no PNG, JPEG, GIF or WebP image")
        }
        return ImageURL.data(header.type, bytes)
    }

    private func fetch() async throws(ImageFailure) -> (status: Int, bytes: [UInt8]) {
        do throws(NetworkError) {
            let response = try await client.execute(request)
            // Of a refusal nothing is of interest.
            guard response.status.code == 200 else { return (response.status.code, []) }
            return (200, try await response.collect(limit: policy.byteCount))
        } catch {
            throw ImageFailure(error)
        }
    }

    private var request: HTTPClientRequest {
        var request = HTTPClientRequest(.get, url, headers: [.accept: "image/*"])
        request.timeouts.total = policy.time
        request.timeouts.firstByte = policy.time
        request.responseLimit = policy.byteCount + 1
        return request
    }
}

/// Why an image can't be shown to the model, in words for the client that named it.
struct ImageFailure: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// What the network says may name addresses: those of this network are nobody's business.
    init(_ error: NetworkError) {
        reason =
            switch error.kind {
            case .timeout: "its host did not answer in time"
            case .tooLarge: "it is larger than this server takes"
            case .forbidden: "its host is on this server's machine or network"
            case .resolve, .connect, .tls, .reset, .protocolViolation, .refused, .cancelled:
                "its host can't be reached"
            }
    }

    /// What the session is told.
    var failure: Session.EngineFailure {
        Session.EngineFailure(
            code: "image_unavailable",
            message: "An image could not be fetched: \(reason)."
        )
    }
}
