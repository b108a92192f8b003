internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRealtime

/// The JSON object in the body of a REST request.
enum RESTBody {
    /// Bytes of a body.
    ///
    /// Chosen: instructions beyond any model's context, and room for tools.
    static let byteLimit = 1 << 20

    /// Reads a body; one that is empty is an empty object.
    ///
    /// What it says that it is doesn't count: `curl -d` calls JSON a form.
    ///
    /// - Throws: ``RESTRefusal`` for what is no JSON object; ``HTTPFailure`` and others as
    ///   ``HTTPRequestBody/collect(limit:)``.
    static func read(_ body: HTTPRequestBody) async throws -> JSONObject {
        try object(try await body.collect(limit: byteLimit))
    }

    /// Reads the bytes of a body.
    static func object(_ bytes: [UInt8]) throws(RESTRefusal) -> JSONObject {
        guard !bytes.isEmpty else { return JSONObject() }
        switch parse(bytes) {
        case .success(.object(let object)): return object
        case .success:
            throw .badRequest(ProtocolError(.invalidJSON, "The body is not a JSON object."))
        case .failure(let error):
            throw .badRequest(ProtocolError(.invalidJSON, "The body is not JSON: \(error)."))
        }
    }

    private static func parse(_ bytes: [UInt8]) -> Result<JSON, JSONError> {
        Result { () throws(JSONError) in try JSON.parse(bytes) }
    }
}
