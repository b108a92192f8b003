import ParleyAudio
import Testing

@Suite("G.711")
struct G711Tests {
    static let codes = Array(UInt8.min...UInt8.max)
    static let samples = Array(Int16.min...Int16.max)

    @Test("µ-law levels are those of the recommendation's table")
    func muLawTable() {
        // Codes as on the wire, and decoder outputs of table 2a at 16 bits.
        let rows: [(UInt8, Int16)] = [
            (0x80, 32_124), (0x8F, 16_764), (0x9F, 8_316), (0xAF, 4_092), (0xBF, 1_980),
            (0xCF, 924), (0xDF, 396), (0xEF, 132), (0xFE, 8), (0xFF, 0),
            (0x00, -32_124), (0x6F, -132), (0x7E, -8), (0x7F, 0),
        ]
        #expect(G711.decodeMuLaw(rows.map(\.0)) == rows.map(\.1))
    }

    @Test("A-law levels are those of the recommendation's table")
    func aLawTable() {
        let rows: [(UInt8, Int16)] = [
            (0xAA, 32_256), (0xD5, 8), (0x55, -8), (0x2A, -32_256), (0xC5, 264), (0x45, -264),
        ]
        #expect(G711.decodeALaw(rows.map(\.0)) == rows.map(\.1))
    }

    @Test("Every sample gets the µ-law code in whose decision interval it lies")
    func muLawIntervals() {
        let codes = G711.encodeMuLaw(Self.samples)
        let levels = G711.decodeMuLaw(Self.codes)
        let misplaced = zip(Self.samples, codes).filter { sample, code in
            // The last interval has no end: what is louder is clipped.
            let halfStep = 4 << Int(~code >> 4 & 7)
            let isLast = code == 0x80 || code == 0x00
            let excess = Int(sample.magnitude) - Int(levels[Int(code)].magnitude)
            let isOnSide = sample < 0 ? code < 0x80 : code >= 0x80
            return !isOnSide || excess < -halfStep || (excess >= halfStep && !isLast)
        }
        #expect(misplaced.isEmpty)
    }

    @Test("Every sample gets the A-law code in whose decision interval it lies")
    func aLawIntervals() {
        let codes = G711.encodeALaw(Self.samples)
        let levels = G711.decodeALaw(Self.codes)
        let misplaced = zip(Self.samples, codes).filter { sample, code in
            let halfStep = 8 << max(0, Int((code ^ 0x55) >> 4 & 7) - 1)
            // Negative intervals mirror the positive ones: -1 is to them what 0 is to the others.
            let magnitude = Int(sample < 0 ? ~sample : sample)
            let excess = magnitude - Int(levels[Int(code)].magnitude)
            let isOnSide = (sample < 0) == (levels[Int(code)] < 0)
            return !isOnSide || !(-halfStep..<halfStep).contains(excess)
        }
        #expect(misplaced.isEmpty)
    }

    @Test("Every µ-law code but the negative zero comes back from its own level")
    func muLawRoundTrip() {
        let codes = Self.codes.filter { $0 != 0x7F }
        #expect(G711.encodeMuLaw(G711.decodeMuLaw(codes)) == codes)
    }

    @Test("Every A-law code comes back from its own level")
    func aLawRoundTrip() {
        #expect(G711.encodeALaw(G711.decodeALaw(Self.codes)) == Self.codes)
    }

    @Test("Sequences that aren't one run of memory are read too")
    func lazySequences() {
        let lazily = Self.codes.lazy.reversed().map { $0 }
        #expect(G711.decodeALaw(lazily) == G711.decodeALaw(Array(Self.codes.reversed())))
        #expect(G711.decodeMuLaw([UInt8]()).isEmpty)
    }
}
