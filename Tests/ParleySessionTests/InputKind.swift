import ParleyRealtime

@testable import ParleySession

/// What kinds of input there are: a new one doesn't compile below before it stands here, and then
/// the tables of cells want to know what it does in each state.
enum InputKind: CaseIterable {
    case sessionUpdate, inputAudioBufferAppend, inputAudioBufferCommit, inputAudioBufferClear
    case conversationItemCreate, conversationItemRetrieve, conversationItemDelete
    case conversationItemTruncate, responseCreate, responseCancel, outputAudioBufferClear, testTone
    case sessionInputAudioBufferAppend, sessionClose
    case malformed, audio, speech
    case partialTranscription, provisionalTranscription, finalTranscription, failedTranscription
    case generatedText, toolCallStarted, toolCallArguments, finishedGeneration, failedGeneration
    case synthesizedAudio, finishedSynthesis, failedSynthesis
    case listedTools, failedTools, toolOutput, failedTool
    case writtenSummary, failedSummary
    case playout, timeout, rateLimits, evicted, shutdown, disconnected
}

extension Session.Input {
    var kind: InputKind {
        switch self {
        case .client(let event): event.body.kind
        case .malformed: .malformed
        case .audio: .audio
        case .speech: .speech
        case .transcription(_, let report): report.kind
        case .generation(_, let report): report.kind
        case .synthesis(_, .audio): .synthesizedAudio
        case .synthesis(_, .finished): .finishedSynthesis
        case .synthesis(_, .failed): .failedSynthesis
        case .tools(_, .listed): .listedTools
        case .tools(_, .failed): .failedTools
        case .toolResult(_, .output): .toolOutput
        case .toolResult(_, .failed): .failedTool
        case .summary(.written): .writtenSummary
        case .summary(.failed): .failedSummary
        case .playout: .playout
        case .timeout: .timeout
        case .rateLimits: .rateLimits
        case .evicted: .evicted
        case .shutdown: .shutdown
        case .disconnected: .disconnected
        }
    }
}

extension Session.Transcription {
    fileprivate var kind: InputKind {
        switch self {
        case .partial: .partialTranscription
        case .provisional: .provisionalTranscription
        case .final: .finalTranscription
        case .failed: .failedTranscription
        }
    }
}

extension Session.Generation {
    fileprivate var kind: InputKind {
        switch self {
        case .text: .generatedText
        case .toolCallStarted: .toolCallStarted
        case .toolCallArguments: .toolCallArguments
        case .finished: .finishedGeneration
        case .failed: .failedGeneration
        }
    }
}

extension ClientEvent.Body {
    fileprivate var kind: InputKind {
        switch self {
        case .sessionUpdate: .sessionUpdate
        case .inputAudioBufferAppend: .inputAudioBufferAppend
        case .inputAudioBufferCommit: .inputAudioBufferCommit
        case .inputAudioBufferClear: .inputAudioBufferClear
        case .conversationItemCreate: .conversationItemCreate
        case .conversationItemRetrieve: .conversationItemRetrieve
        case .conversationItemDelete: .conversationItemDelete
        case .conversationItemTruncate: .conversationItemTruncate
        case .responseCreate: .responseCreate
        case .responseCancel: .responseCancel
        case .outputAudioBufferClear: .outputAudioBufferClear
        case .testTone: .testTone
        case .sessionInputAudioBufferAppend: .sessionInputAudioBufferAppend
        case .sessionClose: .sessionClose
        }
    }
}
