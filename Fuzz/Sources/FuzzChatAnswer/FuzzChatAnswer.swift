import FuzzDriver
import ParleyEngine
import ParleyHTTP
import ParleyJSON
import ParleyRemoteAnswers

/// Reads the input as a streamed answer of a language model, whole and cut up.
@main
enum FuzzChatAnswer {
    static func main() { runFuzzer(check) }
}

private func check(_ bytes: [UInt8]) {
    let whole = readInAnyPieces(bytes, Reading.init)
    checkCalls(whole.events)
}

/// A call is begun by its name, and whole before the next one begins.
private func checkCalls(_ events: [LanguageEvent]) {
    var isInCall = false
    for event in events {
        switch event {
        case .text(let text): precondition(!text.isEmpty, "Found a text without text")
        case .toolCallStarted(let id, let name):
            precondition(!name.isEmpty && !id.isEmpty, "Found a call without id or name")
            isInCall = true
        case .toolCallArguments: precondition(isInCall, "Found arguments without their call")
        }
    }
}

private struct Reading: Equatable {
    var events: [LanguageEvent] = []
    var result = LanguageResult()
    var failure: String?

    init(_ pieces: [[UInt8]]) {
        var stream = AnswerEvents()
        var answer = ChatAnswer(LanguageRequest(messages: [.user("x")]))
        do {
            for piece in pieces {
                var offset = 0
                while let value = try stream.next(piece.span, at: &offset) {
                    events += try answer.read(value)
                }
            }
        } catch {
            failure = "\(error)"
        }
        events += answer.finish()
        precondition(answer.finish().isEmpty, "The answer ended twice")
        result = answer.result
    }
}
