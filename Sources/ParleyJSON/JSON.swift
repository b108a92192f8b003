/// One JSON value as it stands in a text: members keep their order, whole numbers stay whole.
///
/// - Source: RFC 8259.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent that fits.
    case integer(Int)
    /// Any other number; finite and never negative zero when it was parsed.
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    /// The members of an object; nil for other values.
    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// The elements of an array; nil for other values.
    public var array: [JSON]? {
        guard case .array(let array) = self else { return nil }
        return array
    }

    /// The text of a string; nil for other values.
    public var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    /// The truth of a Boolean; nil for other values.
    public var bool: Bool? {
        guard case .bool(let bool) = self else { return nil }
        return bool
    }

    /// A whole number, also one written like `20.0` or `2e1`; nil for other values.
    public var integer: Int? {
        switch self {
        case .integer(let integer): integer
        case .number(let number): Self.wholeNumber(number)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The same number as an integer; nil where there is none.
    private static func wholeNumber(_ number: Double) -> Int? {
        // From here on a Double is not in the range of Int.
        guard number.magnitude < 0x1p63 else { return nil }
        let integer = Int(number)
        return Double(integer) == number ? integer : nil
    }

    /// Any number, whole ones too; nil for other values.
    public var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The value is `null`.
    public var isNull: Bool { self == .null }

    /// The member of an object; nil where there is no such member, or this is no object.
    public subscript(key: String) -> JSON? { object?[key] }

    /// The element of an array; nil beyond its ends, or where this is no array.
    public subscript(index: Int) -> JSON? {
        guard case .array(let array) = self, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// Takes a literal.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Takes a literal.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Takes a literal.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// Takes a literal.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Takes a literal.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// Takes the members in order; of a repeated key the last value.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(elements))
    }
}
