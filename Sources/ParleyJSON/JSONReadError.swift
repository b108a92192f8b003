/// What kind of value stands or should stand in a place.
public enum JSONKind: String, Sendable, CustomStringConvertible {
    case null, boolean, integer, number, string, array, object

    /// The kind of a value.
    public init(of value: JSON) {
        self =
            switch value {
            case .null: .null
            case .bool: .boolean
            case .integer: .integer
            case .number: .number
            case .string: .string
            case .array: .array
            case .object: .object
            }
    }

    /// With its article, for messages.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean, .number, .string: "a \(rawValue)"
        case .integer, .array, .object: "an \(rawValue)"
        }
    }
}

/// A value that is JSON but not what is expected in its place.
public struct JSONReadError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Sendable, Hashable {
        case missing(JSONKind)
        case kind(found: JSONKind, expected: JSONKind)
        case value(found: String, expected: String)
        case belowMinimum(found: String, minimum: String)
        case aboveMaximum(found: String, maximum: String)
        case tooLong(maximum: Int)
        case keyTooLong(maximum: Int)
        case unknownMember
    }

    /// Where, such as `item.content[0].text`.
    public var path: String
    /// What is wrong there.
    public var problem: Problem

    /// Makes an error.
    public init(_ path: String, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }

    /// One sentence for people: the place, what was found, what was expected.
    public var description: String {
        let place = path.isEmpty ? "The value" : "'\(path)'"
        return switch problem {
        case .missing(let kind): "\(place) is missing: expected \(kind)."
        case .kind(let found, let expected): "\(place) is \(found): expected \(expected)."
        case .value(let found, let expected): "\(place) is \(found): expected \(expected)."
        case .belowMinimum(let found, let minimum):
            "\(place) is \(found): expected at least \(minimum)."
        case .aboveMaximum(let found, let maximum):
            "\(place) is \(found): expected at most \(maximum)."
        case .tooLong(let maximum): "\(place) is too long: expected at most \(maximum) characters."
        case .keyTooLong(let maximum):
            "\(place) has a key that is too long: expected at most \(maximum) characters."
        case .unknownMember: "\(place) is not known here."
        }
    }
}
