package import ParleyJSON

/// One message of JSON-RPC.
///
/// - Source: JSON-RPC 2.0; MCP, "Base protocol".
package enum RPCMessage: Sendable, Hashable {
    /// Somebody wants an answer. The id is a text or a number.
    case request(id: JSON, method: String, params: JSONObject)
    case notification(method: String, params: JSONObject)
    case result(id: JSON, JSONObject)
    /// The id is null where the request could not be read.
    case error(id: JSON, RPCError)

    /// Reads a message, or a batch of them, as servers of 2025-03-26 may send.
    ///
    /// - Parameter bytes: One JSON value.
    /// - Returns: The messages; nil when one of them is none.
    package static func messages(in bytes: [UInt8]) -> [RPCMessage]? {
        var limits = JSON.Limits()
        limits.valueCount = valueCount
        guard let value = try? JSON.parse(bytes, limits: limits) else { return nil }
        guard case .array(let batch) = value else { return RPCMessage(value).map { [$0] } }
        let messages = batch.compactMap(RPCMessage.init)
        return messages.count == batch.count && !messages.isEmpty ? messages : nil
    }

    /// Values of one answer.
    ///
    /// Chosen: tables of ten thousand rows, and lists of hundreds of tools, come as text and again
    /// as JSON; to read so many takes a tenth of a second, and only servers that a client named
    /// are read at all.
    private static let valueCount = 250_000

    /// Reads a message; nil when it is none.
    package init?(_ value: JSON) {
        guard let object = value.object, object["jsonrpc"] == "2.0" else { return nil }
        let id = object["id"]
        if let method = object["method"]?.string {
            let params = object["params"]?.object ?? JSONObject()
            guard let id else {
                self = .notification(method: method, params: params)
                return
            }
            guard Self.isIdentifier(id) else { return nil }
            self = .request(id: id, method: method, params: params)
        } else if let result = object["result"]?.object, let id, Self.isIdentifier(id) {
            self = .result(id: id, result)
        } else if let error = object["error"]?.object, let code = error["code"]?.integer {
            let message = error["message"]?.string ?? ""
            self = .error(id: id ?? .null, RPCError(code: code, message: message))
        } else {
            return nil
        }
    }

    private static func isIdentifier(_ value: JSON) -> Bool {
        switch value {
        case .string, .integer, .number: true
        case .null, .bool, .array, .object: false
        }
    }

    /// The message as it is sent.
    package var bytes: [UInt8] {
        var object: JSONObject = ["jsonrpc": "2.0"]
        switch self {
        case .request(let id, let method, let params):
            object["id"] = id
            object["method"] = .string(method)
            object["params"] = .object(params)
        case .notification(let method, let params):
            object["method"] = .string(method)
            if !params.isEmpty { object["params"] = .object(params) }
        case .result(let id, let result):
            object["id"] = id
            object["result"] = .object(result)
        case .error(let id, let error):
            object["id"] = id
            object["error"] = ["code": .integer(error.code), "message": .string(error.message)]
        }
        return object.serialized()
    }
}

/// Why a request was refused.
package struct RPCError: Sendable, Hashable {
    package var code: Int
    package var message: String

    /// Makes an error.
    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    /// - Source: JSON-RPC 2.0, section 5.1.
    package static let methodNotFound = RPCError(code: -32_601, message: "Method not found")
    package static let invalidRequest = -32_600
    package static let internalError = -32_603
}
