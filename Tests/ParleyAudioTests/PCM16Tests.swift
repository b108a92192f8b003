import ParleyAudio
import ParleyTesting
import Testing

@Suite("PCM16")
struct PCM16Tests {
    @Test("The low byte comes first")
    func byteOrder() {
        #expect(PCM16.encode([0x1234, -2]) == [0x34, 0x12, 0xFE, 0xFF])
        #expect(PCM16.decode([0x34, 0x12, 0xFE, 0xFF]) == [0x1234, -2])
    }

    @Test("All samples survive being written and read")
    func roundTrip() {
        let samples = Array(Int16.min...Int16.max)
        #expect(PCM16.decode(PCM16.encode(samples)) == samples)
    }

    @Test("A last odd byte is left out")
    func oddByte() {
        #expect(PCM16.decode([1, 0, 9]) == [1])
    }

    @Test("Bytes cut anywhere give the same samples", arguments: 0..<20 as Range<UInt64>)
    func cutAnywhere(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let bytes = random.bytes(count: 501)
        var decoder = PCM16.Decoder()
        let samples = random.cut(bytes, into: 5).flatMap { decoder.decode($0) }
        #expect(samples == PCM16.decode(bytes))
        #expect(decoder.carry == bytes.last)
    }

    @Test("An empty piece leaves half a sample in place")
    func emptyPiece() {
        var decoder = PCM16.Decoder()
        #expect(decoder.decode([7]).isEmpty)
        #expect(decoder.decode([UInt8]()).isEmpty)
        #expect(decoder.decode([1]) == [0x0107])
        #expect(decoder.carry == nil)
    }

    @Test("Reset forgets half a sample")
    func reset() {
        var decoder = PCM16.Decoder()
        _ = decoder.decode([7])
        decoder.reset()
        #expect(decoder.decode([1, 0]) == [1])
    }
}
