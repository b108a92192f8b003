internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNames
internal import ParleyNetwork

/// `GET /v1/models`: the names that a session may ask for, those that are real first.
///
/// Beside the documented members an entry has `used_for`, and one that is only another name
/// `alias_of` with what it stands for.
struct ModelList: Sendable {
    let library: PipelineLibrary
    /// Unix seconds at which the server began; models here have no other birthday.
    let created: Int

    /// The list as somebody sees it who has a pipeline of their own.
    func preferring(_ pipeline: String?) -> ModelList {
        ModelList(library: library.preferring(pipeline), created: created)
    }

    /// All of them, in the shape of the list endpoint.
    var list: JSON {
        let real = models.names + recognisers.names
        let all = Self.unique(real + models.otherNames + recognisers.otherNames)
        return ["object": "list", "data": .array(all.compactMap(object).map(JSON.object))]
    }

    /// One of them, or 404; any name that stands for something is one.
    func reply(for name: String) -> HTTPReply {
        if let object = object(name) { return .json(.ok, .object(object)) }
        return .error(
            .notFound,
            "Found model \"\(name.prefix(128))\"\(models.advice(for: name))",
            code: "model_not_found",
            param: "model"
        )
    }

    private var models: NameTable { library.models }
    private var recognisers: NameTable { library.recognisers }

    private func object(_ name: String) -> JSONObject? {
        let model = models.resolve(name)
        let recogniser = recognisers.resolve(name)
        guard let target = model ?? recogniser else { return nil }
        var uses: [JSON] = []
        if model != nil { uses.append("realtime") }
        if recogniser != nil { uses.append("transcription") }
        var object: JSONObject = [
            "id": .string(name), "object": "model", "created": .integer(created),
            "owned_by": "parley", "used_for": .array(uses),
        ]
        let isReal = models.names.contains(name) || recognisers.names.contains(name)
        if !isReal { object["alias_of"] = .string(target) }
        return object
    }

    private static func unique(_ names: [String]) -> [String] {
        var kept: [String] = []
        for name in names where !kept.contains(name) { kept.append(name) }
        return kept
    }
}
