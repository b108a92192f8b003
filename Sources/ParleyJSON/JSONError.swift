/// Why a text is not JSON: where, what stood there and what could have stood there.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Bytes before the fault.
    public var offset: Int
    /// The line of the fault, counted from 1.
    public var line: Int
    /// What stands there, such as `"}"` or `the end`.
    public var found: String
    /// What could stand there, such as `a value`.
    public var expected: String

    /// Makes an error.
    public init(offset: Int, line: Int, found: String, expected: String) {
        self.offset = offset
        self.line = line
        self.found = found
        self.expected = expected
    }

    /// One sentence for people.
    public var description: String {
        "line \(line), byte \(offset): found \(found), expected \(expected)"
    }
}
