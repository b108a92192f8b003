internal import Glibc

/// A new file or folder in `/tmp`, which whoever made it removes.
enum ScratchPath {
    /// Makes a folder that only this user may read.
    ///
    /// - Throws: ``BenchError`` with the system's reason.
    static func folder() throws(BenchError) -> String {
        var template = template
        guard mkdtemp(&template) != nil else { throw failure("folder") }
        return text(template)
    }

    /// Makes a file that only this user may read.
    ///
    /// - Returns: Its path and its open descriptor.
    /// - Throws: ``BenchError`` with the system's reason.
    static func file() throws(BenchError) -> (path: String, descriptor: Int32) {
        var template = template
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("file") }
        return (text(template), descriptor)
    }

    /// The system puts letters of its choice in place of the last six.
    private static var template: [CChar] {
        Array(("/tmp/parley-bench-" + String(repeating: "X", count: 6)).utf8CString)
    }

    private static func text(_ path: [CChar]) -> String {
        String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func failure(_ what: String) -> BenchError {
        BenchError("cannot make a \(what) in /tmp: \(String(cString: strerror(errno)))")
    }
}
