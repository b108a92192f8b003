/// A pause of a speaker, who may go on.
public struct SpeechPause: Sendable {
    /// Where the audio before the pause ends, as the session counts.
    public let position: Int
    private let pause: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    /// Begins a pause.
    public init(position: Int) {
        self.position = position
        (pause, continuation) = AsyncStream.makeStream()
    }

    /// Says that the speaker went on.
    public func end() {
        continuation.finish()
    }

    /// Does work that is only of use if the speaker doesn't go on; at most once for each pause.
    ///
    /// - Parameter work: Cancelled when he does, or when the task is.
    /// - Returns: What came of the work; nil when it was cancelled.
    public func attempt<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(EngineError) -> Value
    ) async -> Result<Value, EngineError>? {
        await withTaskGroup(of: Result<Value, EngineError>?.self) { group in
            group.addTask {
                do throws(EngineError) { return .success(try await work()) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                for await _ in pause {}
                return nil
            }
            let first = await group.next() ?? nil
            // The group waits for the other one's end.
            group.cancelAll()
            return first
        }
    }
}
