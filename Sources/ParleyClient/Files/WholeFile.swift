internal import Glibc

/// Files that fit in memory, read and written whole.
package enum WholeFile {
    /// Why a file could not be read or written: the system's words.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where; what the system takes for a path.
    ///   - limit: Most bytes that are taken.
    /// - Returns: All bytes.
    /// - Throws: ``Failure`` that names the path.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("cannot read", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("cannot read", path)
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw Failure(
                    description: "cannot read \(path): it has more than \(limit >> 20) MiB"
                )
            }
        }
    }

    /// Writes a file, in place of what was there.
    ///
    /// - Throws: ``Failure`` that names the path; part of the file may then be written.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure("cannot write", path) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure("cannot write", path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes sure that a file can be written later, and leaves everything as it is.
    ///
    /// - Throws: ``Failure`` that names the path: its folder is missing, or it is not ours to
    ///   write.
    package static func expectWritable(_ path: String) throws(Failure) {
        if access(path, F_OK) == 0 {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
                throw Failure(description: "cannot write \(path): Is a directory")
            }
            guard access(path, W_OK) == 0 else { throw failure("cannot write", path) }
            return
        }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        guard access(String(folder), W_OK | X_OK) == 0 else {
            throw failure("cannot write", path)
        }
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure(description: "\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
