internal import CLinux
internal import Glibc
internal import ParleyClient

/// What a measurement ran on: figures of different machines don't compare.
package struct Machine: Sendable, Equatable {
    package let processor: String
    /// Processors that are switched on.
    package let processorCount: Int
    package let memoryByteCount: Int
    package let kernel: String

    /// This machine.
    package static var current: Machine {
        Machine(
            processor: field("model name", in: text("/proc/cpuinfo")) ?? "unknown",
            processorCount: Processors.count,
            memoryByteCount: memory(in: text("/proc/meminfo")),
            kernel: text("/proc/sys/kernel/osrelease").split(separator: "\n").first.map(String.init)
                ?? "unknown"
        )
    }

    /// The value of the first line `name : value`.
    static func field(_ name: String, in text: String) -> String? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        guard let line, let colon = line.firstIndex(of: ":") else { return nil }
        return String(line[line.index(after: colon)...].drop { $0.isWhitespace })
    }

    /// Bytes by the line `MemTotal: 123 kB`.
    static func memory(in text: String) -> Int {
        let words = field("MemTotal", in: text)?.split(separator: " ") ?? []
        return (words.first.flatMap { Int($0) } ?? 0) * 1_024
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? WholeFile.read(path, limit: 4 << 20)) ?? [], as: UTF8.self)
    }
}

/// The processors of this machine, and who runs on which.
package enum Processors {
    /// How many are switched on.
    package static var count: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    /// How long all of them have worked for programs, or were lent to other machines.
    ///
    /// Interrupts don't count: those of the network belong to the load.
    package static var busyTime: Duration? {
        let text = (try? WholeFile.read("/proc/stat", limit: 1 << 20)) ?? []
        return busyTime(
            in: String(decoding: text, as: UTF8.self),
            ticksPerSecond: sysconf(Int32(_SC_CLK_TCK))
        )
    }

    /// Reads the first line of `/proc/stat`.
    ///
    /// - Source: proc(5): user, nice, system, idle, iowait, irq, softirq, steal.
    static func busyTime(in text: String, ticksPerSecond: Int) -> Duration? {
        let fields = text.prefix { $0 != "\n" }.split(separator: " ")
        guard fields.first == "cpu", fields.count > 8, ticksPerSecond > 0 else { return nil }
        let ticks = [1, 2, 3, 8].compactMap { Int64(fields[$0]) }.reduce(0, +)
        return .milliseconds(ticks * 1_000 / Int64(ticksPerSecond))
    }

    /// Those that the calling thread may run on.
    package static var allowed: [Int] {
        var numbers = [Int32](repeating: 0, count: 1_024)
        let count = clinux_allowed_processors(&numbers, Int32(numbers.count))
        return numbers.prefix(max(0, Int(count))).map(Int.init)
    }

    /// Ties the calling thread, and the threads and processes that it starts, to one processor.
    ///
    /// - Returns: Whether the kernel let it.
    package static func pin(to processor: Int) -> Bool {
        clinux_pin_thread(Int32(processor)) == 0
    }
}
