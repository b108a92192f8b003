import FuzzDriver
import ParleyAudio

/// Reads the input as a WAV file, at once and in pieces.
@main
enum FuzzWAV {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let whole = readInAnyPieces(bytes, read)
    guard case .success(let samples) = whole else { return }
    let frame = AudioFrame(samples: samples, sampleRate: 16_000)
    let again = try? AudioFrame(wav: frame.wav)
    precondition(again == frame, "Written and read, the frame differs")
}

private func read(_ pieces: [[UInt8]]) -> Result<[Int16], WAVError> {
    var reader = WAVReader()
    var samples: [Int16] = []
    do throws(WAVError) {
        for piece in pieces { samples += try reader.read(piece) }
        try reader.finish()
        return .success(samples)
    } catch {
        return .failure(error)
    }
}
