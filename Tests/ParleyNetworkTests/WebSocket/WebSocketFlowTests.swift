import ParleyHTTP
import Testing

@testable import ParleyNetwork

@Suite(.timeLimit(.minutes(1))) struct WebSocketFlowTests {
    /// 160 messages of 100 kB: more than the kernel's buffers of a connection hold.
    private func flood() -> [UInt8] {
        let one = frame(.binary, String(repeating: "x", count: 100_000))
        var all: [UInt8] = []
        for _ in 0..<160 { all += one }
        return all
    }

    @Test("A peer that takes nothing is dropped at the output limit")
    func tooSlow() async throws {
        let ending = Recorded<WebSocketEnding?>(nil)
        let handler = webSocketHandler { webSocket in
            let piece = [UInt8](repeating: 65, count: 100_000)
            while await webSocket.ending == nil { webSocket.enqueue(text: piece) }
            let found = await webSocket.ending
            ending.update { $0 = found }
        }
        try await withWebSockets({ $0.outputLimit = 1 << 20 }, handler: handler) { test in
            let (client, _) = try await openRaw(test, reads: false)
            while ending.value == nil { await Task.yield() }
            await client.startReading()
            _ = await client.readToEnd()
        }
        #expect(ending.value == .tooSlow)
    }

    @Test("A peer that sends and never reads is dropped once it has taken nothing for a while")
    func stalled() async throws {
        let ending = Recorded<WebSocketEnding?>(nil)
        let handler = webSocketHandler { webSocket in
            let piece = [UInt8](repeating: 65, count: 1_000_000)
            for _ in 0..<20 { webSocket.enqueue(text: piece) }
            while await webSocket.ending == nil { await Task.yield() }
            let found = await webSocket.ending
            ending.update { $0 = found }
        }
        // Nobody reads its messages either, so its missing pongs prove nothing.
        let impatient = { (configuration: inout WebSocketConfiguration) in
            configuration.pingInterval = .milliseconds(5)
            configuration.missedPongs = 100
        }
        try await withWebSockets(impatient, handler: handler) { test in
            let (client, _) = try await openRaw(test, reads: false)
            await client.send(flood())
            while ending.value == nil { await Task.yield() }
            await client.close()
        }
        #expect(ending.value == .tooSlow)
    }

    @Test("A peer that takes no answers to its pings is owed the last one only")
    func pingFlood() async throws {
        let backlog = Recorded(0)
        let handler = webSocketHandler { webSocket in
            // Behind the pings; by then all of them are answered, or not.
            _ = try await webSocket.nextMessage()
            let found = await webSocket.pendingOutput
            backlog.update { $0 = found }
            _ = try await webSocket.nextMessage()
        }
        try await withWebSockets({ $0.outputHighWater = 1_000 }, handler: handler) { test in
            let (client, _) = try await openRaw(test, reads: false)
            let ping = frame(.ping, String(repeating: "p", count: 125))
            // 13 MB: more than the kernel's buffers of a connection hold.
            for _ in 0..<100 {
                await client.send(Array(repeatElement(ping, count: 1_000).joined()))
            }
            await client.send(frame(.ping, "last") + frame(.text, "behind"))
            while backlog.value == 0 { await Task.yield() }
            await client.startReading()
            _ = try await client.read(until: "last")
            await client.send(closeFrame(.normal, ""))
            _ = await client.readToEnd()
        }
        #expect((1...1_200).contains(backlog.value))
    }

    @Test("A wait for a slow peer ends when the peer closes")
    func drainedEndsWithClose() async throws {
        let result = Recorded<String>("")
        let waiting = Gate()
        let handler = webSocketHandler { webSocket in
            let piece = [UInt8](repeating: 65, count: 1_000_000)
            for _ in 0..<20 { webSocket.enqueue(text: piece) }
            waiting.open()
            do {
                try await webSocket.drained()
                result.update { $0 = "drained" }
            } catch {
                result.update { $0 = "\(type(of: error))" }
            }
        }
        try await withWebSockets({ $0.closeTimeout = .milliseconds(5) }, handler: handler) { test in
            let (client, _) = try await openRaw(test, reads: false)
            await waiting.wait()
            await client.send(frame(.close, ""))
            while result.value.isEmpty { await Task.yield() }
            await client.close()
        }
        #expect(result.value == "WebSocketClosed")
    }

    @Test("Sending waits for a slow peer, and goes on when it has caught up")
    func sendWaits() async throws {
        let blocked = Gate()
        let sent = Recorded(0)
        let size = 1_000_000
        let handler = webSocketHandler { webSocket in
            let piece = [UInt8](repeating: 65, count: size)
            for _ in 0..<40 {
                if await webSocket.pendingOutput > 0 { blocked.open() }
                try await webSocket.send(binary: piece)
                sent.update { $0 += 1 }
                if await webSocket.pendingOutput > 0 { blocked.open() }
            }
        }
        try await withWebSockets(handler: handler) { test in
            let (client, _) = try await openRaw(test, reads: false)
            await blocked.wait()
            #expect(sent.value < 40)
            await client.startReading()
            _ = try await client.read(count: 40 * (size + 10))
        }
        #expect(sent.value == 40)
    }

    @Test("A send that waits ends when its task is cancelled")
    func sendCancelled() async throws {
        let result = Recorded<String>("")
        let started = Gate()
        let handler = webSocketHandler { webSocket in
            let task = Task(executorPreference: webSocket.loop) {
                let piece = [UInt8](repeating: 65, count: 1_000_000)
                while true {
                    if await webSocket.pendingOutput > 0 { started.open() }
                    try await webSocket.send(binary: piece)
                }
            }
            await started.wait()
            task.cancel()
            let outcome = await task.result
            result.update { $0 = String(describing: outcome) }
        }
        try await withWebSockets({ $0.closeTimeout = .milliseconds(5) }, handler: handler) { test in
            let (client, _) = try await openRaw(test, reads: false)
            await started.wait()
            while result.value.isEmpty { await Task.yield() }
            await client.close()
        }
        #expect(result.value.contains("CancellationError"))
    }

    @Test("Messages that nobody reads wait at the peer, and none is lost")
    func inputBackpressure() async throws {
        let gate = Gate()
        let count = Recorded(0)
        let handler = webSocketHandler { webSocket in
            await gate.wait()
            while let message = try await webSocket.nextMessage() {
                #expect(message.bytes.count == 100_000)
                count.update { $0 += 1 }
                if count.value == 160 { try await webSocket.send("done") }
            }
        }
        try await withWebSockets(handler: handler) { test in
            let (client, _) = try await openRaw(test)
            await client.send(flood())
            await client.untilBlocked()
            #expect(await client.pendingOutput > 0)
            gate.open()
            #expect(try await client.read(count: 6) == serverFrame(.text, Array("done".utf8)))
        }
    }

    @Test("What is sent from several threads arrives in each thread's order")
    func enqueueFromOutside() async throws {
        let handler = webSocketHandler { webSocket in
            await withTaskGroup(of: Void.self) { group in
                for thread in 0..<2 {
                    group.addTask {
                        for number in 0..<100 {
                            webSocket.enqueue(text: [UInt8(48 + thread), UInt8(number)])
                        }
                    }
                }
            }
            _ = try await webSocket.nextMessage()
        }
        try await withWebSockets(handler: handler) { test in
            let (client, _) = try await openRaw(test)
            var last: [UInt8: Int] = [:]
            for _ in 0..<200 {
                let bytes = try await client.read(count: 4)
                #expect(Int(bytes[3]) == last[bytes[2], default: -1] + 1)
                last[bytes[2]] = Int(bytes[3])
            }
            await client.send(frame(.close, ""))
        }
    }

    @Test("Closing sees the end of a peer that we had stopped reading")
    func closeWhilePaused() async throws {
        let paused = Gate()
        let handler = webSocketHandler { webSocket in
            await paused.wait()
            await webSocket.close(.goingAway)
            #expect(await webSocket.ending == .byUs(WebSocketClose(.goingAway)))
        }
        try await withWebSockets({ $0.inputHighWater = 1000 }, handler: handler) { test in
            let (client, _) = try await openRaw(test)
            await client.send(flood())
            await client.untilBlocked()
            paused.open()
            #expect(try await client.read(count: 4) == [0x88, 2, 0x03, 0xE9])
            await client.send(frame(.close, ""))
            #expect(await client.readToEnd() == "")
        }
    }
}
