internal import CCurl
internal import CCurlSystem
internal import ParleyHTTP

/// One exchange: an easy handle, and what has arrived for its reader.
///
/// Checked by eye and not by the compiler: only `HTTPClient`, an actor that runs on the loop, works
/// with it; a cancelled task and a response that is let go reach it through `loop.execute`, and
/// libcurl calls back from within our calls only.
final class CurlTransfer: @unchecked Sendable {
    private enum State {
        /// Next: ``body``, or ``failed(_:)``.
        case head
        /// Next: ``complete`` or ``failed(_:)``.
        case body
        case complete
        case failed(NetworkError)
    }

    let easy: UnsafeMutableRawPointer
    /// The host and port that messages name.
    let place: String
    private let multi: CurlMulti
    private let timeouts: HTTPClientTimeouts
    private let responseLimit: Int
    private let highWater: Int
    /// What is sent along; nil where nothing is.
    private let upload: CurlUpload?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let reason = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private var state = State.head
    /// Nil until the head is there.
    private var status: HTTPStatus?
    private(set) var headers = HTTPHeaders()
    private var pieces = Queue<[UInt8]>()
    private var headByteCount = 0
    private var byteCount = 0
    private var buffered = 0
    private var isPaused = false
    private var watchdog: Watchdog?
    /// The host led to an address that must not be reached.
    var wasForbidden = false
    /// Woken whenever something changes.
    private var readers = Waiters()

    init(
        _ request: HTTPClientRequest,
        _ multi: CurlMulti,
        _ configuration: HTTPClientConfiguration
    ) throws(NetworkError) {
        guard let easy = curl_easy_init() else {
            throw NetworkError(.connect, "the HTTP client cannot be set up")
        }
        self.easy = easy
        self.multi = multi
        place = request.url.authority.description
        timeouts = request.timeouts
        responseLimit = request.responseLimit
        upload = request.body.map(CurlUpload.init)
        highWater = configuration.highWater
        reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setUp(configuration)
        setUp(request)
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        reason.deallocate()
    }

    // MARK: Set-up

    private func setUp(_ configuration: HTTPClientConfiguration) {
        set("http,https", CURLOPT_PROTOCOLS_STR)
        set(1, CURLOPT_NOSIGNAL)
        // Waiting for a resolver's thread would hold up the loop until the name server answers.
        set(1, CURLOPT_QUICK_EXIT)
        set(1, CURLOPT_TCP_NODELAY)
        set(0, CURLOPT_FOLLOWLOCATION)
        set(1, CURLOPT_SUPPRESS_CONNECT_HEADERS)
        if let trustedFile = configuration.trustedFile { set(trustedFile, CURLOPT_CAINFO) }
        let isGuarded = configuration.demandsPublicAddresses
        if !configuration.usesEnvironmentProxy || isGuarded { set("", CURLOPT_PROXY) }
        if isGuarded { guardSockets() }
        _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, reason)
    }

    private func setUp(_ request: HTTPClientRequest) {
        set(request.url.forHTTP.description, CURLOPT_URL)
        set(milliseconds(timeouts.connect), CURLOPT_CONNECTTIMEOUT_MS)
        if let total = timeouts.total { set(milliseconds(total), CURLOPT_TIMEOUT_MS) }
        if request.method == .head {
            set(1, CURLOPT_NOBODY)
        } else {
            set(request.method.name, CURLOPT_CUSTOMREQUEST)
        }
        upload?.attach(to: easy)
        var fields = request.headers
        // libcurl would name a form's type where nothing was said.
        if request.body != nil, fields[.contentType] == nil {
            headerList = curl_slist_append(headerList, "Content-Type:")
        }
        // An upload of more than 1 MB would wait a second for "100 Continue" that few servers send.
        headerList = curl_slist_append(headerList, "Expect:")
        fields.remove(.expect)
        for field in fields.fields {
            let line = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
            headerList = curl_slist_append(headerList, line)
        }
        _ = ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
    }

    private func setCallbacks() {
        let me = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_set_write(
            easy,
            { data, size, count, user in
                guard let data, let user else { return 0 }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(user).takeUnretainedValue()
                return transfer.receive(UnsafeRawBufferPointer(start: data, count: size * count))
            },
            me
        )
        _ = ccurl_set_header(
            easy,
            { data, size, count, user in
                guard let data, let user else { return 0 }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(user).takeUnretainedValue()
                return transfer.receiveHeader(
                    UnsafeRawBufferPointer(start: data, count: size * count)
                )
            },
            me
        )
    }

    private func set(_ value: Int, _ option: CURLoption) { _ = ccurl_set_long(easy, option, value) }

    private func set(_ text: String, _ option: CURLoption) {
        _ = text.withCString { ccurl_set_pointer(easy, option, $0) }
    }

    /// libcurl takes zero for "no limit".
    private func milliseconds(_ duration: Duration) -> Int {
        max(1, Int(min(duration.inSeconds, 1_000_000) * 1000))
    }

    // MARK: Life

    func start() throws(NetworkError) {
        watchdog = Watchdog(multi.loop) { [weak self] in self?.timeOut() }
        if let firstByte = timeouts.firstByte { watchdog?.set(firstByte) }
        do throws(NetworkError) {
            try multi.add(self)
        } catch {
            watchdog?.stop()
            throw error
        }
    }

    private func timeOut() {
        switch state {
        case .head: fail(NetworkError(.timeout, "\(place) did not answer in time"))
        case .body: fail(NetworkError(.timeout, "\(place) stopped in the middle of its answer"))
        case .complete, .failed: break
        }
    }

    /// libcurl has come to the end of it.
    func finish(_ code: CURLcode) {
        if code == CURLE_OK {
            end(.complete)
        } else if wasForbidden {
            end(.failed(NetworkError(.forbidden, "\(place) leads to an address that isn't public")))
        } else {
            end(
                .failed(
                    NetworkError(
                        code,
                        place: place,
                        reason: String(cString: reason),
                        systemCode: systemCode
                    )
                )
            )
        }
    }

    /// Ends it now; not to be called from within a callback of libcurl.
    func fail(_ error: NetworkError) {
        multi.remove(self)
        end(.failed(error))
    }

    private func end(_ outcome: State) {
        watchdog?.stop()
        switch state {
        case .head, .body: state = outcome
        case .complete, .failed: return
        }
        // What arrived before a failure stays to be read.
        readers.wakeAll()
    }

    // MARK: libcurl's callbacks

    /// - Returns: How much was taken; less than it offered tells libcurl to give up.
    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        // Interim heads and trailers come by here as well, and libcurl keeps them all.
        headByteCount += bytes.count
        guard headByteCount <= Limits.responseHead else {
            let message = "\(place) sent more than \(Limits.responseHead) bytes of headers"
            end(.failed(NetworkError(.tooLarge, message)))
            return 0
        }
        if case .head = state { readHeader(bytes) }
        return bytes.count
    }

    private func readHeader(_ bytes: UnsafeRawBufferPointer) {
        var line = bytes[...]
        while let last = line.last, last == 13 || last == 10 { line = line.dropLast() }
        if line.isEmpty { return endHead() }
        if line.starts(with: "HTTP/".utf8) {
            headers = HTTPHeaders()
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPFieldName(String(decoding: line[..<colon], as: UTF8.self))
        else { return }
        let value = line[(colon + 1)...].drop { $0 == 32 || $0 == 9 }
        headers.add(name, String(decoding: value, as: UTF8.self))
    }

    private func endHead() {
        var code = 0
        _ = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &code)
        // "100 Continue" and its like are followed by the real head.
        guard code >= 200 else { return }
        status = HTTPStatus(code)
        state = .body
        upload?.release()
        restartIdle()
        readers.wakeAll()
    }

    /// - Returns: How much was taken; less than it offered tells libcurl to give up.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard case .body = state else { return 0 }
        guard buffered < highWater else {
            isPaused = true
            watchdog?.clear()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        byteCount += bytes.count
        guard byteCount <= responseLimit else {
            let message = "\(place) sent more than the \(responseLimit) bytes allowed"
            end(.failed(NetworkError(.tooLarge, message)))
            return 0
        }
        pieces.append(Array(bytes))
        buffered += bytes.count
        restartIdle()
        readers.wakeAll()
        return bytes.count
    }

    private func restartIdle() {
        if let idle = timeouts.idle { watchdog?.set(idle) } else { watchdog?.clear() }
    }

    // MARK: The reader

    /// The status, once the head is there and ``headers`` with it; nil before.
    ///
    /// - Throws: What has ended the exchange before there was one.
    func head() throws(NetworkError) -> HTTPStatus? {
        if let status { return status }
        switch state {
        case .head: return nil
        case .body, .complete:
            throw NetworkError(.protocolViolation, "\(place) did not give a final answer")
        case .failed(let error): throw error
        }
    }

    /// What a reader finds.
    enum Reading {
        case piece([UInt8])
        case end
        /// Nothing yet.
        case wait
    }

    /// Takes the next piece of the body, if it is there.
    ///
    /// - Throws: What has ended the exchange, after all that arrived before it.
    func read() throws(NetworkError) -> Reading {
        if let piece = pieces.popFirst() { return .piece(taken(piece)) }
        switch state {
        case .head, .body: return .wait
        case .complete: return .end
        case .failed(let error): throw error
        }
    }

    /// Wakes the task when there may be something new.
    func park(_ continuation: UnsafeContinuation<Void, Never>) { readers.add(continuation) }

    /// Why the system refused a connection; 0 where it didn't.
    private var systemCode: Int32 {
        var code = 0
        ccurl_get_long(easy, CURLINFO_OS_ERRNO, &code)
        return Int32(truncatingIfNeeded: code)
    }

    private func taken(_ piece: [UInt8]) -> [UInt8] {
        buffered -= piece.count
        if case .body = state, isPaused, buffered <= highWater / 2 {
            isPaused = false
            restartIdle()
            curl_easy_pause(easy, CURLPAUSE_CONT)
        }
        return piece
    }
}

extension NetworkError {
    /// What libcurl's code means, in its words or better ones.
    fileprivate init(_ code: CURLcode, place: String, reason: String, systemCode: Int32) {
        let words = reason.isEmpty ? String(cString: curl_easy_strerror(code)) : reason
        switch code {
        // Of these two libcurl says nothing but the same again.
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self.init(.resolve, "cannot resolve \(place)")
        case CURLE_COULDNT_CONNECT:
            let why = systemCode == 0 ? "" : ": \(SystemError.text(systemCode))"
            self.init(.connect, "cannot connect to \(place)\(why)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS:
            self.init(.tls, "no TLS with \(place): \(words)")
        case CURLE_OPERATION_TIMEDOUT:
            self.init(.timeout, "\(place) took too long: \(words)")
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE:
            self.init(.reset, "\(place) broke the connection: \(words)")
        default:
            // Other words may quote the URL, whose query may hold a key.
            let plain = String(cString: curl_easy_strerror(code))
            self.init(.protocolViolation, "the exchange with \(place) failed: \(plain)")
        }
    }
}
