internal import ParleyJSON

/// The pages of a list of tools that have come so far.
struct MCPToolPages: Sendable {
    private(set) var tools: [MCPToolDescription] = []
    private var cursors: Set<String> = []
    private var byteCount = 0

    /// Takes a page.
    ///
    /// - Parameters:
    ///   - page: The result of `tools/list`.
    ///   - limits: The bounds.
    /// - Returns: Where the next page begins; nil at the end.
    /// - Throws: `MCPFailure` for what is no page, and for lists without end.
    mutating func take(_ page: JSONObject, _ limits: MCPLimits) throws(MCPFailure) -> String? {
        guard let entries = page["tools"]?.array else {
            throw .violation("The server answered with no list of tools.")
        }
        byteCount += entries.reduce(0) { $0 + $1.serialized().count }
        guard byteCount <= limits.listByteCount else {
            throw .violation("The server's list of tools is larger than allowed.")
        }
        tools += entries.compactMap(MCPToolDescription.init)
        guard tools.count <= limits.toolCount else {
            throw .violation("The server lists more than \(limits.toolCount) tools.")
        }
        guard let cursor = page["nextCursor"]?.string else { return nil }
        guard cursors.insert(cursor).inserted, cursors.count < limits.pageCount else {
            throw .violation("The server's list of tools has no end.")
        }
        return cursor
    }
}
