/// Finds the handler for a method and a path.
///
/// Where several patterns fit, the one with the earlier literal wins, then the one with a
/// parameter, then the one that takes the rest: the order in which routes were added does not
/// matter. GET answers HEAD too.
package struct Router<Handler> {
    /// How paths are forgiven: the one place where what was asked for is made what was meant.
    ///
    /// SDKs append paths to a base URL that people type, so `/v1//realtime`, `/v1/realtime/`,
    /// `/realtime` and `/v1/v1/realtime` happen. Forgiving works on segments that are decoded and
    /// free of dots, so no spelling of a path leads past what a pattern says.
    package struct Policy: Sendable, Hashable {
        /// Whether one slash behind a path is ignored.
        package var ignoresTrailingSlash = true
        /// Whether several slashes count as one.
        package var mergesSlashes = true
        /// Names of segments that say nothing at the front of a path, such as `v1`: patterns don't
        /// begin with them, and requests may, with up to four of them.
        package var ignoredFront: Set<String> = []

        package init() {}
    }

    /// What a request leads to.
    package enum Match {
        /// A handler, with the parameters of its pattern; a HEAD request may have led to that of
        /// GET.
        case found(Handler, RouteParameters)
        /// The path exists, for these methods; OPTIONS wants to know just that.
        case options(allow: [HTTPMethod])
        /// The path exists, but not for this method.
        case methodNotAllowed(allow: [HTTPMethod])
        case notFound
        /// The path cannot be decoded.
        case malformed
    }

    fileprivate struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var rest: Int?
        var handlers: [(method: HTTPMethod, pattern: RoutePattern, handler: Handler)] = []
    }

    /// Segments at the front that are ignored at most.
    ///
    /// Chosen: `/openai/v1` twice, one from a base URL and one from a path behind it.
    private static var ignoredCount: Int { 4 }

    private let policy: Policy
    /// A tree in an array: nodes refer to others by index; the first is the root.
    private var nodes = [Node()]

    package init(policy: Policy = Policy()) { self.policy = policy }

    /// Adds a route; a second one for the same method and shape of path replaces the first.
    package mutating func add(_ method: HTTPMethod, _ pattern: RoutePattern, _ handler: Handler) {
        var index = 0
        for segment in pattern.segments { index = child(of: index, segment) }
        nodes[index].handlers.removeAll { $0.method == method }
        nodes[index].handlers.append((method, pattern, handler))
    }

    /// Finds what a request leads to.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - rawPath: The path of its target, not yet decoded; `*` is known to OPTIONS.
    /// - Returns: The best route that has the method, or what the path allows.
    package func match(_ method: HTTPMethod, _ rawPath: String) -> Match {
        if rawPath == "*" { return method == .options ? .options(allow: allMethods) : .notFound }
        guard let path = URLPath(rawPath) else { return .malformed }
        let segments = normalized(path.segments)
        var allow: [HTTPMethod] = []
        for candidate in candidates(segments) {
            if let match = match(method, candidate, segments) { return match }
            allow += nodes[candidate].handlers.map(\.method).filter { !allow.contains($0) }
        }
        guard !allow.isEmpty else { return .notFound }
        let complete = Self.completed(allow)
        return method == .options ? .options(allow: complete) : .methodNotAllowed(allow: complete)
    }

    private func match(_ method: HTTPMethod, _ node: Int, _ segments: [String]) -> Match? {
        let handlers = nodes[node].handlers
        let exact = handlers.first { $0.method == method }
        let viaGet = method == .head ? handlers.first { $0.method == .get } : nil
        guard let route = exact ?? viaGet else { return nil }
        return .found(route.handler, RouteParameters(route.pattern, segments))
    }

    private mutating func child(of index: Int, _ segment: RoutePattern.Segment) -> Int {
        let known =
            switch segment {
            case .literal(let text): nodes[index].literals[text]
            case .parameter: nodes[index].parameter
            case .rest: nodes[index].rest
            }
        if let known { return known }
        nodes.append(Node())
        let new = nodes.count - 1
        switch segment {
        case .literal(let text): nodes[index].literals[text] = new
        case .parameter: nodes[index].parameter = new
        case .rest: nodes[index].rest = new
        }
        return new
    }

    /// All nodes with handlers that fit, best first.
    ///
    /// A parameter's and a literal's branch may both fit, so a path of n segments could visit 2ⁿ
    /// nodes; but no more than the tree has, and that is made by us.
    private func candidates(_ segments: [String]) -> [Int] {
        var found: [Int] = []
        visit(0, segments[...], into: &found)
        return found
    }

    private func visit(_ index: Int, _ rest: ArraySlice<String>, into found: inout [Int]) {
        if let first = rest.first {
            let tail = rest.dropFirst()
            if let next = nodes[index].literals[first] { visit(next, tail, into: &found) }
            if let next = nodes[index].parameter, !first.isEmpty {
                visit(next, tail, into: &found)
            }
        } else if !nodes[index].handlers.isEmpty {
            found.append(index)
        }
        if let next = nodes[index].rest { found.append(next) }
    }

    private func normalized(_ segments: [String]) -> [String] {
        var segments = segments
        if policy.mergesSlashes {
            let endsInSlash = segments.last?.isEmpty == true
            segments.removeAll(where: \.isEmpty)
            if endsInSlash, !segments.isEmpty { segments.append("") }
        }
        if policy.ignoresTrailingSlash, segments.last?.isEmpty == true { segments.removeLast() }
        let front = segments.prefix(Self.ignoredCount).prefix { policy.ignoredFront.contains($0) }
        return Array(segments.dropFirst(front.count))
    }

    private var allMethods: [HTTPMethod] {
        var methods: [HTTPMethod] = []
        for node in nodes {
            methods += node.handlers.map(\.method).filter { !methods.contains($0) }
        }
        return Self.completed(methods)
    }

    /// The methods with those that come by themselves: HEAD with GET, and OPTIONS.
    private static func completed(_ methods: [HTTPMethod]) -> [HTTPMethod] {
        var all = methods
        if all.contains(.get), !all.contains(.head) { all.append(.head) }
        if !all.contains(.options) { all.append(.options) }
        return all
    }
}

extension Router: Sendable where Handler: Sendable {}
extension Router.Node: Sendable where Handler: Sendable {}
extension Router.Match: Sendable where Handler: Sendable {}

/// What the parameters of a pattern stand for in one path, decoded.
package struct RouteParameters: Sendable, Hashable {
    private let values: [String: String]

    /// The value of a parameter; for `{name...}` the segments with slashes between them.
    package subscript(_ name: String) -> String? { values[name] }

    init(_ pattern: RoutePattern, _ segments: [String]) {
        var values: [String: String] = [:]
        for (index, segment) in pattern.segments.enumerated() {
            switch segment {
            case .literal: continue
            case .parameter(let name):
                values[name] = index < segments.count ? segments[index] : nil
            case .rest(let name):
                values[name] = segments.dropFirst(index).joined(separator: "/")
            }
        }
        self.values = values
    }
}
