import Glibc
import ParleyNetwork
import Testing

@Suite(.timeLimit(.minutes(1))) struct SignalTests {
    @Test("A hang-up signal is delivered on the loop")
    func hangUp() async throws {
        try await withLoop { loop in
            let delivered = Gate()
            let seen = Recorded<[String]>([])
            let source = try SignalSource([.hangUp], on: loop) { signal in
                seen.update { $0.append("\(signal) \(loop.isCurrent)") }
                delivered.open()
            }
            kill(getpid(), SIGHUP)
            await delivered.wait()
            source.stop()
            #expect(seen.value == ["hangUp true"])
        }
    }

    @Test("Writing to a closed pipe is an error and not the end")
    func brokenPipe() throws {
        let loop = try EventLoop()
        defer { loop.shutDown() }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        #expect(write(ends[1], "x", 1) == -1)
        #expect(errno == EPIPE)
        close(ends[1])
    }
}
