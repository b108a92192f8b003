/// Every bound of what a session keeps, waits for and has done, each with its reason.
///
/// How a part judges (the pauses of ``SpeechSegmentation``, the lengths of ``ClauseChunker``)
/// stands beside it.
public struct Limits: Sendable, Equatable {
    // MARK: Time

    /// Longest session.
    ///
    /// The reference server allows 60 minutes.
    public var sessionDuration = Duration.seconds(3_600)
    /// Longest wait for the final text after the last audio.
    ///
    /// Chosen: a slow engine on long speech; beyond it, it hangs.
    public var transcriptionWait = Duration.seconds(30)
    /// Longest silence of the engines that work on a response.
    ///
    /// Chosen: a large model reading a long context on a CPU.
    public var responseWait = Duration.seconds(120)

    /// Longest wait for the tools of an MCP server.
    ///
    /// Chosen: a cold server starts in seconds; a response may wait for it.
    public var toolListWait = Duration.seconds(30)
    /// Longest wait for the result of an MCP tool.
    ///
    /// Chosen: as long as a response may take.
    public var toolCallWait = Duration.seconds(120)

    // MARK: Input audio

    /// Most audio kept uncommitted, or not yet judged by the VAD: ten minutes, as long as a person
    /// can hold forth.
    public var inputBufferDuration = Duration.seconds(600)
    /// Least audio that can be committed.
    ///
    /// Specified: "buffer shorter than 100 ms" is an error.
    public var minimumCommit = Duration.milliseconds(100)
    /// Most audio kept from before speech, and what a client is told that asks for more.
    ///
    /// Chosen: every session that listens holds it, 48 kB for a second.
    public static let prefixPadding = Duration.seconds(5)
    /// Longest speech without a pause before it is committed in pieces.
    ///
    /// Chosen: longer than turns are, 6 MB of samples.
    public var speechDuration = Duration.seconds(120)
    /// Silence after which a turn may be over: what can be prepared for that begins here.
    ///
    /// Chosen: longer than the closures within words and most gaps between them, and it leaves
    /// 300 ms of the usual silence window to work in.
    public var pause = Duration.milliseconds(200)
    /// Most recognisers of one session at work at once.
    ///
    /// Chosen: a few turns may wait for a slow engine.
    public var openTranscriptionCount = 8

    // MARK: Translation

    /// Longest stretch of speech that is translated at once.
    ///
    /// Chosen: a listener waits no longer, and few sentences are.
    public var translationSpeechDuration = Duration.seconds(15)
    /// Most stretches of speech that wait for their translation; what is said beyond is refused.
    ///
    /// Chosen: two minutes and more of speech; whoever is that far behind won't catch up.
    public var translationBacklogCount = 16
    /// Most stretches before it that the model reads with the one it translates.
    ///
    /// Chosen: names and pronouns seldom refer farther back.
    public var translationContextCount = 4

    // MARK: Conversation

    /// Most items in a conversation.
    ///
    /// Chosen: an hour of turns of four seconds, twice over.
    public var itemCount = 2_000
    /// Most speech that waits for its text, where a client makes an item of it.
    ///
    /// Chosen: as much as the input buffer takes.
    public var itemSpeechDuration = Duration.seconds(600)
    /// Most text in a conversation, in bytes.
    ///
    /// Chosen: far beyond the context of any model.
    public var conversationTextByteCount = 4 << 20
    /// Most bytes of one image.
    ///
    /// Chosen: a large photograph.
    public var imageByteCount = 8 << 20
    /// What a part of a message counts in that beside its text.
    ///
    /// Chosen: about what it costs to keep.
    static let partByteCount = 64
    /// Most bytes of all images in a conversation.
    ///
    /// Chosen: a few large photographs; each response hands them all to the model.
    public var conversationImageByteCount = 32 << 20
    /// What an image counts in that which is elsewhere, in bytes.
    ///
    /// Chosen: 64 of them fill a conversation.
    static let remoteImageCost = 512 << 10
    /// Most audio kept so that it can be retrieved, in samples: 30 s, 1.4 MB; the oldest goes
    /// first.
    ///
    /// Chosen: clients retrieve an item when its turn is over, not later.
    public var keptAudioSampleCount = 720_000
    /// How far a client may point beyond the end of what it was sent.
    ///
    /// Chosen: clients take the time from a clock.
    public var truncationOvershoot = Duration.seconds(1)

    // MARK: Responses

    /// Most responses in progress, those outside the conversation included.
    ///
    /// Chosen: several classifiers beside a talk.
    public var responseCount = 8
    /// Most text and arguments of one response, in bytes; one that writes more is ended as
    /// incomplete.
    public var responseByteCount = 256 << 10
    /// Most text and arguments in bytes for each token that `max_output_tokens` allows a written
    /// answer.
    ///
    /// Models keep that limit by themselves, and count as they will. Chosen: beyond what any
    /// tokeniser makes of a text, so that it ends only those that don't keep it.
    public var outputBytesPerToken = 16
    /// Most function calls of one response.
    ///
    /// Chosen: a model that writes more has lost its way.
    public var functionCallCount = 64
    /// Most clauses that the synthesiser holds at once: the rest waits here, where cancelling is
    /// free.
    public var openClauseCount = 4
    /// Most tokens of context handed to the model, by estimate; older turns are left out.
    ///
    /// Nil: the model decides.
    public var contextTokenCount: Int?

    /// Most items of context handed to the model; older turns are left out.
    ///
    /// Nil: only ``contextTokenCount`` counts.
    public var contextItemCount: Int?

    // MARK: MCP tools

    /// Most MCP servers of a session's tools; responses may bring as many again at a time.
    ///
    /// Chosen: each is a connection.
    public var toolServerCount = 16
    /// Most lists of tools that a session asks MCP servers for in one ``toolListPeriod``.
    ///
    /// Chosen: each is a request to a place that the client chose. A talk names a server or two
    /// with each response, or all of them anew four times a minute; more is a loop.
    public var toolListCount = 64
    /// What ``toolListCount`` counts over.
    ///
    /// Chosen: a client that has named too many can go on soon.
    public var toolListPeriod = Duration.seconds(60)
    /// Most tools of one server that are kept; the rest is left out.
    ///
    /// Chosen: as many functions as services for language models take.
    public var toolCountPerServer = 128
    /// Most bytes of one server's list that are kept; the rest is left out.
    ///
    /// Chosen: a model reads all of it before each answer.
    public var toolListByteCount = 256 << 10
    /// Most calls of a session that run at once; further ones wait.
    ///
    /// Chosen: what one person's question needs.
    public var runningToolCallCount = 8
    /// Most calls of a session that wait for approval, for a place or for a result.
    ///
    /// Chosen: what one response may ask for; beyond it, nobody answers.
    public var pendingToolCallCount = 64
    /// Most text of one result, in bytes; the rest is cut off, and the model is told.
    ///
    /// Chosen: about 32,000 tokens, more than most models read.
    public var toolOutputByteCount = 128 << 10
    /// Least text of a failure that is kept all the same, in bytes.
    ///
    /// Chosen: room for a sentence, which may be ours.
    static let toolFailureByteCount = 1_000
    /// Most responses in a row that the server makes by itself because tools have answered.
    ///
    /// Chosen: a model that calls tools for ever has lost its way.
    public var continuationCount = 16

    // MARK: Summaries

    /// Longest summary that a model is asked for, in tokens.
    ///
    /// Chosen: a page.
    static let summaryTokenCount = 400
    /// Most text of a summary, in bytes; one that is longer is refused.
    ///
    /// Chosen: a model that writes more has not understood its task.
    static let summaryByteCount = 16_384
    /// Fewest items that are new before a summary that failed is tried again.
    ///
    /// Chosen: two more turns.
    static let summaryRetryItemCount = 4

    /// Makes the default limits.
    public init() {}
}
