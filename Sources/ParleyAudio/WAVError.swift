/// Why bytes are not a WAV file that can be read.
public struct WAVError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds; an open set.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The name.
        public let rawValue: String

        /// Makes a code of this name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The bytes are something else.
        public static let notWAV = Code(rawValue: "not_wav")
        /// The bytes end before the samples begin.
        public static let truncated = Code(rawValue: "truncated")
        /// A number in the header contradicts another one or can't be.
        public static let malformed = Code(rawValue: "malformed")
        /// A WAV file in an encoding that isn't read here.
        public static let unsupported = Code(rawValue: "unsupported")
    }

    /// What kind of fault it is.
    public let code: Code
    /// What was found and what was expected.
    public let description: String

    /// Makes an error.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
