import ParleyNetwork

/// Runs `body` as a task of a fresh loop, which ends afterwards.
func withLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> Value
) async throws -> Value {
    let loop = try EventLoop(name: "test")
    defer { loop.shutDown() }
    return try await Task(executorPreference: loop) { try await body(loop) }.value
}
