internal import ParleySession
internal import Synchronization

/// The stored prompts of this server; replaced as a whole when the configuration is read again.
///
/// A session takes the catalog with it that is there when it begins.
final class PromptShelf: Sendable {
    private let current: Mutex<PromptCatalog>

    /// Puts prompts on the shelf.
    init(_ catalog: PromptCatalog = PromptCatalog()) {
        current = Mutex(catalog)
    }

    /// What sessions that begin now may name.
    var catalog: PromptCatalog { current.withLock { $0 } }

    /// Takes other prompts.
    ///
    /// - Returns: Whether they differ from those before.
    func replace(_ catalog: PromptCatalog) -> Bool {
        current.withLock { current in
            defer { current = catalog }
            return catalog != current
        }
    }
}
