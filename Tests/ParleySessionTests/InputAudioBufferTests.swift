import Testing

@testable import ParleySession

@Suite("Input audio buffer")
struct InputAudioBufferTests {
    private func counting(_ range: Range<Int>) -> [Int16] {
        range.map { Int16(truncatingIfNeeded: $0) }
    }

    @Test("Positions count everything ever appended")
    func positions() {
        var buffer = InputAudioBuffer()
        buffer.append(counting(0..<100))
        buffer.clear()
        buffer.append(counting(100..<150))
        #expect((buffer.start, buffer.end, buffer.count) == (100, 150, 50))
    }

    @Test("Forgetting keeps what is behind, also when it happens often")
    func forget() {
        var buffer = InputAudioBuffer()
        for start in stride(from: 0, to: 60_000, by: 480) {
            buffer.append(counting(start..<(start + 480)))
            buffer.forget(before: start - 7_000)
        }
        #expect(buffer.start == 52_520)
        #expect(buffer.samples(in: 52_520..<60_000) == counting(52_520..<60_000))
    }

    @Test("Taking out gives the samples before a position and leaves the rest")
    func take() {
        var buffer = InputAudioBuffer()
        buffer.append(counting(0..<1_000))
        buffer.forget(before: 100)
        #expect(buffer.take(before: 300) == counting(100..<300))
        #expect(buffer.samples(in: 0..<9_999) == counting(300..<1_000))
    }

    @Test("Positions outside of what is kept forget nothing, or everything")
    func outside() {
        var buffer = InputAudioBuffer()
        buffer.append(counting(0..<10))
        buffer.forget(before: -5)
        #expect(buffer.count == 10)
        buffer.forget(before: 99)
        #expect((buffer.count, buffer.start, buffer.end) == (0, 10, 10))
        #expect(buffer.take(before: 5).isEmpty)
    }
}
