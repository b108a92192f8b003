/// The bounds of this target that are no one's configuration; each says where it comes from.
enum Limits {
    /// How long one turn of a loop runs jobs before it looks at its descriptors again; a job that
    /// has begun runs on.
    ///
    /// Chosen: nobody hears 2 ms, and a look at the descriptors costs a thousandth of that.
    static let turnTime: Duration = .milliseconds(2)
    /// Descriptor events taken from the kernel at once.
    ///
    /// Chosen: 3 kB of memory a loop.
    static let eventsPerTurn = 256
    /// Bytes read from a socket at once.
    ///
    /// Chosen: ten frames of 100 ms audio.
    static let readSize = 64 << 10
    /// Messages of one peer between two looks at the clock.
    ///
    /// Chosen: clients send two or three events at once, such as an item and the wish for an
    /// answer; and a look costs a tenth of a message.
    static let messagesInARow = 4
    /// Bytes of an unfinished message that no budget counts.
    ///
    /// Chosen: one reading; an event with 100 ms of audio is a tenth of that.
    static let freeMessage = readSize
    /// Connections accepted before other descriptors have their turn.
    ///
    /// Chosen: at 10 µs each, audio waits less than a millisecond.
    static let acceptsPerTurn = 64
    /// Connections that may wait in the kernel; the system's own limit cuts it.
    static let listenBacklog: Int32 = 4096
    /// How long a listener rests when the process is out of descriptors.
    ///
    /// Chosen: short for a client, long for a processor.
    static let acceptPause: Duration = .milliseconds(200)
    /// Bytes of an unread request body that are read on for the sake of the next request.
    ///
    /// Chosen: beyond it a new connection is cheaper than the rest of the body.
    static let skippedBody = 256 << 10
    /// Bytes of headers of one response: of its head, of interim heads before it, of its trailers.
    ///
    /// Chosen: five times what servers are known to send.
    static let responseHead = 256 << 10
    /// Names looked up at once, each on a thread of its own.
    ///
    /// Chosen: only a broken resolver has so many waiting.
    static let lookups = 32
}
