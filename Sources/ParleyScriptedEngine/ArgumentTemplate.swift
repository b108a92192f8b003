internal import ParleyJSON
internal import ParleyYAML

/// The arguments of a tool call, with gaps in its texts.
enum ArgumentTemplate: Sendable, Equatable {
    case literal(JSON)
    case text(Template)
    case list([ArgumentTemplate])
    case members([Member])

    struct Member: Sendable, Equatable {
        var key: String
        var value: ArgumentTemplate
    }

    /// Reads arguments as they are written in YAML.
    ///
    /// - Throws: ``Template/Fault`` of the first text that is no template.
    init(_ node: YAMLNode) throws(Template.Fault) {
        switch node.content {
        case .mapping(let pairs):
            var members: [Member] = []
            for pair in pairs {
                members.append(Member(key: pair.key, value: try ArgumentTemplate(pair.value)))
            }
            self = .members(members)
        case .sequence(let nodes):
            var values: [ArgumentTemplate] = []
            for node in nodes { values.append(try ArgumentTemplate(node)) }
            self = .list(values)
        case .scalar(let scalar):
            self = try Self.scalar(scalar)
        }
    }

    private static func scalar(_ scalar: YAMLScalar) throws(Template.Fault) -> ArgumentTemplate {
        switch scalar.value {
        case .null: .literal(.null)
        case .bool(let flag): .literal(.bool(flag))
        case .integer(let number): .literal(.integer(number))
        // JSON has no infinity: such a value stays the text it was written as.
        case .number(let number): .literal(number.isFinite ? .number(number) : .string(scalar.text))
        case .string(let text): .text(try Template(text))
        }
    }

    /// The highest capture that is named; 0 when none is.
    var highestCapture: Int {
        switch self {
        case .literal: 0
        case .text(let template): template.highestCapture
        case .list(let values): values.map(\.highestCapture).max() ?? 0
        case .members(let members): members.map(\.value.highestCapture).max() ?? 0
        }
    }

    /// The arguments with their gaps filled; members with nothing to say are left out.
    func fill(_ values: TemplateValues) -> JSON? {
        switch self {
        case .literal(let value): return value
        case .text(let template): return values.fill(template, reflected: false).map(JSON.string)
        case .list(let templates): return .array(templates.compactMap { $0.fill(values) })
        case .members(let members):
            var object = JSONObject()
            for member in members { object[member.key] = member.value.fill(values) }
            return .object(object)
        }
    }
}
