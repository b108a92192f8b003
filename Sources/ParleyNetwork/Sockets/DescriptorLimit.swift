internal import Glibc

/// How many descriptors, and with them connections, this process may have.
package enum DescriptorLimit {
    /// Raises it as far as the process may by itself: what a shell starts may often have no more
    /// than 1,024.
    ///
    /// - Returns: How many there may be now; 0 when the system does not say.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
