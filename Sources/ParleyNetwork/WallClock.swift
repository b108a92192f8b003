internal import Glibc
internal import ParleyHTTP

/// The time of day, where a protocol asks for it; everything else keeps to the loop's clock.
enum WallClock {
    /// Now, as HTTP headers write it.
    static var httpDate: String { HTTPDate.format(unixSeconds: Int64(time(nil))) }
}
