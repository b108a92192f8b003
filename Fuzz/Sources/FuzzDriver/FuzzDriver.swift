internal import CFuzzer
internal import Glibc

/// Runs libFuzzer with the program's arguments, and exits.
///
/// SwiftPM gives every executable a `main` of its own, so that of libFuzzer stays unused.
///
/// - Parameter test: Gets each input; a trap within is a find. Returns 0, or -1 for an input that
///   shall not enter the corpus.
package func runFuzzer(
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> Never {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &arguments, test))
}
