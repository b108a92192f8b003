extension Duration {
    /// Whole nanoseconds; what doesn't fit is clamped.
    package var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isOver) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        if isTooLong || isOver { return seconds < 0 ? .min : .max }
        return sum
    }

    /// Milliseconds with their fraction, for people and for JSON.
    package var inMilliseconds: Double { Double(inNanoseconds) / 1_000_000 }
}
