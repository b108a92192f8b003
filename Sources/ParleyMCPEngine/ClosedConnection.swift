internal import ParleyEngine
internal import ParleyJSON

/// A connection that can't be.
struct ClosedConnection: ToolConnection {
    let reason: String

    func listTools() async throws(ToolError) -> [ToolDescription] {
        throw ToolError(.http(code: 403), reason)
    }

    func call(_ name: String, arguments: JSONObject) async throws(ToolError) -> String {
        throw ToolError(.http(code: 403), reason)
    }

    func close() async {}
}
