import FuzzDriver
import ParleyAudio

/// Reads the input as a WAV file, at once and in pieces.
@main
enum FuzzWAV {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let whole = readInAnyPieces(bytes, Reading.init)
    guard whole.failure == nil else { return }
    let frame = AudioFrame(samples: whole.samples, sampleRate: 16_000)
    let again = try? AudioFrame(wav: frame.wav)
    precondition(again == frame, "Written and read, the frame differs")
}

private struct Reading: Equatable {
    var samples: [Int16] = []
    /// Its message may quote what had come by then, and so differ.
    var failure: WAVError.Code?

    init(_ pieces: [[UInt8]]) {
        var reader = WAVReader()
        do throws(WAVError) {
            for piece in pieces { samples += try reader.read(piece) }
            try reader.finish()
        } catch {
            // What stood before a mistake in the same piece is lost with it.
            samples = []
            failure = error.code
        }
    }
}
