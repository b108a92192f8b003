import Glibc
import Testing

@testable import ParleyNetwork

/// Lends an address at which nobody listens, and nobody else can begin to meanwhile.
func withDeafAddress<Value>(_ body: (SocketAddress) async throws -> Value) async throws -> Value {
    let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(fd) }
    let loopback = try #require(try ResolvedAddress.resolve("127.0.0.1", port: 0).first)
    try #require(loopback.withAddress { bind(fd, $0, $1) } == 0)
    return try await body(try #require(SocketAddress.local(of: fd)))
}
