import Glibc
import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct HTTPClientFailureTests {
    private func failure(
        _ path: String = "/?key=secret",
        timeouts: HTTPClientTimeouts = HTTPClientTimeouts(),
        limit: Int = 1 << 20,
        handler: @escaping HTTPHandler
    ) async throws -> NetworkError? {
        let found = Recorded<NetworkError?>(nil)
        try await withServer(handler: handler) { test in
            let url = try test.url(path)
            let error = try await self.failure(url, on: test.clientLoop, timeouts, limit)
            found.update { $0 = error }
        }
        return found.value
    }

    private func failure(
        _ url: WebURL,
        on loop: EventLoop,
        _ timeouts: HTTPClientTimeouts = HTTPClientTimeouts(),
        _ limit: Int = 1 << 20
    ) async throws -> NetworkError? {
        var configuration = HTTPClientConfiguration()
        configuration.usesEnvironmentProxy = false
        let client = try HTTPClient(on: loop, configuration: configuration)
        var request = HTTPClientRequest(.get, url)
        request.timeouts = timeouts
        request.responseLimit = limit
        var found: NetworkError?
        do throws(NetworkError) {
            let response = try await client.execute(request)
            while try await response.next() != nil {}
        } catch {
            found = error
        }
        await client.close()
        return found
    }

    @Test("Nobody at the address is a failure to connect")
    func connect() async throws {
        let error = try await withDeafAddress { address in
            let url = try WebURL("http://\(address)/?key=secret")
            return try await withLoop { loop in
                try await HTTPClientFailureTests().failure(url, on: loop)
            }
        }
        #expect(error?.kind == .connect)
        #expect(
            error?.message.wholeMatch(
                of: /cannot connect to 127\.0\.0\.1:\d+: Connection refused/
            ) != nil
        )
    }

    @Test("A name without an address is a failure to resolve")
    func resolve() async throws {
        let url = try WebURL("http://nowhere.invalid/")
        let error = try await withLoop { loop in
            try await HTTPClientFailureTests().failure(url, on: loop)
        }
        #expect(error?.kind == .resolve)
        #expect(error?.message == "cannot resolve nowhere.invalid")
    }

    @Test("A server that does not answer in time is a time-out")
    func firstByte() async throws {
        var timeouts = HTTPClientTimeouts()
        timeouts.firstByte = .milliseconds(5)
        let error = try await failure(timeouts: timeouts) { _, _, _ in
            _ = await Gate().waitForCancellation()
        }
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("did not answer") == true)
    }

    @Test("A server that stops in the middle is a time-out")
    func idle() async throws {
        var timeouts = HTTPClientTimeouts()
        timeouts.idle = .milliseconds(5)
        let error = try await failure(timeouts: timeouts) { _, _, response in
            try await response.begin(HTTPResponse(.ok))
            try await response.write([1])
            _ = await Gate().waitForCancellation()
        }
        #expect(error?.kind == .timeout)
        #expect(error?.message.contains("stopped in the middle") == true)
    }

    @Test("A response that takes too long as a whole is a time-out")
    func total() async throws {
        var timeouts = HTTPClientTimeouts()
        timeouts.total = .milliseconds(20)
        let error = try await failure(timeouts: timeouts) { _, _, response in
            try await response.begin(HTTPResponse(.ok))
            while true {
                try await response.write([1])
                await Task.yield()
            }
        }
        #expect(error?.kind == .timeout)
    }

    @Test("A server that dies in the middle of a body is a reset")
    func reset() async throws {
        struct Broken: Error {}
        let error = try await failure { _, _, response in
            try await response.begin(HTTPResponse(.ok), length: .fixed(10))
            try await response.write([1, 2])
            throw Broken()
        }
        #expect(error?.kind == .reset)
        let chunked = try await failure { _, _, response in
            try await response.begin(HTTPResponse(.ok))
            try await response.write([1, 2])
            throw Broken()
        }
        #expect(chunked?.kind == .reset)
    }

    @Test("What came before the server died is read first")
    func readsBeforeFailing() async throws {
        let (body, error) = try await answer { accepted in
            // Not closed before the request was read: that would be a reset, which takes back
            // what is under way.
            Self.readRequest(accepted.fd)
            let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab".utf8)
            write(accepted.fd, bytes, bytes.count)
        }
        #expect(body == Array("ab".utf8))
        #expect(error?.kind == .reset)
    }

    @Test("An exchange that ends after an interim answer has failed")
    func onlyInterim() async throws {
        let (body, error) = try await answer { accepted in
            Self.readRequest(accepted.fd)
            let bytes = Array("HTTP/1.1 101 Switching Protocols\r\n\r\n".utf8)
            write(accepted.fd, bytes, bytes.count)
        }
        #expect(body == [])
        #expect(error != nil)
    }

    private static func readRequest(_ descriptor: CInt) {
        var request = [UInt8](repeating: 0, count: 4_096)
        _ = Glibc.read(descriptor, &request, request.count)
    }

    /// What a client gets of a server that writes what it likes, blocking, and closes.
    private func answer(
        _ write: @escaping @Sendable (Listener.Accepted) -> Void
    ) async throws -> ([UInt8], NetworkError?) {
        // A loop of its own, for its accepted connections block it.
        let far = try EventLoop(name: "far")
        defer { far.shutDown() }
        return try await withLoop { loop in
            let listener = try Listener(
                host: "127.0.0.1",
                port: 0,
                on: far,
                log: .disabled
            ) { accepted in
                _ = fcntl(accepted.fd, F_SETFL, 0)
                write(accepted)
                close(accepted.fd)
            }
            listener.start()
            let url = try WebURL("http://\(listener.address)/")
            let answer = try await HTTPClientFailureTests().body(url, on: loop)
            listener.stop()
            return answer
        }
    }

    private func body(
        _ url: WebURL,
        on loop: EventLoop
    ) async throws -> ([UInt8], NetworkError?) {
        var configuration = HTTPClientConfiguration()
        configuration.usesEnvironmentProxy = false
        let client = try HTTPClient(on: loop, configuration: configuration)
        var body: [UInt8] = []
        var found: NetworkError?
        do throws(NetworkError) {
            let response = try await client.execute(HTTPClientRequest(.get, url))
            while let piece = try await response.next() { body += piece }
        } catch {
            found = error
        }
        await client.close()
        return (body, found)
    }

    @Test("More than was allowed is too large")
    func tooLarge() async throws {
        let error = try await failure(limit: 10) { _, _, response in
            try await response.respond(HTTPResponse(.ok), body: [UInt8](repeating: 1, count: 11))
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test(
        "Headers without end are too large, be they of a head, an interim one or trailers",
        arguments: [
            "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early Hints\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
        ]
    )
    func headersWithoutEnd(beginning: String) async throws {
        let (_, error) = try await answer { accepted in
            let field = "X-Field: " + String(repeating: "a", count: 900) + "\r\n"
            var bytes = Array(beginning.utf8)
            // Until the client has had enough.
            while write(accepted.fd, bytes, bytes.count) > 0 { bytes = Array(field.utf8) }
        }
        #expect(error?.kind == .tooLarge)
        #expect(error?.message.contains("bytes of headers") == true)
    }

    @Test("An event beyond its limit is too large")
    func eventTooLarge() async throws {
        try await withServer(handler: { _, _, response in
            try await response.respond(HTTPResponse(.ok), body: Array("data: 12345678\n\n".utf8))
        }) { test in
            var configuration = HTTPClientConfiguration()
            configuration.usesEnvironmentProxy = false
            let client = try HTTPClient(on: test.clientLoop, configuration: configuration)
            let response = try await client.execute(HTTPClientRequest(.get, try test.url("/")))
            let error = await #expect(throws: NetworkError.self) {
                for try await _ in response.events(limit: 8) {}
            }
            #expect(error?.kind == .tooLarge)
            await client.close()
        }
    }

    @Test("An answer that is no HTTP is a breach of protocol")
    func rubbish() async throws {
        let (_, error) = try await answer { accepted in
            let bytes = Array("SSH-2.0-OpenSSH\r\n\r\n".utf8)
            write(accepted.fd, bytes, bytes.count)
        }
        #expect(error?.kind == .protocolViolation)
    }

    @Test("Ending the client cancels what is under way")
    func closed() async throws {
        let started = Gate()
        try await withServer(handler: { _, _, _ in
            started.open()
            _ = await Gate().waitForCancellation()
        }) { test in
            var configuration = HTTPClientConfiguration()
            configuration.usesEnvironmentProxy = false
            let client = try HTTPClient(on: test.clientLoop, configuration: configuration)
            let url = try test.url("/")
            let task = Task { try await client.execute(HTTPClientRequest(.get, url)).status }
            await started.wait()
            await client.close()
            let outcome = await task.result
            let error = #expect(throws: NetworkError.self) { try outcome.get() }
            #expect(error?.kind == .cancelled)
        }
    }
}
