internal import CLinux
internal import Glibc
internal import ParleyClient
internal import ParleyNetwork

/// A server that a measurement started for itself, and ends after it.
struct ServerProcess: Sendable {
    let pid: Int32
    /// Where it listens.
    let url: RealtimeURL
    /// What it printed.
    private let logPath: String

    /// Longest wait for a server to listen.
    private static let startLimit = Duration.seconds(30)
    /// How long a server may take to end in order before it is ended.
    private static let stopLimit = Duration.seconds(5)
    private static let pollInterval = Duration.milliseconds(50)
    /// Lines of its log that tell why it ended.
    private static let lastLineCount = 3

    /// Starts this program as a server on a free port of this machine.
    ///
    /// It inherits the processor of the calling thread.
    ///
    /// - Parameter arguments: More arguments for `serve`.
    /// - Throws: ``BenchError``
    init(arguments: [String]) throws(BenchError) {
        let port = try Self.freePort()
        guard let program = Self.program else {
            throw BenchError("cannot find this program's own file to start a server from")
        }
        let words = [program, "serve", "--host", "127.0.0.1", "--port", "\(port)"] + arguments
        do throws(ConnectionError) {
            url = try RealtimeURL("127.0.0.1:\(port)", model: "parley")
        } catch {
            throw BenchError(error.description)
        }
        let log = try ScratchPath.file()
        defer { close(log.descriptor) }
        logPath = log.path
        pid = try Self.spawn(words, log: log.descriptor)
    }

    /// Waits until the server takes connections.
    ///
    /// - Throws: ``BenchError`` with the server's last words when it ends before.
    func waitUntilListening(on loop: EventLoop) async throws(BenchError) {
        let deadline = ContinuousClock.now + Self.startLimit
        let target = try LoadTarget(url, apiKey: nil)
        while ContinuousClock.now < deadline {
            guard isRunning else {
                throw BenchError("the server ended at its start: \(lastWords)")
            }
            if await answers(target, on: loop) { return }
            try? await Task.sleep(for: Self.pollInterval, clock: loop.clock)
        }
        throw BenchError("the server did not listen within 30 s: \(lastWords)")
    }

    /// Ends the server: asks it, and then does not ask.
    func stop(on loop: EventLoop) async {
        kill(pid, SIGTERM)
        let deadline = ContinuousClock.now + Self.stopLimit
        while isRunning, ContinuousClock.now < deadline {
            try? await Task.sleep(for: Self.pollInterval, clock: loop.clock)
        }
        if isRunning {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        unlink(logPath)
    }

    /// Whether it has not ended; one that has is buried by the first look.
    private var isRunning: Bool {
        var status: Int32 = 0
        return waitpid(pid, &status, WNOHANG) == 0
    }

    private func answers(_ target: LoadTarget, on loop: EventLoop) async -> Bool {
        let file = target.openSocket()
        guard file >= 0 else { return false }
        defer { close(file) }
        try? await Task.sleep(for: .milliseconds(5), clock: loop.clock)
        var code: Int32 = 0
        var length = socklen_t(4)
        getsockopt(file, SOL_SOCKET, SO_ERROR, &code, &length)
        var peer = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isConnected = withUnsafeMutablePointer(to: &peer) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getpeername(file, $0, &size) == 0
            }
        }
        return code == 0 && isConnected
    }

    private var lastWords: String {
        let log = (try? WholeFile.read(logPath, limit: 16 << 20)) ?? []
        let lines = String(decoding: log, as: UTF8.self).split(separator: "\n")
        // Where arguments are refused, what to try instead comes last.
        let words = lines.filter { !$0.hasPrefix("Try: ") }.suffix(Self.lastLineCount)
        return words.isEmpty ? "it said nothing" : words.joined(separator: "; ")
    }

    private static var program: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A port that was free a moment ago.
    private static func freePort() throws(BenchError) -> UInt16 {
        let file = socket(AF_INET, CLINUX_SOCK_STREAM, 0)
        defer { if file >= 0 { close(file) } }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, size) == 0 && getsockname(file, $0, &size) == 0
            }
        }
        guard isBound else { throw BenchError("there is no free port on 127.0.0.1") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func spawn(_ words: [String], log: Int32) throws(BenchError) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, log, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid: Int32 = 0
        let failure = posix_spawn(&pid, words[0], &actions, nil, &arguments, environ)
        guard failure == 0 else {
            throw BenchError("cannot start \(words[0]): \(String(cString: strerror(failure)))")
        }
        return pid
    }
}
