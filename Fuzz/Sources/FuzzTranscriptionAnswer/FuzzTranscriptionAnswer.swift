import FuzzDriver
import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyRemoteAnswers

/// Reads the input as the answer of a recogniser: as events, whole and cut up, and as one object.
@main
enum FuzzTranscriptionAnswer {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let whole = readInAnyPieces(bytes, Reading.init)
    for partial in whole.partials {
        precondition(
            (0...partial.text.utf8.count).contains(partial.stableByteCount),
            "Beyond the text"
        )
    }
    guard let object = try? JSON.parse(bytes) else { return }
    var answer = TranscriptionAnswer(TranscriptionOptions(language: "en", wantsLogprobs: true))
    guard (try? answer.read(whole: object)) != nil else { return }
    precondition(answer.isFinished, "A whole answer is not finished")
    precondition(answer.transcript.text.first?.isWhitespace != true, "The text is not trimmed")
}

private struct Reading: Equatable {
    var partials: [PartialTranscript] = []
    var transcript = Transcript(text: "")
    var failure: String?

    init(_ pieces: [[UInt8]]) {
        var stream = AnswerEvents()
        var answer = TranscriptionAnswer(TranscriptionOptions(language: "en", wantsLogprobs: true))
        do {
            for piece in pieces where !answer.isFinished {
                var offset = 0
                while !answer.isFinished, let value = try stream.next(piece.span, at: &offset) {
                    if let partial = try answer.read(value) { partials.append(partial) }
                }
            }
        } catch {
            failure = "\(error)"
        }
        transcript = answer.transcript
    }
}
