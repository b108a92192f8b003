internal import ParleyJSON

/// Invents values that fit a JSON Schema, for a call that must be made and that no rule describes.
///
/// It knows the keywords that say which values are allowed and follows references inside the
/// schema; what a schema demands beyond that (patterns, conditions) is not solved.
struct SchemaExample {
    private let root: JSON
    /// What a plain text is filled with: most tools are asked about what the user just said.
    private let text: String

    /// Chosen: schemas of tools are a few levels deep, and one may contain itself.
    private static let depthLimit = 12
    /// Chosen: entries of a list that demands many.
    private static let entryLimit = 16

    init(_ root: JSON, text: String) {
        self.root = root
        self.text = text.isEmpty ? "example" : text
    }

    /// An object with all required members; those that are given are kept, where the schema knows
    /// them.
    func arguments(given: JSONObject) -> JSONObject {
        var object = JSONObject()
        let schema = resolved(root)
        let known = schema["properties"]?.object
        for member in given.members where known == nil || known?[member.key] != nil {
            object[member.key] = member.value
        }
        for key in requiredKeys(of: schema) where object[key] == nil {
            object[key] = value(of: known?[key] ?? .null, depth: 1)
        }
        return object
    }

    private func requiredKeys(of schema: JSON) -> [String] {
        schema["required"]?.array?.compactMap(\.string) ?? []
    }

    private func value(of schema: JSON, depth: Int) -> JSON {
        guard depth < Self.depthLimit else { return .null }
        let schema = resolved(schema)
        if let fixed = schema["const"] ?? schema["default"] { return fixed }
        if let first = schema["enum"]?[0] ?? schema["examples"]?[0] { return first }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[keyword]?[0] { return value(of: first, depth: depth + 1) }
        }
        switch typeName(of: schema) {
        case "object": return object(of: schema, depth: depth)
        case "array": return array(of: schema, depth: depth)
        case "integer": return .integer(Int(exactly: number(of: schema).rounded(.up)) ?? 1)
        case "number": return .number(number(of: schema))
        case "boolean": return .bool(true)
        case "null": return .null
        default: return .string(string(of: schema))
        }
    }

    private func typeName(of schema: JSON) -> String? {
        if let name = schema["type"]?.string { return name }
        let names = schema["type"]?.array?.compactMap(\.string) ?? []
        if let name = names.first(where: { $0 != "null" }) { return name }
        return schema["properties"] == nil ? names.first : "object"
    }

    /// Follows `#/$defs/…`; other references are taken as "anything".
    private func resolved(_ schema: JSON) -> JSON {
        guard let reference = schema["$ref"]?.string, reference.hasPrefix("#/") else {
            return schema
        }
        var found: JSON? = root
        for step in reference.dropFirst(2).split(separator: "/") { found = found?[String(step)] }
        // One step only: a reference to a reference is not followed, so that none can circle.
        return found ?? .null
    }

    private func object(of schema: JSON, depth: Int) -> JSON {
        var object = JSONObject()
        for key in requiredKeys(of: schema) {
            let property = schema["properties"]?[key] ?? .null
            object[key] = value(of: property, depth: depth + 1)
        }
        return .object(object)
    }

    private func array(of schema: JSON, depth: Int) -> JSON {
        let count = min(max(schema["minItems"]?.integer ?? 0, 0), Self.entryLimit)
        guard count > 0 else { return .array([]) }
        let entry = value(of: schema["items"] ?? .null, depth: depth + 1)
        return .array(Array(repeating: entry, count: count))
    }

    private func number(of schema: JSON) -> Double {
        if let least = schema["minimum"]?.number { return least }
        if let bound = schema["exclusiveMinimum"]?.number { return bound + 1 }
        if let most = schema["maximum"]?.number { return min(1, most) }
        return 1
    }

    private func string(of schema: JSON) -> String {
        switch schema["format"]?.string {
        case "date": return "2026-01-01"
        case "time": return "12:00:00Z"
        case "date-time": return "2026-01-01T12:00:00Z"
        case "email": return "someone@example.com"
        case "uri", "url": return "https://example.com/"
        case "uuid": return "00000000-0000-4000-8000-000000000000"
        default: break
        }
        let most = schema["maxLength"]?.integer ?? text.count
        return String(text.prefix(max(0, most)))
    }
}
