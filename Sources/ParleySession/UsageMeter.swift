internal import ParleyJSON
internal import ParleyRealtime

/// Counts the tokens of one response.
///
/// The input counts as soon as the model has produced anything; a response that ends before that
/// used nothing. The output is what went out to the client: text that was written to be spoken and
/// was never spoken, because the response was broken off, costs nothing.
///
/// Images count by their size (``ImageTokens``), and what the model reports beyond that is text.
/// Text counts as the model reports it, or of a part that went out the part of the report; where
/// the model doesn't report, four bytes of UTF-8 are a token. Audio counts by its length, as on the
/// reference server: the user's one token for 100 ms, the assistant's one for 50 ms. Speech is
/// counted as audio, and its transcript as part of the text that the model reports.
///
/// The model keeps `max_output_tokens` by itself as far as text goes; the text and audio of a
/// spoken answer together are kept below it here.
///
/// - Source: Realtime protocol, "Usage"; "Barge-in over WebSocket" for the response that produced
///   nothing.
struct UsageMeter: Sendable, Equatable {
    private var usage = Usage()
    private var reportedOutput: Int?
    private var isReported = false
    /// Most tokens of a spoken answer; nil for no limit.
    private let limit: Int?
    /// Bytes of text and arguments that the model wrote.
    private(set) var outputByteCount = 0
    /// Bytes of them that wait to be spoken.
    private var heldBackByteCount = 0
    private var speechSampleCount = 0
    private var openClause = OpenClause()
    private var isSpoken = false

    /// Samples of a token of the user's speech: 100 ms.
    private static let userTokenLength = 2_400
    /// Samples of a token of the assistant's speech: 50 ms.
    private static let assistantTokenLength = 1_200
    /// Tokens of audio to one of its text: a quarter of a second, four characters.
    private static let audioTokensPerText = 5
    /// Text of a token, in bytes, where the model doesn't count.
    private static let estimatedBytesPerToken = 4

    init(limit: OutputTokenLimit = .infinite) {
        switch limit {
        case .infinite: self.limit = nil
        case .tokens(let count): self.limit = count
        }
    }

    /// The model was handed this.
    mutating func countInput(_ request: Session.GenerationRequest, _ context: ModelContext) {
        let entries = request.context.reduce(0) { $0 + Self.tokens($1.byteCount) }
        usage.inputText =
            Self.tokens(request.instructions.utf8.count) + Self.tokens(of: request.tools) + entries
        usage.inputImage = request.context.reduce(0) { $0 + $1.imageTokenCount }
        let (user, assistant) = context.speechSampleCounts
        usage.inputAudio =
            user.reduce(0) { $0 + Self.quotient($1, Self.userTokenLength) }
            + assistant.reduce(0) { $0 + Self.quotient($1, Self.assistantTokenLength) }
    }

    /// The model wrote this.
    mutating func countOutput(_ text: String) {
        outputByteCount += text.utf8.count
    }

    /// The clause that is being spoken: its text went out as a whole, its sound did not yet.
    struct OpenClause: Sendable, Equatable {
        /// Of its text.
        var byteCount = 0
        /// Samples that were spoken before it.
        var start = 0
    }

    /// This much of the answer was spoken so far, and this many bytes of its text were not.
    mutating func countSpeech(
        _ sampleCount: Int,
        heldBack byteCount: Int,
        in clause: OpenClause
    ) {
        isSpoken = true
        speechSampleCount = sampleCount
        heldBackByteCount = byteCount
        openClause = clause
    }

    /// The model counted for itself.
    mutating func accept(_ result: Session.GenerationResult) {
        isReported = true
        if let tokens = result.inputTokens {
            usage.inputText = max(0, Self.plausible(tokens) - usage.inputImage)
        }
        if let tokens = result.cachedTokens {
            usage.cachedText = min(max(0, tokens), usage.inputText)
        }
        reportedOutput = result.outputTokens.map(Self.plausible)
    }

    /// A service may report anything; sums and products of these can't overflow.
    private static func plausible(_ tokens: Int) -> Int {
        min(max(0, tokens), 1 << 32)
    }

    /// Tokens so far; zeros when nothing was produced and nothing reported.
    var total: Usage {
        guard isReported || outputByteCount > 0 else { return Usage() }
        var total = usage
        total.outputText = outputText
        total.outputAudio = Self.quotient(speechSampleCount, Self.assistantTokenLength)
        // A report that comes late may be more than the estimate that speech was cut by.
        if let limit, isSpoken {
            total.outputText = min(total.outputText, max(0, limit - total.outputAudio))
        }
        return total
    }

    /// Samples that may still be spoken; nil for as many as there are.
    ///
    /// The text of the clause that is being spoken counts as it is spoken, a token in a quarter of
    /// a second: else a long clause would use the limit up before anything of it is heard.
    var speechRoom: Int? {
        guard let limit else { return nil }
        let sent = max(0, outputByteCount - heldBackByteCount)
        let before = textTokens(max(0, sent - openClause.byteCount))
        let open = textTokens(sent) - before
        let room = (limit - before) * Self.assistantTokenLength - openClause.start
        let ofClause = max(
            room * Self.audioTokensPerText / (Self.audioTokensPerText + 1),
            room - open * Self.assistantTokenLength
        )
        return max(0, ofClause - (speechSampleCount - openClause.start))
    }

    private var outputText: Int { textTokens(max(0, outputByteCount - heldBackByteCount)) }

    /// Tokens of the first bytes of what the model wrote.
    private func textTokens(_ sent: Int) -> Int {
        guard let reportedOutput, reportedOutput > 0 else { return Self.tokens(sent) }
        guard sent < outputByteCount else { return reportedOutput }
        let (product, overflow) = reportedOutput.multipliedReportingOverflow(by: sent)
        return overflow ? reportedOutput : Self.quotient(product, outputByteCount)
    }

    /// An estimate of the tokens that this many bytes of text make.
    static func tokens(_ byteCount: Int) -> Int {
        quotient(byteCount, estimatedBytesPerToken)
    }

    /// An estimate of the tokens that the description of these tools makes.
    static func tokens(of tools: [FunctionTool]) -> Int {
        tools.reduce(0) { $0 + tokens($1.byteCount) }
    }

    private static func quotient(_ count: Int, _ divisor: Int) -> Int {
        count / divisor + (count % divisor == 0 ? 0 : 1)
    }
}

extension Session.ContextEntry {
    /// Bytes of text.
    var byteCount: Int {
        switch self {
        case .system(let text), .user(let text), .assistant(let text): text.utf8.count
        case .userParts(let parts):
            parts.reduce(0) { sum, part in
                if case .text(let text) = part { sum + text.utf8.count } else { sum }
            }
        case .functionCall(let call): call.name.utf8.count + call.arguments.utf8.count
        case .functionCallOutput(_, let output): output.utf8.count
        }
    }

    /// Tokens of images.
    var imageTokenCount: Int {
        guard case .userParts(let parts) = self else { return 0 }
        return parts.reduce(0) { sum, part in
            if case .image(let image) = part { sum + image.tokenCount } else { sum }
        }
    }
}
