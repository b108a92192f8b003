/// The bounds of this target that are no one's configuration; each says where it comes from.
enum Limits {
    /// Jobs that one turn of a loop runs before it looks at its descriptors again.
    ///
    /// Chosen: at 73 ns to 1 µs a job, descriptors wait a millisecond at most.
    static let jobsPerTurn = 1024
    /// Descriptor events taken from the kernel at once.
    ///
    /// Chosen: 3 kB of memory a loop.
    static let eventsPerTurn = 256
    /// Bytes read from a socket at once.
    ///
    /// Chosen: ten frames of 100 ms audio.
    static let readSize = 64 << 10
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
    /// Names looked up at once, each on a thread of its own.
    ///
    /// Chosen: only a broken resolver has so many waiting.
    static let lookups = 32
}
