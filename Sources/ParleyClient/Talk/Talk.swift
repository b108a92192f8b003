package import ParleyNetwork

/// Carries out a conversation by script against a server.
package enum Talk {
    /// Where lines go to and come from.
    package struct Console: Sendable {
        /// Takes a line for the reader.
        package var show: @Sendable (String) -> Void
        /// Takes a line for the one who looks for faults.
        package var complain: @Sendable (String) -> Void
        /// Reads a line, and brings it from whatever thread; nil at the end.
        package var readLine: @Sendable (_ bring: @escaping @Sendable (String?) -> Void) -> Void

        /// Makes a console of three functions.
        package init(
            show: @escaping @Sendable (String) -> Void,
            complain: @escaping @Sendable (String) -> Void,
            readLine: @escaping @Sendable (_ bring: @escaping @Sendable (String?) -> Void) -> Void
        ) {
            self.show = show
            self.complain = complain
            self.readLine = readLine
        }
    }

    /// What came of a conversation.
    package struct Report: Sendable, Equatable {
        /// How it ended.
        package let result: TalkResult
        /// What was heard of the answers: 24,000 Hz, one channel.
        package let recording: [Int16]
    }

    /// Connects, talks and closes.
    ///
    /// - Parameters:
    ///   - script: What to say.
    ///   - url: Where to.
    ///   - apiKey: The server's key; nil sends none.
    ///   - console: Gets the transcript.
    ///   - loop: Where everything happens.
    /// - Returns: How it went; nothing is thrown.
    package static func run(
        _ script: TalkScript,
        at url: RealtimeURL,
        apiKey: String?,
        console: Console,
        on loop: EventLoop
    ) async -> Report {
        do throws(ConnectionError) {
            let client = try await RealtimeClient.connect(to: url, apiKey: apiKey, on: loop)
            return await TalkRunner(script, client, console, loop).run()
        } catch {
            return Report(result: .notConnected(error.description), recording: [])
        }
    }
}

/// Feeds a ``TalkMachine`` with a connection's events and a loop's time.
private actor TalkRunner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let client: RealtimeClient
    private let console: Talk.Console
    private let origin: ContinuousClock.Instant
    private var machine: TalkMachine
    private var timer: EventLoop.TimerID?
    private var result: TalkResult?

    init(
        _ script: TalkScript,
        _ client: RealtimeClient,
        _ console: Talk.Console,
        _ loop: EventLoop
    ) {
        self.loop = loop
        self.client = client
        self.console = console
        origin = .now
        machine = TalkMachine(script, at: .zero)
    }

    func run() async -> Talk.Report {
        setTimer()
        // A cancelled task reads no more: that ends the talk like any other end of the connection.
        while result == nil, let message = try? await client.nextMessage() {
            take(.message(message))
        }
        if result == nil { take(.closed(await client.farewell ?? "the talk was cancelled")) }
        if let timer { loop.cancelTimer(timer) }
        await client.close()
        return Talk.Report(
            result: result ?? .unanswered("the talk was cancelled"),
            recording: machine.answers.recording
        )
    }

    private func take(_ input: TalkMachine.Input) {
        for output in machine.handle(input, at: .now - origin) { carryOut(output) }
        setTimer()
    }

    private func carryOut(_ output: TalkMachine.Output) {
        switch output {
        case .send(let message): client.send(message)
        case .show(let line): console.show(line)
        case .complain(let line): console.complain(line)
        case .readLine:
            console.readLine { [self] line in
                loop.execute { self.assumeIsolated { $0.take(.line(line)) } }
            }
        case .finish(let result):
            self.result = result
            // The reader waits for a message; this wakes it.
            client.beginClose()
        }
    }

    private func setTimer() {
        if let timer { loop.cancelTimer(timer) }
        timer = machine.deadline.map { deadline in
            loop.schedule(at: origin + deadline) { [weak self] in
                self?.assumeIsolated {
                    $0.timer = nil
                    $0.take(.timeout)
                }
            }
        }
    }
}
