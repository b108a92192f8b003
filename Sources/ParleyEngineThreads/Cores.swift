internal import CLinux

/// The processors that this process may use.
package enum Cores {
    /// How many there are; at least one.
    ///
    /// A process that is tied to some of a machine's processors has only those.
    package static var count: Int {
        var numbers = [Int32](repeating: 0, count: 1_024)
        return max(1, Int(clinux_allowed_processors(&numbers, Int32(numbers.count))))
    }
}
