public import ParleyJSON

extension MCPCallError: JSONWritable {
    /// Writes the object by its type.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            switch self {
            case .protocolViolation(let code, let message):
                $0.member("type", "protocol_error")
                $0.member("code", code)
                $0.member("message", message)
            case .toolExecution(let message):
                $0.member("type", "tool_execution_error")
                $0.member("message", message)
            case .http(let code, let message):
                $0.member("type", "http_error")
                $0.member("code", code)
                $0.member("message", message)
            }
        }
    }
}
