import Foundation
import ParleyHTTP
import ParleyNetwork
import Testing

@Suite(.timeLimit(.minutes(1))) struct FileServerTests {
    /// A folder with files, and a secret beside it.
    private final class Folder: Sendable {
        let outer = FileManager.default.temporaryDirectory
            .appending(path: "parley-files-\(UUID().uuidString)")
        var root: String { outer.appending(path: "root").path }

        init() throws {
            let manager = FileManager.default
            try manager.createDirectory(
                atPath: root + "/sub",
                withIntermediateDirectories: true
            )
            try Data("secret".utf8).write(to: outer.appending(path: "secret.txt"))
            try Data("<p>hello</p>".utf8).write(to: URL(filePath: root + "/index.html"))
            try Data("0123456789".utf8).write(to: URL(filePath: root + "/sub/digits.txt"))
            try manager.createSymbolicLink(
                atPath: root + "/link.txt",
                withDestinationPath: "../secret.txt"
            )
            try manager.createSymbolicLink(atPath: root + "/out", withDestinationPath: "..")
        }

        deinit { try? FileManager.default.removeItem(at: outer) }
    }

    private func get(
        _ target: String,
        _ method: String = "GET",
        _ headers: String = ""
    ) async throws -> String {
        let folder = try Folder()
        let files = try FileServer(folder: folder.root)
        let answer = Recorded("")
        try await withServer(handler: { request, _, response in
            guard let path = URLPath(request.target.rawPath) else {
                throw HTTPFailure(.badRequest, "No path")
            }
            try await files.respond(to: request, path: path, with: response)
        }) { test in
            let client = try await test.client()
            await client.send(
                "\(method) \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(headers)\r\n"
            )
            let all = await client.readToEnd()
            answer.update { $0 = all }
        }
        return answer.value
    }

    @Test("A file is served with type, length and tag; the root is its index")
    func whole() async throws {
        let index = try await get("/")
        #expect(index.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(index.contains("Content-Type: text/html; charset=utf-8\r\n"))
        #expect(index.contains("ETag: \""))
        #expect(index.hasSuffix("Content-Length: 12\r\nConnection: close\r\n\r\n<p>hello</p>"))
        #expect(try await get("/sub/digits.txt").hasSuffix("\r\n\r\n0123456789"))
    }

    @Test("A range of a file is served as such")
    func range() async throws {
        let answer = try await get("/sub/digits.txt", "GET", "Range: bytes=2-4\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 206 "))
        #expect(answer.contains("Content-Range: bytes 2-4/10\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n234"))
    }

    @Test("HEAD gets no body, other methods are not allowed")
    func methods() async throws {
        let head = try await get("/sub/digits.txt", "HEAD")
        #expect(head.contains("Content-Length: 10\r\n"))
        #expect(head.hasSuffix("\r\n\r\n"))
        let post = try await get("/sub/digits.txt", "POST")
        #expect(post.hasPrefix("HTTP/1.1 405 "))
        #expect(post.contains("Allow: GET, HEAD\r\n"))
    }

    @Test(
        "No path leads out of the folder, and a folder is no file",
        arguments: [
            "/../secret.txt", "/%2e%2e/secret.txt", "/sub/../../secret.txt", "/..%2fsecret.txt",
            "/link.txt", "/out/secret.txt", "/sub", "/sub/", "//etc/passwd", "/nothing",
            "/sub/digits.txt/x", "/sub%00/digits.txt",
        ]
    )
    func traversal(target: String) async throws {
        let answer = try await get(target)
        #expect(answer.hasPrefix("HTTP/1.1 404 ") || answer.hasPrefix("HTTP/1.1 400 "))
        #expect(!answer.contains("secret\n") && !answer.hasSuffix("secret"))
    }

    @Test("A folder that is none is named")
    func missing() throws {
        let error = #expect(throws: SystemError.self) { try FileServer(folder: "/nowhere") }
        #expect(error?.description == "cannot serve the folder /nowhere: No such file or directory")
    }
}
