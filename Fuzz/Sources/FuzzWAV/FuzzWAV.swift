import FuzzDriver
import ParleyAudio

/// Reads the input as a WAV file, at once and in pieces.
@main
enum FuzzWAV {
    static func main() {
        runFuzzer { start, count in
            check(Array(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }
}

private func check(_ bytes: [UInt8]) {
    let whole = read(bytes, pieceLength: max(1, bytes.count))
    precondition(read(bytes, pieceLength: 7) == whole, "Cut into pieces, the samples differ")
    guard case .success(let samples) = whole else { return }
    let frame = AudioFrame(samples: samples, sampleRate: 16_000)
    let again = try? AudioFrame(wav: frame.wav)
    precondition(again == frame, "Written and read, the frame differs")
}

private func read(_ bytes: [UInt8], pieceLength: Int) -> Result<[Int16], WAVError> {
    var reader = WAVReader()
    var samples: [Int16] = []
    do throws(WAVError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieceLength)
            rest = rest.dropFirst(piece.count)
            samples += try reader.read(piece)
        }
        try reader.finish()
        return .success(samples)
    } catch {
        return .failure(error)
    }
}
