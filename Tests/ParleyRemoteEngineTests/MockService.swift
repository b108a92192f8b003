import Foundation
import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyNetwork
import Synchronization
import Testing

@testable import ParleyRemoteEngine

/// `Tests/Support/mock_openai.py` in a process of its own, one for all tests; it ends when we do.
struct MockService {
    static let key = "sk-very-secret"
    /// The service, or why there is none.
    private static let shared = Result { try launch() }

    private let process: Process
    /// Closed with our process, which ends the service.
    private let input: Pipe
    let address: String
    let client: HTTPClient

    /// The running service.
    static func running() throws -> MockService { try shared.get() }

    private static func launch() throws -> MockService {
        let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "..")
        let script = tree.appending(path: "Support/mock_openai.py").standardizedFileURL
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", script.path, "--key", key]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the mock service did not start")
            line += more
        }
        let words = String(decoding: line.dropLast(), as: UTF8.self).split(separator: " ")
        let address = try #require(words.last)
        let loop = try EventLoop(name: "tests")
        return MockService(
            process: process,
            input: input,
            address: String(address),
            client: try HTTPClient(on: loop)
        )
    }

    /// A service under a token of its own: `model` is its manner of speaking, `fault` how it is
    /// broken.
    static func service(
        model: String = "mock",
        fault: String? = nil,
        clock: any Clock<Duration> = NotedClock(),
        configure: (inout RemoteEndpoint) -> Void = { _ in }
    ) throws -> RemoteService {
        let mock = try running()
        let path = ["t", UUID().uuidString, fault, "v1"].compactMap(\.self).joined(separator: "/")
        var endpoint = RemoteEndpoint(
            baseURL: try WebURL("\(mock.address)/\(path)"),
            key: Secret(key),
            model: model
        )
        configure(&endpoint)
        return RemoteService(
            name: "remote",
            endpoint: endpoint,
            clients: [mock.client],
            clock: clock
        )
    }
}

extension RemoteService {
    /// What the mock was asked by this service, oldest first.
    func requestsSeen() async throws -> [JSON] {
        try await JSON.parse(get("requests")).array ?? []
    }

    /// Lets a fault strike that waits for a word of ours.
    func tell() async throws {
        _ = try await get("tell")
    }

    private func get(_ what: String) async throws -> [UInt8] {
        let mock = try MockService.running()
        let token = endpoint.baseURL.rawPath.split(separator: "/")[1]
        let url = try WebURL("\(mock.address)/\(what)/\(token)")
        return try await mock.client.execute(HTTPClientRequest(.get, url)).collect(limit: 1 << 20)
    }
}

/// A clock whose sleeps end at once and are remembered.
final class NotedClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    let start = ContinuousClock.now
    private let sleptFor = Mutex<[Duration]>([])

    /// How long each sleep would have been.
    var sleeps: [Duration] { sleptFor.withLock(\.self) }
    var now: Instant { start }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        sleptFor.withLock { $0.append(start.duration(to: deadline)) }
    }
}
