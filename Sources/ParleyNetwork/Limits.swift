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
}
