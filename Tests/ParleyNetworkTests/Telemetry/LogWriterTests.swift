import Foundation
import Glibc
import ParleyNetwork
import Testing

@Suite("Log lines go out on a thread of their own", .timeLimit(.minutes(1)))
struct LogWriterTests {
    /// A pipe of the smallest size, which is read when a test wants it.
    private final class LogPipe: Sendable {
        let reader: Int32
        let writer: Int32

        init(_ flags: Int32 = 0) throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reader, writer) = (ends[0], ends[1])
            // F_SETPIPE_SZ
            try #require(fcntl(writer, 1_031, 4_096) >= 4_096)
            if flags != 0 { try #require(fcntl(writer, F_SETFL, flags) == 0) }
        }

        deinit {
            close(reader)
            close(writer)
        }

        /// Reads until so many lines were written or, as a line says, dropped.
        func lines(_ count: Int) -> [Substring] {
            var text = ""
            while true {
                let lines = text.split(separator: "\n")
                let told = lines.reduce(0) { $0 + (droppedCount(of: $1) ?? 1) }
                if text.hasSuffix("\n"), told >= count { return lines }
                var bytes = [UInt8](repeating: 0, count: 65_536)
                let count = read(reader, &bytes, bytes.count)
                guard count > 0 else { return lines }
                text += String(decoding: bytes.prefix(count), as: UTF8.self)
            }
        }
    }

    private func record(_ text: String) -> LogRecord {
        LogRecord(
            time: LogTime(sinceEpoch: .zero),
            level: .info,
            label: "test",
            message: "Line",
            metadata: [(key: "number", value: .text(text))]
        )
    }

    private static func number(of line: Substring) -> Int? {
        line.firstRange(of: "number=").flatMap { Int(line[$0.upperBound...]) }
    }

    @Test("Nobody waits for a reader who doesn't read; lines that find no room are counted")
    func nobodyReads() throws {
        let pipe = try LogPipe()
        let writer = try LogWriter(format: .text, to: pipe.writer, capacity: 10_000)
        let count = 5_000
        for number in 0..<count { writer.write(record("\(number)")) }
        #expect(!writer.flush(within: .zero))
        let lines = pipe.lines(count)
        let numbers = lines.compactMap(Self.number(of:))
        #expect(numbers == numbers.sorted())
        let dropped = lines.compactMap(droppedCount(of:)).reduce(0, +)
        #expect(dropped > 0)
        #expect(numbers.count + dropped == count)
        #expect(writer.flush(within: .seconds(30)))
    }

    @Test("What was dropped is told once, and then lines go out as before")
    func toldOnce() throws {
        let pipe = try LogPipe()
        let writer = try LogWriter(format: .text, to: pipe.writer, capacity: 10_000)
        for number in 0..<1_000 { writer.write(record("\(number)")) }
        _ = pipe.lines(1_000)
        writer.write(record("1000"))
        #expect(pipe.lines(1).map(Self.number(of:)) == [1_000])
    }

    @Test("A line that goes out in pieces, as the reader is ready for them, is whole")
    func pieces() throws {
        let pipe = try LogPipe(O_NONBLOCK)
        let writer = try LogWriter(format: .text, to: pipe.writer)
        let long = String(repeating: "x", count: 300_000)
        writer.write(record(long))
        let lines = pipe.lines(1)
        #expect(lines.first?.hasSuffix("number=\(long)") == true)
    }

    @Test("A flush waits for what was written before it")
    func flush() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let descriptor = open(file.path, O_CREAT | O_WRONLY, 0o600)
        defer {
            close(descriptor)
            unlink(file.path)
        }
        let writer = try LogWriter(format: .text, to: descriptor)
        for number in 0..<1_000 { writer.write(record("\(number)")) }
        #expect(writer.flush(within: .seconds(30)))
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.split(separator: "\n").compactMap(Self.number(of:)) == Array(0..<1_000))
    }

    @Test("A reader who is gone stops nobody, and ends no process")
    func brokenPipe() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        defer { close(ends[1]) }
        let writer = try LogWriter(format: .text, to: ends[1])
        for number in 0..<100 { writer.write(record("\(number)")) }
        #expect(writer.flush(within: .seconds(30)))
    }

    @Test("When a descriptor works again, a line says how many were lost while it didn't")
    func recovery() throws {
        let pipe = try LogPipe()
        let descriptor = open("/dev/null", O_RDONLY)
        defer { close(descriptor) }
        let writer = try LogWriter(format: .text, to: descriptor)
        for number in 0..<3 { writer.write(record("\(number)")) }
        #expect(writer.flush(within: .seconds(30)))
        try #require(dup2(pipe.writer, descriptor) == descriptor)
        writer.write(record("3"))
        let lines = pipe.lines(4)
        #expect(lines.compactMap(Self.number(of:)) == [3])
        #expect(lines.compactMap(droppedCount(of:)) == [3])
    }

    @Test("Lines that still wait when the process crashes go out before it does")
    func crash() async throws {
        let result = try await #require(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) {
            let writer = try LogWriter(format: .text)
            LogWriter.finishBeforeCrash()
            for number in 0..<10_000 {
                writer.write(
                    LogRecord(
                        time: LogTime(sinceEpoch: .zero),
                        level: .info,
                        label: "test",
                        message: "Line",
                        metadata: [(key: "number", value: .integer(Int64(number)))]
                    )
                )
            }
            // A wild pointer says nothing itself, as other traps do.
            UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.contains("number=9999\n"))
    }
}

/// How many lines a line says are missing.
private func droppedCount(of line: Substring) -> Int? {
    line.firstRange(of: "Lines were dropped lines=").flatMap { Int(line[$0.upperBound...]) }
}
