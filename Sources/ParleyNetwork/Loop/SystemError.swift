internal import Glibc

/// A refusal by the operating system: what was tried, and its own words why not.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What could not be done.
    package let action: String
    /// The `errno` of the refusal.
    package let code: Int32

    /// Takes the calling thread's `errno` unless told another.
    package init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    package var description: String { "\(action): \(Self.text(code))" }

    static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
            as: UTF8.self
        )
    }
}
