internal import ParleyRealtime
internal import ParleySession

/// What a session promises about images: a model that sees is shown what the client has shown, and
/// nothing else; one that doesn't is shown none.
struct ImagePromises: Sendable {
    /// The session's model sees.
    var isSeeing = true
    private var shown: Set<String> = []

    mutating func take(_ input: Session.Input) {
        guard case .client(let event) = input else { return }
        switch event.body {
        case .conversationItemCreate(let item, _): note(item)
        case .responseCreate(let options):
            for case .item(let item) in options.input ?? [] { note(item) }
        default: break
        }
    }

    private mutating func note(_ item: NewItem) {
        guard case .message(let message) = item.content else { return }
        for case .inputImage(let url, _) in message.parts { shown.insert(url) }
    }

    func take(_ effect: Session.Effect) -> [String] {
        guard case .startGeneration(_, let request) = effect else { return [] }
        var broken: [String] = []
        for case .userParts(let parts) in request.context {
            for case .image(let image) in parts {
                if !isSeeing { broken.append("who can't see is shown nothing") }
                if !shown.contains(image.url) { broken.append("only what was shown is seen") }
            }
        }
        return broken
    }
}
