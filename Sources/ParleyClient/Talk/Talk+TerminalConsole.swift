internal import Glibc

extension Talk.Console {
    /// Standard input, output and error.
    ///
    /// Every line goes out at once, also into a pipe.
    package static let terminal = Talk.Console(
        show: { write($0, to: STDOUT_FILENO) },
        complain: { write($0, to: STDERR_FILENO) },
        readLine: readFromTerminal
    )

    /// Reads a line on a thread of its own, which waits as long as the one who types.
    private static func readFromTerminal(_ bring: @escaping @Sendable (String?) -> Void) {
        let request = Unmanaged.passRetained(LineRequest(bring))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread,
            nil,
            { raw in
                guard let raw else { return nil }
                let request = Unmanaged<LineRequest>.fromOpaque(raw).takeRetainedValue()
                request.bring(Swift.readLine())
                return nil
            },
            request.toOpaque()
        )
        if failure == 0 {
            pthread_detach(thread)
        } else {
            request.release()
            bring(nil)
        }
    }

    /// Writes a line; a reader who has gone away loses it.
    private static func write(_ line: String, to file: Int32) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 || (count < 0 && errno == EINTR) else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}

private final class LineRequest: Sendable {
    let bring: @Sendable (String?) -> Void

    init(_ bring: @escaping @Sendable (String?) -> Void) {
        self.bring = bring
    }
}
