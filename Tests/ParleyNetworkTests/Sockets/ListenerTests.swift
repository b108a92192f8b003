import Glibc
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
    private func listener(
        _ host: String,
        _ port: UInt16,
        _ loop: EventLoop
    ) throws(ListenError) -> Listener {
        try Listener(host: host, port: port, on: loop, log: .disabled) { close($0.fd) }
    }

    @Test("An address in use is named, with the reason")
    func inUse() throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let first = try listener("127.0.0.1", 0, loop)
        let port = first.address.port
        let error = #expect(throws: ListenError.self) { try listener("127.0.0.1", port, loop) }
        #expect(
            error?.description
                == "cannot listen on 127.0.0.1:\(port): the address is in use by another process"
        )
        first.stop()
    }

    @Test("An address that is none or not ours is named, with the reason")
    func foreign() throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let foreign = #expect(throws: ListenError.self) { try listener("192.0.2.1", 0, loop) }
        #expect(foreign?.reason == "this machine has no such address")
        let unknown = #expect(throws: ListenError.self) { try listener("nowhere.invalid", 0, loop) }
        #expect(unknown?.description.hasPrefix("cannot listen on nowhere.invalid:0: ") == true)
    }

    @Test("A double colon takes IPv6 and IPv4", arguments: ["127.0.0.1", "::1"])
    func dual(host: String) async throws {
        let accepted = Gate()
        try await withLoop { loop in
            let listener = try Listener(host: "::", port: 0, on: loop, log: .disabled) {
                close($0.fd)
                accepted.open()
            }
            listener.start()
            let target = try #require(
                try ResolvedAddress.resolve(host, port: listener.address.port).first
            )
            let fd = socket(target.family, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(fd) }
            try #require(target.withAddress { connect(fd, $0, $1) } == 0)
            await accepted.wait()
            listener.stop()
        }
    }

    @Test("Addresses print as URLs have them")
    func printed() throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        let four = try listener("127.0.0.1", 0, loop)
        #expect(four.address.description == "127.0.0.1:\(four.address.port)")
        four.stop()
        let six = try listener("::1", 0, loop)
        #expect(six.address.description == "[::1]:\(six.address.port)")
        six.stop()
    }

    @Test("A loop that ends with a connection open closes it")
    func endWithConnections() async throws {
        let clients = try EventLoop()
        defer { clients.shutDown() }
        let group = try EventLoopGroup(count: 1)
        let server = try HTTPServer(host: "127.0.0.1", port: 0, group: group, handler: echo)
        let client = try await RawClient(server.address, clients)
        await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try await client.read(until: "GET / ")
        group.shutDown()
        _ = await client.readToEnd()
        await client.close()
    }
}
