import FuzzDriver
import ParleyAudio
import ParleyRemoteAnswers

/// Reads the input as the audio of a voice service, in both formats, whole and cut up.
@main
enum FuzzSpeechAnswer {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    for format in SpeechFormat.allCases { _ = readInAnyPieces(bytes) { Reading($0, format) } }
}

private struct Reading: Equatable {
    var samples: [Int16] = []
    var sampleRate: Int?
    var failure: WAVError.Code?

    init(_ pieces: [[UInt8]], _ format: SpeechFormat) {
        var decoder = SpeechDecoder(format)
        do throws(WAVError) {
            for piece in pieces {
                guard let frame = try decoder.decode(piece) else { continue }
                let rates = Resampler.supportedRates
                precondition(rates.contains(frame.sampleRate), "A rate that nobody can resample")
                precondition(!frame.samples.isEmpty, "Found a frame without samples")
                precondition(sampleRate ?? frame.sampleRate == frame.sampleRate, "The rate changed")
                samples += frame.samples
                sampleRate = frame.sampleRate
            }
            try decoder.finish()
        } catch {
            failure = error.code
            // What stood before a mistake in the same piece is lost with it.
            (samples, sampleRate) = ([], nil)
        }
        precondition(decoder.hasSamples || samples.isEmpty, "Samples were not noticed")
    }
}
