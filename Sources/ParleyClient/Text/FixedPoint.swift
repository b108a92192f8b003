extension Double {
    /// The number with so many places after the point, rounded; `–` for what is no number.
    ///
    /// FoundationEssentials has no `String(format:)`.
    ///
    /// - Parameter places: 0 to 9, clamped.
    /// - Returns: The text.
    package func fixed(_ places: Int) -> String {
        let places = min(max(places, 0), 9)
        var scale: Int64 = 1
        for _ in 0..<places { scale *= 10 }
        guard isFinite else { return "–" }
        guard let scaled = Int64(exactly: (self * Double(scale)).rounded()) else {
            return description
        }
        let digits = String(scaled.magnitude % UInt64(scale))
        let fraction = String(repeating: "0", count: max(0, places - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        let whole = scaled.magnitude / UInt64(scale)
        return places == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
    }
}
