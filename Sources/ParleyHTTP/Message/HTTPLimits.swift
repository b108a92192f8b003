/// What a peer may make us hold or read for one message.
package struct HTTPLimits: Sendable, Hashable {
    /// Bytes of the request line.
    ///
    /// Chosen: RFC 9112, section 3, asks for 8,000 at least, and keys and
    /// models may stand in the query.
    package var requestLine = 8 << 10
    /// Bytes of all header lines together.
    ///
    /// Chosen: twice what common proxies let pass.
    package var headers = 32 << 10
    /// Header lines.
    ///
    /// Chosen: browsers send some twenty; each costs an entry.
    package var headerCount = 100
    /// Bytes of a chunk's size line with its extensions.
    ///
    /// Chosen: nobody sends extensions.
    package var chunkLine = 256
    /// Bytes of chunk extensions in one message.
    ///
    /// Chosen: else one-byte chunks with long extensions
    /// would make us read 250 times the body that is counted.
    package var chunkExtensions = 16 << 10
    /// Bytes of all trailer lines together.
    ///
    /// Chosen: nothing we serve reads trailers.
    package var trailers = 8 << 10
    /// Bytes of a body.
    ///
    /// Chosen: above the 25 MB that audio uploads have elsewhere.
    package var body = 32 << 20

    package init() {}
}
