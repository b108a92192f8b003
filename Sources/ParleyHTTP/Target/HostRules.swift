/// Which hosts a URL from outside may lead to, as far as its text tells.
///
/// What a name resolves to is judged where the connection is made, by the same rule.
package struct HostRules: Sendable, Hashable {
    /// Addresses of this machine and of local networks may be reached.
    package var allowsPrivateAddresses = false
    /// When there are any, only these hosts may be reached, and wherever they lead.
    ///
    /// Each is `host`, `host:port` or `*.domain`.
    package var hosts: [String] = []

    /// Makes rules that let the internet be reached and nothing else.
    package init() {}

    /// The operator named this host.
    package func names(_ url: WebURL) -> Bool {
        hosts.contains { Self.matches($0, url) }
    }

    /// The address that the host leads to must be public.
    package func demandsPublicAddress(of url: WebURL) -> Bool {
        !allowsPrivateAddresses && !names(url)
    }

    /// Why a URL may not be used; nil when it may.
    package func fault(of url: WebURL) -> Fault? {
        if !hosts.isEmpty { return names(url) ? nil : .unlisted }
        guard demandsPublicAddress(of: url) else { return nil }
        if let address = IPAddress(url.host) { return address.isPublic ? nil : .privateAddress }
        let isLocal = url.host == "localhost" || url.host.hasSuffix(".localhost")
        return isLocal ? .privateAddress : nil
    }

    /// Why a URL may not be used.
    package enum Fault: Sendable, Hashable {
        /// There is a list, and the host isn't on it.
        case unlisted
        /// It leads to this machine or a local network.
        case privateAddress
    }

    /// A text names hosts as ``hosts`` has them.
    package static func isPattern(_ text: String) -> Bool {
        guard text.hasPrefix("*.") else { return Authority(text) != nil }
        return Authority(text.dropFirst(2)).map { $0.port == nil } ?? false
    }

    private static func matches(_ pattern: String, _ url: WebURL) -> Bool {
        let pattern = pattern.lowercased()
        if pattern.hasPrefix("*.") { return url.host.hasSuffix(pattern.dropFirst()) }
        guard let authority = Authority(pattern) else { return false }
        return authority.host == url.host && (authority.port ?? url.port) == url.port
    }
}
