import ParleyHTTP
import Testing

@testable import ParleyNetwork

/// Clients that send much at once, side by side on one loop.
@Suite(.timeLimit(.minutes(1))) struct FairnessTests {
    /// Opens its gate when two have come.
    private final class Pair: Sendable {
        private let count = Recorded(0)
        private let gate = Gate()

        func wait() async {
            count.update { $0 += 1 }
            if count.value == 2 { gate.open() }
            await gate.wait()
        }
    }

    /// The most that one client was served in a row.
    private func longestRun(_ served: [String]) -> Int {
        var (longest, run) = (1, 1)
        for (one, next) in zip(served, served.dropFirst()) {
            run = one.first == next.first ? run + 1 : 1
            longest = max(longest, run)
        }
        return longest
    }

    @Test("Requests that two clients pipeline are answered in turns")
    func pipelining() async throws {
        let served = Recorded<[String]>([])
        let both = Pair()
        let handler: HTTPHandler = { request, _, response in
            let path = request.target.rawPath
            if path.hasSuffix("1") { await both.wait() }
            served.update { $0.append(String(path.dropFirst())) }
            try await response.respond(HTTPResponse(.ok), body: Array("<\(path)>".utf8))
        }
        try await withServer(handler: handler) { test in
            for name in ["a", "b"] {
                let client = try await test.client()
                await client.send(
                    (1...4).map { "GET /\(name)\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined()
                )
            }
            while served.value.count < 8 { await Task.yield() }
        }
        #expect(served.value.count == 8)
        #expect(longestRun(served.value) == 1)
    }

    @Test("Messages that two clients send at once are delivered in turns, a few at a time")
    func messages() async throws {
        let count = 5 * Limits.messagesInARow
        let served = Recorded<[String]>([])
        let both = Pair()
        let handler = webSocketHandler { webSocket in
            while case .text(let bytes)? = try await webSocket.nextMessage() {
                let text = String(decoding: bytes, as: UTF8.self)
                if text.dropFirst() == "1" { await both.wait() }
                served.update { $0.append(text) }
            }
        }
        try await withWebSockets({ $0.servingTime = .zero }, handler: handler) { test in
            for name in ["a", "b"] {
                let (client, _) = try await openRaw(test)
                await client.send((1...count).flatMap { frame(.text, "\(name)\($0)") })
            }
            while served.value.count < 2 * count { await Task.yield() }
        }
        #expect(longestRun(served.value) <= 2 * Limits.messagesInARow)
    }

    @Test("A client that is gone is not served what it had pipelined")
    func gone() async throws {
        let served = Recorded(0)
        let started = Gate()
        let ended = Gate()
        let handler: HTTPHandler = { request, _, response in
            served.update { $0 += 1 }
            started.open()
            _ = await ended.waitForCancellation()
            try await response.respond(HTTPResponse(.ok))
        }
        try await withServer(handler: handler) { test in
            let client = try await test.client()
            let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            await client.send(String(repeating: request, count: 1_000))
            await started.wait()
            await client.reset()
            await test.server.shutDown(grace: .seconds(600))
        }
        #expect(served.value == 1)
    }
}
