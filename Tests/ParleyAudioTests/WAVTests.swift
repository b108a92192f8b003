import ParleyAudio
import ParleyTesting
import Testing

/// Builds WAV files, also wrong ones.
struct WAVBuilder {
    var tag = 1
    var channelCount = 1
    var sampleRate = 16_000
    var bits = 16
    var blockAlign: Int?
    var dataByteCount: Int?
    var formatTail: [UInt8] = []
    var before: [UInt8] = []
    var after: [UInt8] = []
    var data: [UInt8] = []

    var bytes: [UInt8] {
        let align = blockAlign ?? channelCount * bits / 8
        let format =
            number(tag, 2) + number(channelCount, 2) + number(sampleRate, 4)
            + number(sampleRate * align, 4) + number(align, 2) + number(bits, 2) + formatTail
        let body =
            Array("WAVEfmt ".utf8) + number(format.count, 4) + format + before + Array("data".utf8)
            + number(dataByteCount ?? data.count, 4) + data + after
        return Array("RIFF".utf8) + number(body.count, 4) + body
    }

    func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

@Suite("WAV files that can be read")
struct WAVReadingTests {
    @Test("What was written is read back")
    func roundTrip() throws {
        let frame = AudioFrame(samples: [0, 1, -1, .max, .min], sampleRate: 22_050)
        #expect(try AudioFrame(wav: frame.wav) == frame)
    }

    @Test(
        "Each encoding gives the same samples",
        arguments: [
            (1, 8, [128, 255, 0]), (1, 16, [0, 0, 0, 0x7F, 0, 0x80]),
            (1, 24, [9, 0, 0, 9, 0, 0x7F, 9, 0, 0x80]),
            (1, 32, [9, 9, 0, 0, 9, 9, 0, 0x7F, 9, 9, 0, 0x80]),
            (3, 32, [0, 0, 0, 0, 0, 0, 0x7E, 0x3F, 0, 0, 0x80, 0xBF]),
        ] as [(Int, Int, [UInt8])]
    )
    func encodings(tag: Int, bits: Int, data: [UInt8]) throws {
        let file = WAVBuilder(tag: tag, bits: bits, data: data)
        #expect(try AudioFrame(wav: file.bytes).samples == [0, 0x7F00, .min])
    }

    @Test("G.711 is read by its law")
    func companded() throws {
        let aLaw = WAVBuilder(tag: 6, sampleRate: 8_000, bits: 8, data: [0xD5, 0x2A])
        let muLaw = WAVBuilder(tag: 7, sampleRate: 8_000, bits: 8, data: [0xFF, 0x80])
        #expect(try AudioFrame(wav: aLaw.bytes).samples == [8, -32_256])
        #expect(try AudioFrame(wav: muLaw.bytes).samples == [0, 32_124])
    }

    @Test("Not-a-number is silence and infinity full scale")
    func oddFloats() throws {
        let data: [UInt8] = [0, 0, 0xC0, 0x7F, 0, 0, 0x80, 0x7F, 0, 0, 0x80, 0xFF]
        let file = WAVBuilder(tag: 3, bits: 32, data: data)
        #expect(try AudioFrame(wav: file.bytes).samples == [0, .max, .min])
    }

    @Test("Channels are mixed to their mean")
    func stereo() throws {
        let file = WAVBuilder(channelCount: 2, data: PCM16.encode([100, 300, .min, .min]))
        #expect(try AudioFrame(wav: file.bytes).samples == [200, .min])
    }

    @Test("The extensible header names its encoding in the sub-format")
    func extensible() throws {
        let tail: [UInt8] = [22, 0, 16, 0, 4, 0, 0, 0, 1, 0] + [UInt8](repeating: 0, count: 14)
        let file = WAVBuilder(tag: 0xFFFE, formatTail: tail, data: [5, 0])
        #expect(try AudioFrame(wav: file.bytes).samples == [5])
    }

    @Test("Other chunks are skipped, odd ones with their padding")
    func otherChunks() throws {
        let list = Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
        let file = WAVBuilder(before: list, after: Array("junk".utf8), data: [5, 0])
        #expect(try AudioFrame(wav: file.bytes).samples == [5])
    }

    @Test("A length that was never filled in means to the end", arguments: [0, 0xFFFF_FFFF])
    func streamed(length: Int) throws {
        let file = WAVBuilder(dataByteCount: length, data: [5, 0, 6, 0])
        #expect(try AudioFrame(wav: file.bytes).samples == [5, 6])
    }

    @Test("A file cut in the middle of its samples gives those that are whole")
    func cutShort() throws {
        let file = WAVBuilder(dataByteCount: 1_000, data: [5, 0, 6])
        #expect(try AudioFrame(wav: file.bytes).samples == [5])
    }

    @Test("A file that comes in pieces gives the same samples", arguments: 0..<10 as Range<UInt64>)
    func pieces(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let file = WAVBuilder(
            channelCount: 2,
            bits: 24,
            before: Array("fact".utf8) + [1, 0, 0, 0, 9, 0],
            after: [1, 2, 3],
            data: random.bytes(count: 600)
        )
        var reader = WAVReader()
        let samples = try random.cut(file.bytes, into: 11).flatMap { try reader.read($0) }
        try reader.finish()
        #expect(samples == (try AudioFrame(wav: file.bytes).samples))
        #expect(reader.header?.sampleRate == 16_000)
    }
}

@Suite("WAV files that can't be read")
struct WAVErrorTests {
    @Test("Something else is named by its first bytes")
    func notWAV() {
        #expect(error(Array("OggS…".utf8)) == "found \"OggS\", expected \"RIFF\"")
        #expect(error([0, 1, 2, 3]) == #"found "\x0\x1\x2\x3", expected "RIFF""#)
        let avi = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("AVI LIST".utf8)
        #expect(error(avi) == #"found a RIFF file of kind "AVI ", expected "WAVE""#)
    }

    @Test("Nothing at all is too short")
    func empty() {
        #expect(error([]) == "found 0 bytes, expected a RIFF header of 12")
    }

    @Test("A file that ends in its header says what is missing")
    func truncated() {
        let whole = WAVBuilder(data: [1, 0]).bytes
        #expect(
            error(Array(whole.prefix(14))) == "found the end of the file, expected a format chunk"
        )
        #expect(
            error(Array(whole.prefix(36))) == "found the end of the file, expected a data chunk"
        )
    }

    @Test("An unknown encoding is named")
    func unknownEncoding() {
        let message = error(WAVBuilder(tag: 0x55, bits: 0, blockAlign: 1).bytes)
        #expect(
            message?.hasPrefix("found format tag 85 with 0 bits a sample, expected PCM") == true
        )
    }

    @Test("Impossible numbers are named")
    func impossibleNumbers() {
        #expect(error(WAVBuilder(channelCount: 0).bytes) == "found 0 channels, expected 1 to 32")
        #expect(
            error(WAVBuilder(sampleRate: 0).bytes)
                == "found a sample rate of 0 Hz, expected 1000 to 384000"
        )
        #expect(
            error(WAVBuilder(blockAlign: 7).bytes)
                == "found 7 bytes for one sample of all channels, expected 2"
        )
    }

    @Test("Samples before their format can't be read")
    func dataFirst() {
        let bytes = Array("RIFF....WAVEdata".utf8) + [2, 0, 0, 0, 1, 0]
        #expect(error(bytes) == "found the data chunk, expected the format chunk before it")
    }

    @Test("A format chunk beyond reason is refused")
    func hugeFormat() {
        let bytes = Array("RIFF....WAVEfmt ".utf8) + [0xFF, 0xFF, 0xFF, 0xFF]
        #expect(error(bytes)?.hasPrefix("found a format chunk of 4294967295 bytes") == true)
    }

    @Test("Random damage gives samples or an error", arguments: 0..<200 as Range<UInt64>)
    func damaged(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var bytes = WAVBuilder(channelCount: 2, bits: 24, data: random.bytes(count: 60)).bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.bytes(count: 1)[0]
        }
        _ = try? AudioFrame(wav: bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
    }

    private func error(_ bytes: [UInt8]) -> String? {
        do throws(WAVError) {
            _ = try AudioFrame(wav: bytes)
            return nil
        } catch {
            return error.description
        }
    }
}
