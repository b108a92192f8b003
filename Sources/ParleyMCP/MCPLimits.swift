/// The bounds of one connection; each says where it comes from.
package struct MCPLimits: Sendable, Hashable {
    /// Bytes of one message, or of one event of a stream.
    ///
    /// Chosen: far more than a model reads, and room for a picture that is left out.
    package var messageByteCount = 8 << 20
    /// Pages of a list of tools.
    ///
    /// Chosen: servers put 50 to 100 tools on one.
    package var pageCount = 64
    /// Tools of a list.
    ///
    /// Chosen: beyond what any model can tell apart.
    package var toolCount = 1_024
    /// Bytes of a list of tools, all its pages together.
    ///
    /// Chosen: a thousand tools with a kilobyte of schema each.
    package var listByteCount = 1 << 20
    /// Answers to a server's own requests that are on their way at once; further requests get none.
    ///
    /// Chosen: servers ask for a sign of life now and then.
    package var replyCount = 8
    /// Redirects within one origin that are followed for one message.
    ///
    /// Chosen: a slash at the end is one.
    package var redirectCount = 2
    /// How often the rest of one answer is asked for.
    ///
    /// Chosen: servers that hang up between the steps of a long call do it every few seconds.
    package var resumptionCount = 64
    /// Shortest pause before that, and the one before it where the server names none.
    ///
    /// Chosen: one that hangs up at once is not asked in a tight loop.
    package var resumptionPause = Duration.milliseconds(500)
    /// Characters of a server's own words in an error.
    ///
    /// Chosen: a sentence or two.
    package var errorLength = 1_000

    /// Makes the default limits.
    package init() {}
}
