internal import Glibc

/// Time as HTTP headers write it.
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func now() -> String {
        var moment = time(nil)
        return text(&moment)
    }

    /// - Source: RFC 9110, section 5.6.7.
    static func text(_ moment: inout time_t) -> String {
        var fields = tm()
        gmtime_r(&moment, &fields)
        let date = "\(two(fields.tm_mday)) \(months[Int(fields.tm_mon)]) \(1900 + fields.tm_year)"
        let clock = "\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec))"
        return "\(days[Int(fields.tm_wday)]), \(date) \(clock) GMT"
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
