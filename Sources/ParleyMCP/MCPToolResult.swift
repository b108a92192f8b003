package import ParleyJSON

/// The answer to `tools/call` as text, which is what language models read.
///
/// Pictures, sounds and files become a note that says what they were.
///
/// - Source: MCP 2025-11-25, "Tools", "Tool result".
package struct MCPToolResult: Sendable, Hashable {
    /// What the tool says.
    package var text: String
    /// The tool says that it failed.
    package var isError: Bool

    /// Reads a result; any object is one.
    package init(_ result: JSONObject) {
        isError = result["isError"]?.bool ?? false
        let blocks = result["content"]?.array ?? []
        var parts = blocks.compactMap(Self.text).filter { !$0.isEmpty }
        // Servers repeat what is structured as text, for clients of old.
        if parts.isEmpty, let structured = result["structuredContent"], !structured.isNull {
            parts = [structured.description]
        }
        text = parts.joined(separator: "\n")
    }

    private static func text(of block: JSON) -> String? {
        switch block["type"]?.string {
        case "text": block["text"]?.string
        case "image", "audio": note(block["type"]?.string, block, bytes: block["data"])
        case "resource": block["resource"].map(resource)
        case "resource_link":
            note("link", block, of: block["description"]?.string ?? block["name"]?.string)
        case let other: other.map { "[\($0.prefix(40))]" }
        }
    }

    private static func resource(_ resource: JSON) -> String {
        resource["text"]?.string ?? note("file", resource, bytes: resource["blob"])
    }

    /// Such as `[image image/png, 3 kB]`.
    private static func note(
        _ kind: String?,
        _ block: JSON,
        of about: String? = nil,
        bytes: JSON? = nil
    ) -> String {
        let size = bytes?.string.map { "\(($0.utf8.count * 3 / 4 + 1_023) / 1_024) kB" }
        let parts = [
            block["mimeType"]?.string, block["uri"]?.string, about, size,
        ].compactMap(\.self)
        return "[\(kind ?? "content") \(parts.joined(separator: ", "))]"
    }
}

/// A tool as a server lists it.
package struct MCPToolDescription: Sendable, Hashable {
    package var name: String
    package var description: String?
    package var inputSchema: JSON
    package var annotations: JSON?

    /// Reads an entry of a list; nil where it has no name.
    package init?(_ entry: JSON) {
        guard let name = entry["name"]?.string, !name.isEmpty else { return nil }
        self.name = name
        description = entry["description"]?.string ?? entry["title"]?.string
        let schema = entry["inputSchema"]
        inputSchema = schema?.object == nil ? ["type": "object"] : schema ?? .null
        annotations = entry["annotations"]?.object.map(JSON.object)
    }
}
