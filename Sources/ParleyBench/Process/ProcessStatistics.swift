internal import Glibc
internal import ParleyClient

/// What a process has used so far, as the kernel counts it.
package struct ProcessStatistics: Sendable, Equatable {
    /// In user and kernel mode, all threads.
    package let cpuTime: Duration
    /// Memory that is in RAM, in bytes.
    package let residentByteCount: Int

    /// Reads the line of `/proc/<pid>/stat`.
    ///
    /// - Parameters:
    ///   - line: The file's text.
    ///   - ticksPerSecond: `_SC_CLK_TCK`.
    ///   - pageByteCount: `_SC_PAGESIZE`.
    /// - Source: proc(5).
    init?(_ line: String, ticksPerSecond: Int, pageByteCount: Int) {
        // The name in parentheses may hold spaces and parentheses of its own.
        guard let end = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        // The first field after the name is the third one of the manual.
        guard fields.count > 21, let user = Int64(fields[11]), let system = Int64(fields[12]),
            let pages = Int(fields[21]), ticksPerSecond > 0
        else { return nil }
        cpuTime = .milliseconds((user + system) * 1_000 / Int64(ticksPerSecond))
        residentByteCount = pages * pageByteCount
    }

    /// What a process has used; nil when there is none of this number.
    package static func of(_ pid: Int32) -> ProcessStatistics? {
        guard let bytes = try? WholeFile.read("/proc/\(pid)/stat", limit: 1 << 16) else {
            return nil
        }
        return ProcessStatistics(
            String(decoding: bytes, as: UTF8.self),
            ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
            pageByteCount: sysconf(Int32(_SC_PAGESIZE))
        )
    }
}
