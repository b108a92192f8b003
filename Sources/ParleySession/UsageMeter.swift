internal import ParleyRealtime

/// Counts the tokens of one response.
///
/// Text counts as the model reports it; where it doesn't, four bytes of UTF-8 are a token. Audio
/// counts by its length, as on the reference server: the user's one token for 100 ms, the
/// assistant's one for 50 ms. Speech is counted as audio, and its transcript as part of the text
/// that the model reports.
///
/// - Source: Realtime protocol, "Usage".
struct UsageMeter: Sendable, Equatable {
    private var usage = Usage()
    private var isReported = false
    /// Bytes of text and arguments that the model wrote.
    private(set) var outputByteCount = 0
    private var outputSampleCount = 0

    /// Samples of a token of the user's speech: 100 ms.
    private static let userTokenLength = 2_400
    /// Samples of a token of the assistant's speech: 50 ms.
    private static let assistantTokenLength = 1_200
    private static let bytesPerToken = 4

    /// The model was handed this.
    mutating func countInput(_ request: Session.GenerationRequest, _ context: ModelContext) {
        let entries = request.context.reduce(0) { $0 + Self.tokens($1.byteCount) }
        usage.inputText = Self.tokens(request.instructions.utf8.count) + entries
        let (user, assistant) = context.speechSampleCounts
        usage.inputAudio =
            user.reduce(0) { $0 + Self.quotient($1, Self.userTokenLength) }
            + assistant.reduce(0) { $0 + Self.quotient($1, Self.assistantTokenLength) }
    }

    /// The model wrote this.
    mutating func countOutput(_ text: String) {
        outputByteCount += text.utf8.count
    }

    /// This much was spoken.
    mutating func countSpeech(_ sampleCount: Int) {
        outputSampleCount += sampleCount
    }

    /// The model counted for itself.
    mutating func takeReport(_ result: Session.GenerationResult) {
        isReported = true
        if let tokens = result.inputTokens { usage.inputText = Self.plausible(tokens) }
        if let tokens = result.cachedTokens {
            usage.cachedText = min(max(0, tokens), usage.inputText)
        }
        if let tokens = result.outputTokens { usage.outputText = Self.plausible(tokens) }
    }

    /// A service may report anything; sums of these can't overflow.
    private static func plausible(_ tokens: Int) -> Int {
        min(max(0, tokens), 1 << 40)
    }

    /// Tokens so far; zeros when nothing was produced and nothing reported.
    var total: Usage {
        guard isReported || outputByteCount > 0 else { return Usage() }
        var total = usage
        if total.outputText == 0 { total.outputText = Self.tokens(outputByteCount) }
        total.outputAudio = Self.quotient(outputSampleCount, Self.assistantTokenLength)
        return total
    }

    /// An estimate of the tokens that this many bytes of text make.
    static func tokens(_ byteCount: Int) -> Int {
        quotient(byteCount, bytesPerToken)
    }

    private static func quotient(_ count: Int, _ divisor: Int) -> Int {
        (count + divisor - 1) / divisor
    }
}

extension Session.ContextEntry {
    /// Bytes of text.
    var byteCount: Int {
        switch self {
        case .system(let text), .user(let text), .assistant(let text): text.utf8.count
        case .functionCall(let call): call.name.utf8.count + call.arguments.utf8.count
        case .functionCallOutput(_, let output): output.utf8.count
        }
    }
}
