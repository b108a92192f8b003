internal import CFuzzer
internal import Glibc

/// What inputs are given to; libFuzzer calls a function that can capture nothing.
private nonisolated(unsafe) var test: ([UInt8]) -> Void = { _ in }

/// Runs libFuzzer with the program's arguments, and exits.
///
/// SwiftPM gives every executable a `main` of its own, so that of libFuzzer stays unused.
///
/// - Parameter check: Gets each input; a trap within is a find.
package func runFuzzer(_ check: @escaping ([UInt8]) -> Void) -> Never {
    test = check
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    let status = LLVMFuzzerRunDriver(&count, &arguments) { start, count in
        test(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
    exit(status)
}

/// Reads an input at once and once more in pieces, whose length its last byte chooses.
///
/// - Parameters:
///   - bytes: The input.
///   - read: Reads it, piece by piece; traps where something can't be.
/// - Returns: What was read, which does not depend on the cuts.
package func readInAnyPieces<Reading: Equatable>(
    _ bytes: [UInt8],
    _ read: ([[UInt8]]) -> Reading
) -> Reading {
    let whole = read([bytes])
    let length = Int(bytes.last ?? 1) % 7 + 1
    let pieces = stride(from: 0, to: bytes.count, by: length).map { start in
        Array(bytes[start..<min(start + length, bytes.count)])
    }
    precondition(read(pieces) == whole, "Cut into pieces of \(length), the result differs")
    return whole
}
