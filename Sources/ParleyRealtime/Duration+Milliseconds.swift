extension Duration {
    /// Whole milliseconds, as the wire counts; what is beyond the range of `Int` stops at its ends.
    package var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let (milliseconds, isOver) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !isOver else { return seconds < 0 ? .min : .max }
        let (sum, isBeyond) = milliseconds.addingReportingOverflow(
            attoseconds / 1_000_000_000_000_000
        )
        return isBeyond ? (seconds < 0 ? .min : .max) : Int(sum)
    }

    /// Seconds as the wire writes them, to the microsecond.
    var fractionalSeconds: Double {
        let (seconds, attoseconds) = components
        // One division of a whole number is the nearest Double, so it prints without noise.
        return (Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)) / 1_000_000
    }
}
