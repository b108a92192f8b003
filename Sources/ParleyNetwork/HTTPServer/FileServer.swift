internal import CLinux
internal import Glibc
package import ParleyHTTP

/// Serves the files below one folder, with type, entity tag and range.
///
/// No path leads out of the folder: it is walked component by component, and a symbolic link ends
/// the walk. Files are read on the loop, piece by piece; this is for a console's assets on a local
/// disk.
package final class FileServer: Sendable {
    private let root: Int32

    /// - Parameter folder: The folder; its path may be relative and may hold links.
    /// - Throws: ``SystemError`` when it is none, or may not be read.
    package init(folder: String) throws(SystemError) {
        root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw SystemError("cannot serve the folder \(folder)") }
    }

    deinit { close(root) }

    /// Answers a request for a file.
    ///
    /// - Parameters:
    ///   - request: GET or HEAD; others get 405.
    ///   - path: The path below the folder, decoded; an empty one means `index.html`.
    ///   - headers: More headers, such as `Cache-Control`.
    ///   - writer: Takes the answer; 404 for what is no readable file.
    /// - Throws: What the writer throws.
    package func respond(
        to request: HTTPRequest,
        path: URLPath,
        headers: HTTPHeaders = HTTPHeaders(),
        with writer: HTTPResponseWriter
    ) async throws {
        guard request.method == .get || request.method == .head else {
            let allowed: HTTPHeaders = [.allow: "GET, HEAD"]
            return try await writer.respond(HTTPResponse(.methodNotAllowed, headers: allowed))
        }
        let name = path.segments.isEmpty ? "index.html" : path.relativeFilePath
        guard let name, let file = OpenFile(root, name) else {
            throw HTTPFailure(.notFound, "There is no such file")
        }
        let answer = StaticContent(
            tag: file.tag,
            byteCount: file.byteCount,
            mediaType: MediaType.forFile(named: name)
        ).answer(request)
        var response = answer.response
        response.headers.add(headers)
        let range = answer.range
        try await writer.begin(response, length: .fixed(range.count))
        var position = range.lowerBound
        while request.method == .get, position < range.upperBound {
            let piece = file.read(at: position, upTo: range.upperBound)
            // A file that shrinks meanwhile breaks the answer off: its length is promised.
            guard !piece.isEmpty else { throw HTTPConnectionError.closed }
            try await writer.write(piece)
            position += piece.count
        }
        try await writer.finish()
    }
}

/// A regular file that is open for reading.
private final class OpenFile {
    private let fd: Int32
    let byteCount: Int
    /// Changes with the file's size and time of change.
    let tag: String

    init?(_ root: Int32, _ path: String) {
        let fd = clinux_open_beneath(root, path)
        guard fd >= 0 else { return nil }
        var status = stat()
        guard fstat(fd, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(fd)
            return nil
        }
        self.fd = fd
        byteCount = Int(status.st_size)
        let time = status.st_mtim
        tag = [Int(status.st_size), time.tv_sec, time.tv_nsec]
            .map { String($0, radix: 36) }.joined(separator: "-")
    }

    deinit { close(fd) }

    /// The bytes from `position` on, as many as suit; empty at the end and on failure.
    func read(at position: Int, upTo end: Int) -> [UInt8] {
        let wanted = min(Limits.readSize, end - position)
        return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            count = max(0, pread(fd, buffer.baseAddress, wanted, off_t(position)))
        }
    }
}
