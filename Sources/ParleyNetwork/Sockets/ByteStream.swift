internal import Glibc

/// The bytes of a connection, in the clear or through TLS.
///
/// Never blocks; confined to one loop.
protocol ByteStream: AnyObject {
    /// Whether input is already off the socket, for which epoll will therefore not speak up.
    var holdsInput: Bool { get }
    /// Whether reading goes on with a handshake, which is dear.
    var isShakingHands: Bool { get }
    func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult
    func write(_ bytes: UnsafeRawBufferPointer) -> IOResult
    /// Tells the peer that nothing more will be written.
    func endOutput()
    func close()
}

/// What became of one attempt to read or write.
enum IOResult {
    /// So many bytes.
    case done(Int)
    case wantsRead
    case wantsWrite
    /// The peer has ended its side in order.
    case ended
    case failed
}

/// TCP as it is.
final class PlainStream: ByteStream {
    private let fd: Int32

    init(_ fd: Int32) { self.fd = fd }

    var holdsInput: Bool { false }
    var isShakingHands: Bool { false }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> IOResult {
        let count = recv(fd, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .done(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN || errno == EINTR ? .wantsRead : .failed
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> IOResult {
        let count = send(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        if count >= 0 { return .done(count) }
        return errno == EAGAIN || errno == EINTR ? .wantsWrite : .failed
    }

    func endOutput() { shutdown(fd, Int32(SHUT_WR)) }

    func close() { _ = Glibc.close(fd) }
}
