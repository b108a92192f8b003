/// One place in a JSON value, which may be absent, with the path that leads there.
///
/// Going down never fails; asking for a type does, with an error that names the place as the wire
/// does.
///
/// ```swift
/// let text = try JSONReader(event)["item"]["content"].elements()[0]["text"].string()
/// // item.content[0].text: missing
/// ```
public struct JSONReader: Sendable {
    /// What stands here; nil where nothing does.
    public let value: JSON?
    /// From the root, such as `item.content[0].text`; empty at the root.
    public let path: String

    /// Starts at a value.
    ///
    /// - Parameters:
    ///   - value: What is to be read.
    ///   - path: What stands before the paths of its members.
    public init(_ value: JSON?, path: String = "") {
        self.value = value
        self.path = path
    }

    /// The member of an object; absent where the object has none, or where there is no object.
    public subscript(key: String) -> JSONReader {
        JSONReader(value?[key], path: path.isEmpty ? key : "\(path).\(key)")
    }

    /// Nothing stands here.
    public var isAbsent: Bool { value == nil }
    /// `null` stands here.
    public var isNull: Bool { if case .null? = value { true } else { false } }
    /// The place itself where a value other than `null` stands, else nil.
    ///
    /// So `try reader["name"].present?.string()` is a string that may be left out.
    public var present: JSONReader? { isAbsent || isNull ? nil : self }

    // MARK: Types

    /// A string.
    ///
    /// - Parameter maximumLength: Longest allowed, in Unicode scalars.
    /// - Returns: The text.
    /// - Throws: ``JSONReadError``
    public func string(maximumLength: Int = .max) throws(JSONReadError) -> String {
        guard case .string(let string) = try required(.string) else { throw mismatch(.string) }
        // Scalars are at most bytes: most strings needn't be counted.
        if string.utf8.count > maximumLength, string.unicodeScalars.count > maximumLength {
            throw JSONReadError(path, .tooLong(maximum: maximumLength))
        }
        return string
    }

    /// A Boolean.
    ///
    /// - Throws: ``JSONReadError``
    public func boolean() throws(JSONReadError) -> Bool {
        guard case .bool(let bool) = try required(.boolean) else { throw mismatch(.boolean) }
        return bool
    }

    /// A whole number, also one written like `20.0`.
    ///
    /// - Parameter range: What is allowed.
    /// - Returns: The number.
    /// - Throws: ``JSONReadError``
    public func integer(in range: ClosedRange<Int> = .min ... .max) throws(JSONReadError) -> Int {
        let value = try required(.integer)
        guard let integer = value.integer else {
            // A Double as large as this is whole, but beyond every range.
            if case .number(let number) = value, number.magnitude >= 0x1p63 {
                throw outOfRange(isBelow: number < 0, "\(range.lowerBound)", "\(range.upperBound)")
            }
            throw mismatch(.integer)
        }
        guard range.contains(integer) else {
            let isBelow = integer < range.lowerBound
            throw outOfRange(isBelow: isBelow, "\(range.lowerBound)", "\(range.upperBound)")
        }
        return integer
    }

    /// Any number.
    ///
    /// - Parameter range: What is allowed.
    /// - Returns: The number.
    /// - Throws: ``JSONReadError``
    public func number(
        in range: ClosedRange<Double> = -.infinity ... .infinity
    ) throws(JSONReadError) -> Double {
        guard let number = try required(.number).number else { throw mismatch(.number) }
        guard range.contains(number) else {
            throw unexpected(expected: "\(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The elements of an array, with their paths.
    ///
    /// - Parameter maximumCount: Most elements allowed.
    /// - Returns: A reader for each element.
    /// - Throws: ``JSONReadError``
    public func elements(maximumCount: Int = .max) throws(JSONReadError) -> [JSONReader] {
        guard case .array(let array) = try required(.array) else { throw mismatch(.array) }
        guard array.count <= maximumCount else {
            throw JSONReadError(
                path,
                .value(found: "\(array.count) elements", expected: "at most \(maximumCount)")
            )
        }
        return array.enumerated().map { JSONReader($1, path: "\(path)[\($0)]") }
    }

    /// The members of an object.
    ///
    /// - Throws: ``JSONReadError``
    public func object() throws(JSONReadError) -> JSONObject {
        guard case .object(let object) = try required(.object) else { throw mismatch(.object) }
        return object
    }

    /// A string that is one of the raw values.
    ///
    /// - Throws: ``JSONReadError``
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        of choices: Choice.Type = Choice.self
    ) throws(JSONReadError) -> Choice {
        let name = try string()
        guard let choice = Choice(rawValue: name) else {
            throw unexpected(expected: Choice.allCases.map { "'\($0.rawValue)'" })
        }
        return choice
    }

    // MARK: Errors

    /// Fails if an object has a member that is none of these.
    ///
    /// - Throws: ``JSONReadError`` for the first one.
    public func refuseMembers(otherThan known: [String]) throws(JSONReadError) {
        guard case .object(let object) = value else { return }
        for member in object.members where !known.contains(member.key) {
            throw JSONReadError(self[member.key].path, .unknownMember)
        }
    }

    /// The error that says that this value is none of those expected here.
    public func unexpected(expected: [String]) -> JSONReadError {
        let list =
            expected.count > 1 ? "one of " + expected.joined(separator: ", ") : expected.first
        return unexpected(expected: list ?? "no value")
    }

    /// The error that says that this value is not what is expected here.
    public func unexpected(expected: String) -> JSONReadError {
        JSONReadError(path, .value(found: brief, expected: expected))
    }

    private func required(_ kind: JSONKind) throws(JSONReadError) -> JSON {
        guard let value else { throw JSONReadError(path, .missing(kind)) }
        return value
    }

    /// The error that says that the value here is of another type.
    public func mismatch(_ kind: JSONKind) -> JSONReadError {
        guard let value else { return JSONReadError(path, .missing(kind)) }
        return JSONReadError(path, .kind(found: JSONKind(of: value), expected: kind))
    }

    private func outOfRange(isBelow: Bool, _ minimum: String, _ maximum: String) -> JSONReadError {
        JSONReadError(
            path,
            isBelow
                ? .belowMinimum(found: brief, minimum: minimum)
                : .aboveMaximum(found: brief, maximum: maximum)
        )
    }

    /// The value as far as a message may show it.
    private var brief: String {
        switch value {
        case nil: "nothing"
        case .string(let text)?:
            text.unicodeScalars.count > Self.briefLength
                ? "'\(String(text.unicodeScalars.prefix(Self.briefLength)))…'" : "'\(text)'"
        case .object?: "an object"
        case .array?: "an array"
        case .null?, .bool?, .integer?, .number?: value?.description ?? ""
        }
    }

    /// Characters of a stranger's text that a message repeats, chosen.
    private static let briefLength = 40
}
