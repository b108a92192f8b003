internal import CCurl
internal import CCurlSystem
internal import Glibc

/// The body of one request on its way out: libcurl takes piece after piece of it, so that it is
/// never there twice.
///
/// Checked by eye and not by the compiler: libcurl holds it unretained, and its owner is the
/// transfer, which outlives what libcurl does with it.
final class CurlUpload {
    private var bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Makes this the body of an exchange.
    func attach(to easy: UnsafeMutableRawPointer) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_set_long(easy, CURLOPT_POST, 1)
        _ = ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        _ = ccurl_set_read(
            easy,
            { target, size, count, user in
                guard let target, let user else { return 0 }
                let upload = Unmanaged<CurlUpload>.fromOpaque(user).takeUnretainedValue()
                return upload.read(
                    into: UnsafeMutableRawBufferPointer(
                        start: target,
                        count: size * count
                    )
                )
            },
            me
        )
        _ = ccurl_set_seek(
            easy,
            { user, offset, origin in
                guard let user, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
                let upload = Unmanaged<CurlUpload>.fromOpaque(user).takeUnretainedValue()
                return upload.seek(to: Int(offset)) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
            },
            me
        )
    }

    /// Lets go of what was sent: the service answers, so nothing is sent again.
    func release() {
        if offset == bytes.count { (bytes, offset) = ([], 0) }
    }

    private func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, bytes.count - offset)
        target.copyBytes(from: bytes[offset..<offset + count])
        offset += count
        return count
    }

    /// A kept connection that turns out to be lost makes libcurl begin again on another.
    private func seek(to offset: Int) -> Bool {
        guard (0...bytes.count).contains(offset) else { return false }
        self.offset = offset
        return true
    }
}
