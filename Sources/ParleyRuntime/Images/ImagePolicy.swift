package import ParleyHTTP
internal import ParleyRealtime
internal import ParleySession

/// From where images may be fetched, and how much of them.
package struct ImagePolicy: Sendable {
    /// Which hosts a client's URL may lead to.
    package var rules = HostRules()
    /// Most bytes of one image.
    ///
    /// Chosen: a large photograph.
    package var byteCount = 8 << 20
    /// What ``byteCount`` may be: one image in base64 goes into a response and a conversation.
    package static let byteCounts = 1_024...(Limits().conversationImageByteCount - 1_024)
    /// For everything, up to the last byte.
    ///
    /// Chosen: the user waits for the answer meanwhile.
    package var time = Duration.seconds(10)

    /// Makes the default policy: whatever is in the internet.
    package init() {}

    /// Why an event's images can't be fetched; nil when all may be tried.
    func fault(of event: ClientEvent) -> ProtocolError? {
        switch event.body {
        case .conversationItemCreate(let item, _): return fault(of: item, param: "item")
        case .responseCreate(let options):
            for (index, input) in (options.input ?? []).enumerated() {
                guard case .item(let item) = input else { continue }
                let param = "response.input[\(index)]"
                if let error = fault(of: item, param: param) { return error }
            }
            return nil
        case .sessionUpdate, .inputAudioBufferAppend, .inputAudioBufferCommit,
            .inputAudioBufferClear, .conversationItemRetrieve, .conversationItemDelete,
            .conversationItemTruncate, .responseCancel, .outputAudioBufferClear, .testTone,
            .sessionInputAudioBufferAppend, .sessionClose:
            return nil
        }
    }

    private func fault(of item: NewItem, param: String) -> ProtocolError? {
        guard case .message(let message) = item.content else { return nil }
        for (index, part) in message.parts.enumerated() {
            guard case .inputImage(let url, _) = part, !url.isData, let reason = reason(url)
            else { continue }
            return ProtocolError(
                .invalidValue,
                "The image can't be fetched: \(reason)",
                param: "\(param).content[\(index)].image_url"
            )
        }
        return nil
    }

    private func reason(_ text: String) -> String? {
        do throws(WebURL.ParseFailure) {
            let url = try WebURL(text)
            return switch rules.fault(of: url) {
            case .unlisted: "its host is not among those that this server asks."
            case .privateAddress: "its host is on this server's machine or network."
            case nil: nil
            }
        } catch {
            return "\(error.message)."
        }
    }
}

extension String {
    /// The image is in the URL itself.
    var isData: Bool { prefix(5).lowercased() == "data:" }
}
