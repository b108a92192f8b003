/// A moment, counted from an origin that only the caller knows.
public struct Instant: Sendable, Hashable, Comparable {
    /// Time since the origin.
    public var sinceOrigin: Duration

    /// The moment this long after the origin.
    public init(_ sinceOrigin: Duration = .zero) {
        self.sinceOrigin = sinceOrigin
    }

    /// Whether one moment comes before another.
    public static func < (left: Self, right: Self) -> Bool {
        left.sinceOrigin < right.sinceOrigin
    }

    /// A later moment.
    public static func + (left: Self, right: Duration) -> Self {
        Self(left.sinceOrigin + right)
    }

    /// The time from one moment to another.
    public static func - (left: Self, right: Self) -> Duration {
        left.sinceOrigin - right.sinceOrigin
    }
}
