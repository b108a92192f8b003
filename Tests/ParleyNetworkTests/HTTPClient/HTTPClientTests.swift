import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    /// Gives `body` a client on the test's client loop.
    private func withClient(
        handler: @escaping HTTPHandler,
        _ body: @escaping @Sendable (HTTPClient, TestServer) async throws -> Void
    ) async throws {
        try await withServer(handler: handler) { test in
            var configuration = HTTPClientConfiguration()
            configuration.usesEnvironmentProxy = false
            let client = try HTTPClient(on: test.clientLoop, configuration: configuration)
            do {
                try await body(client, test)
            } catch {
                await client.close()
                throw error
            }
            await client.close()
        }
    }

    @Test("A request carries method, target, headers and body, and the response comes back")
    func exchange() async throws {
        try await withClient(handler: { request, body, response in
            let content = String(decoding: try await body.collect(limit: 100), as: UTF8.self)
            let seen =
                "\(request.method) \(request.target) \(request.headers["x-a"] ?? "") \(content)"
            let headers: HTTPHeaders = ["X-B": "b", "X-Empty": ""]
            try await response.respond(
                HTTPResponse(.created, headers: headers),
                body: Array(seen.utf8)
            )
        }) { client, test in
            let request = HTTPClientRequest(
                .put,
                try test.url("/p?q=1"),
                headers: ["X-A": "a"],
                body: Array("body".utf8)
            )
            let response = try await client.execute(request)
            #expect(response.status == .created)
            #expect(response.headers["x-b"] == "b")
            #expect(response.headers["x-empty"] == "")
            let text = String(decoding: try await response.collect(limit: 100), as: UTF8.self)
            #expect(text == "PUT /p?q=1 a body")
        }
    }

    @Test(
        "HEAD and an empty POST are framed as they should be",
        arguments: ["HEAD", "POST", "GET"]
    )
    func bodiless(method: String) async throws {
        let seen = Recorded<HTTPRequest?>(nil)
        try await withClient(handler: { request, _, response in
            seen.update { $0 = request }
            try await response.respond(HTTPResponse(.ok), body: Array("x".utf8))
        }) { client, test in
            let method = try #require(HTTPMethod(method))
            let body: [UInt8]? = method == .post ? [] : nil
            let response = try await client.execute(
                HTTPClientRequest(method, try test.url("/"), body: body)
            )
            let content = try await response.collect(limit: 10)
            #expect(content.isEmpty == (method == .head))
        }
        #expect(seen.value?.method.name == method)
        #expect(seen.value?.bodyLength == HTTPBodyLength.none)
        #expect(seen.value?.headers[.contentType] == nil)
    }

    @Test("Requests in sequence share one connection")
    func keepAlive() async throws {
        try await withClient(handler: echo) { client, test in
            for index in 0..<20 {
                let response = try await client.execute(
                    HTTPClientRequest(.get, try test.url("/\(index)"))
                )
                _ = try await response.collect(limit: 100)
            }
            #expect(test.server.connectionCount == 1)
        }
    }

    @Test("A client can be used from a task of no loop")
    func fromOutside() async throws {
        try await withClient(handler: echo) { client, test in
            let url = try test.url("/x")
            let text = try await Task.detached {
                let response = try await client.execute(HTTPClientRequest(.get, url))
                return String(decoding: try await response.collect(limit: 100), as: UTF8.self)
            }.value
            #expect(text == "GET /x ")
        }
    }

    @Test("An upload of a megabyte goes out without waiting for leave")
    func largeUpload() async throws {
        let expectation = Recorded<String?>(nil)
        try await withClient(handler: { request, body, response in
            expectation.update { $0 = request.headers[.expect] }
            let count = try await body.collect(limit: 4 << 20).count
            try await response.respond(HTTPResponse(.ok), body: Array("\(count)".utf8))
        }) { client, test in
            let boundary = MultipartBoundary(random: (1, 2))
            var form = MultipartBuilder(boundary)
            form.add("model", "whisper")
            form.add(
                "file",
                fileName: "a.wav",
                mediaType: "audio/wav",
                [UInt8](repeating: 7, count: 1 << 20)
            )
            let response = try await client.execute(
                HTTPClientRequest(posting: form, to: try test.url("/up"))
            )
            let count = Int(String(decoding: try await response.collect(limit: 100), as: UTF8.self))
            #expect(try #require(count) > 1 << 20)
        }
        #expect(expectation.value == nil)
    }

    @Test("Redirects are answers like others")
    func redirect() async throws {
        try await withClient(handler: { _, _, response in
            try await response.respond(HTTPResponse(HTTPStatus(302), headers: [.location: "/x"]))
        }) { client, test in
            let response = try await client.execute(HTTPClientRequest(.get, try test.url("/")))
            #expect(response.status.code == 302)
        }
    }

    @Test("Server-sent events arrive one by one, while the stream goes on")
    func events() async throws {
        let gate = Gate()
        try await withClient(handler: { _, _, response in
            try await response.begin(
                HTTPResponse(.ok, headers: [.contentType: "text/event-stream"])
            )
            try await response.write(Array("data: one\n\nda".utf8))
            await gate.wait()
            try await response.write(Array("ta: two\n\n".utf8))
            try await response.finish()
        }) { client, test in
            let response = try await client.execute(HTTPClientRequest(.get, try test.url("/")))
            var seen: [String] = []
            for try await event in response.events() {
                seen.append(event.data)
                gate.open()
            }
            #expect(seen == ["one", "two"])
        }
    }

    @Test("A stream that is cancelled midway ends at once, here and at the server")
    func cancelledStream() async throws {
        let serverEnded = Gate()
        let first = Gate()
        try await withClient(handler: { _, _, response in
            defer { serverEnded.open() }
            try await response.begin(HTTPResponse(.ok))
            try await response.write(Array("data: one\n\n".utf8))
            _ = await Gate().waitForCancellation()
        }) { client, test in
            let url = try test.url("/")
            let task = Task {
                let response = try await client.execute(HTTPClientRequest(.get, url))
                for try await _ in response.events() { first.open() }
            }
            await first.wait()
            task.cancel()
            let outcome = await task.result
            #expect(throws: NetworkError.self) { try outcome.get() }
            await serverEnded.wait()
        }
    }

    @Test("Letting a response go ends the exchange")
    func dropped() async throws {
        let serverEnded = Gate()
        try await withClient(handler: { _, _, response in
            defer { serverEnded.open() }
            try await response.begin(HTTPResponse(.ok))
            _ = await Gate().waitForCancellation()
        }) { client, test in
            _ = try await client.execute(HTTPClientRequest(.get, try test.url("/")))
            await serverEnded.wait()
        }
    }

    @Test("A task that is already cancelled sends nothing")
    func cancelledBefore() async throws {
        try await withClient(handler: echo) { client, test in
            let url = try test.url("/")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await client.execute(HTTPClientRequest(.get, url)).status
            }
            let outcome = await task.result
            let error = #expect(throws: NetworkError.self) { try outcome.get() }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test("A slow reader slows the server down, and loses nothing")
    func backpressure() async throws {
        let total = 32_000_000
        let written = Recorded(0)
        try await withClient(handler: { _, _, response in
            try await response.begin(HTTPResponse(.ok), length: .fixed(total))
            for _ in 0..<(total / 100_000) {
                try await response.write([UInt8](repeating: 1, count: 100_000))
                written.update { $0 += 100_000 }
            }
        }) { client, test in
            let response = try await client.execute(HTTPClientRequest(.get, try test.url("/")))
            var count = 0
            while let piece = try await response.next() {
                // What is written and not read lies in two buffers of the kernel and two of ours.
                #expect(written.value - count < 20_000_000)
                count += piece.count
            }
            #expect(count == total)
        }
    }
}
