internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork

/// `GET /v1/models`: the names that a session may ask for.
struct ModelList: Sendable {
    let names: [String]
    /// Unix seconds at which the server began; models here have no other birthday.
    let created: Int

    /// All of them, in the shape of the list endpoint.
    var list: JSON {
        ["object": "list", "data": .array(names.map { .object(object($0)) })]
    }

    /// One of them, or 404.
    func reply(for name: String) -> HTTPReply {
        guard names.contains(name) else {
            return .error(
                .notFound,
                "Found model \"\(name.prefix(128))\", expected one of: "
                    + "\(names.joined(separator: ", ")).",
                code: "model_not_found",
                param: "model"
            )
        }
        return .json(.ok, .object(object(name)))
    }

    private func object(_ name: String) -> JSONObject {
        [
            "id": .string(name), "object": "model", "created": .integer(created),
            "owned_by": "parley",
        ]
    }
}
