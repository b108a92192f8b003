internal import Glibc
package import ParleyEngine

/// Reads files of models.
package enum FileBytes {
    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: Where it is.
    ///   - maximumByteCount: The most that is read.
    /// - Returns: Its bytes.
    /// - Throws: ``EngineError/Fault/load``, with the file's name and the system's reason.
    package static func read(
        _ path: String,
        maximumByteCount: Int
    ) throws(EngineError) -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw EngineError(.load, "\(path) can't be opened: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= maximumByteCount {
            let count = fread(&chunk, 1, chunk.count, file)
            bytes += chunk.prefix(count)
            guard count < chunk.count else { continue }
            guard ferror(file) == 0 else {
                throw EngineError(
                    .load,
                    "\(path) can't be read: \(String(cString: strerror(errno)))"
                )
            }
            return bytes
        }
        throw EngineError(.load, "\(path) has more than \(maximumByteCount) bytes")
    }

    /// Checks that a file is there and not empty.
    ///
    /// - Throws: ``EngineError/Fault/load``, with the file's name and what is wrong with it.
    package static func requireFile(_ path: String) throws(EngineError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw EngineError(.load, "\(path) is missing: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            throw EngineError(.load, "\(path) is empty or not a file")
        }
        guard access(path, R_OK) == 0 else {
            throw EngineError(.load, "\(path) can't be read: \(String(cString: strerror(errno)))")
        }
    }
}
