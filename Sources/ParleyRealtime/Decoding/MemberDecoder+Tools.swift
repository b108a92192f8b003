internal import ParleyJSON

extension MemberDecoder {
    private enum ToolType: String, CaseIterable {
        case function, mcp
    }

    /// The list of tools.
    ///
    /// - Parameters:
    ///   - reader: An array.
    ///   - isResponse: A response may name a server of the session by its label alone.
    /// - Returns: The tools.
    /// - Throws: ``JSONReadError`` for the first one that is wrong.
    func tools(_ reader: JSONReader, isResponse: Bool = false) throws(JSONReadError) -> [Tool] {
        var tools: [Tool] = []
        var labels: Set<String> = []
        var byteCount = 0
        for element in try reader.elements(maximumCount: WireLimit.toolCount) {
            _ = try element.object()
            switch try element["type"].present?.choice(of: ToolType.self) {
            // The published schema has the type as optional.
            case .function, nil:
                let function = try function(element)
                byteCount += function.byteCount
                tools.append(.function(function))
            case .mcp:
                let tool = try MCPToolDecoder(isStrict: isStrict, isResponse: isResponse)
                    .tool(element)
                guard labels.insert(tool.serverLabel).inserted else {
                    throw element["server_label"].unexpected(expected: "a label of its own")
                }
                byteCount += element.value?.serialized().count ?? 0
                tools.append(.mcp(tool))
            }
            try reader.refuse(bytesAbove: WireLimit.toolsByteCount, found: byteCount)
        }
        return tools
    }

    /// Functions may stand as chat completions have them: beta's choice does, and some of its
    /// clients' tools.
    private var takesNested: Bool { !isStrict || dialect.isBeta }

    /// Flat as GA has it, or inside `function` as chat completions have it.
    private func function(_ tool: JSONReader) throws(JSONReadError) -> FunctionTool {
        let nested = try tool.group("function")
        let isNested = nested.present != nil && takesNested
        let function = isNested ? nested : tool
        let known = ["name", "description", "parameters"]
        if isStrict {
            try tool.refuseMembers(otherThan: isNested ? ["type", "function"] : known + ["type"])
            if isNested { try nested.refuseMembers(otherThan: known) }
        }
        return FunctionTool(
            name: try function["name"].name(),
            description: try function["description"].present?.string(),
            parameters: try function.group("parameters").present?.value
        )
    }

    // MARK: Choice

    func toolChoice(_ reader: JSONReader) throws(JSONReadError) -> ToolChoice {
        if case .string(let name)? = reader.value {
            switch name {
            case "auto": return .auto
            case "none": return .none
            case "required": return .required
            default:
                throw reader.unexpected(expected: ["'auto'", "'none'", "'required'", "an object"])
            }
        }
        _ = try reader.object()
        switch try reader["type"].choice(of: ToolType.self) {
        case .function:
            let nested = try reader.group("function")
            let isNested = nested.present != nil && takesNested
            if isStrict {
                try reader.refuseMembers(otherThan: ["type", isNested ? "function" : "name"])
            }
            return .function(name: try (isNested ? nested : reader)["name"].name())
        case .mcp:
            if isStrict { try reader.refuseMembers(otherThan: ["type", "server_label", "name"]) }
            let label = try reader["server_label"].name()
            return .mcp(serverLabel: label, name: try reader["name"].present?.name())
        }
    }
}
