internal import CCurl
internal import CCurlSystem
internal import CLinux
internal import ParleyHTTP

/// libcurl's multi handle on a loop: its sockets and its timer are the loop's.
///
/// `@unchecked Sendable`: everything happens on the loop; libcurl calls back from within our calls
/// only.
final class CurlMulti: @unchecked Sendable {
    let loop: EventLoop
    private let multi: OpaquePointer?
    private var timer: EventLoop.TimerID?
    private var transfers: [OpaquePointer: CurlTransfer] = [:]
    private var sockets: [Int32: CurlSocket] = [:]

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    init(_ loop: EventLoop, keptConnections: Int) throws(NetworkError) {
        guard Self.isReady, let multi = curl_multi_init() else {
            throw NetworkError(.connect, "the HTTP client cannot be set up")
        }
        self.loop = loop
        self.multi = OpaquePointer(multi)
        let me = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_multi_set_socket(
            multi,
            { _, fd, what, user, _ in
                guard let user else { return 0 }
                Unmanaged<CurlMulti>.fromOpaque(user).takeUnretainedValue().watch(fd, what)
                return 0
            },
            me
        )
        _ = ccurl_multi_set_timer(
            multi,
            { _, milliseconds, user in
                guard let user else { return 0 }
                Unmanaged<CurlMulti>.fromOpaque(user).takeUnretainedValue().setTimer(milliseconds)
                return 0
            },
            me
        )
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, keptConnections)
    }

    deinit {
        // The last reference may go on any thread; by then no transfer is left, and libcurl must
        // not call back into an object that is going.
        _ = ccurl_multi_set_socket(handle, nil, nil)
        _ = ccurl_multi_set_timer(handle, nil, nil)
        curl_multi_cleanup(handle)
    }

    private var handle: UnsafeMutableRawPointer? { multi.map { UnsafeMutableRawPointer($0) } }

    /// Ends all transfers and leaves the loop.
    func close() {
        for transfer in transfers.values { transfer.fail(.cancelled(transfer.place)) }
        if let timer { loop.cancelTimer(timer) }
        timer = nil
        for fd in sockets.keys { loop.unwatch(fd) }
        sockets = [:]
    }

    func add(_ transfer: CurlTransfer) throws(NetworkError) {
        transfers[OpaquePointer(transfer.easy)] = transfer
        guard curl_multi_add_handle(handle, transfer.easy) == CURLM_OK else {
            transfers[OpaquePointer(transfer.easy)] = nil
            throw NetworkError(.connect, "the request to \(transfer.place) cannot be started")
        }
    }

    /// Takes a transfer out; never to be called from within one of its callbacks.
    func remove(_ transfer: CurlTransfer) {
        guard transfers.removeValue(forKey: OpaquePointer(transfer.easy)) != nil else { return }
        curl_multi_remove_handle(handle, transfer.easy)
    }

    private func watch(_ fd: Int32, _ what: Int32) {
        guard what != CURL_POLL_REMOVE else {
            if sockets.removeValue(forKey: fd) != nil { loop.unwatch(fd) }
            return
        }
        var events: IOEvents = []
        if what & CURL_POLL_IN != 0 { events.insert(.readable) }
        if what & CURL_POLL_OUT != 0 { events.insert(.writable) }
        if sockets[fd] != nil { return loop.change(fd, events) }
        let socket = CurlSocket(fd, self)
        sockets[fd] = socket
        try? loop.watch(fd, events, socket)
    }

    /// Zero must be scheduled, too: libcurl may not be entered from its own callback.
    private func setTimer(_ milliseconds: Int) {
        if let timer { loop.cancelTimer(timer) }
        timer = nil
        guard milliseconds >= 0 else { return }
        timer = loop.schedule(at: .now + .milliseconds(milliseconds)) { [weak self] in
            self?.act(CURL_SOCKET_TIMEOUT, 0)
        }
    }

    fileprivate func act(_ fd: Int32, _ flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(handle, fd, flags, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE,
                let transfer = transfers[OpaquePointer(message.pointee.easy_handle)]
            else { continue }
            let code = message.pointee.data.result
            remove(transfer)
            transfer.finish(code)
        }
    }
}

/// One of libcurl's sockets.
private final class CurlSocket: EventHandler {
    private let fd: Int32
    private unowned let multi: CurlMulti

    init(_ fd: Int32, _ multi: CurlMulti) {
        self.fd = fd
        self.multi = multi
    }

    func ready(_ events: IOEvents) {
        var flags: Int32 = 0
        if !events.isDisjoint(with: [.readable, .hangUp]) { flags |= CURL_CSELECT_IN }
        if events.contains(.writable) { flags |= CURL_CSELECT_OUT }
        if events.contains(.error) { flags |= CURL_CSELECT_ERR }
        multi.act(fd, flags)
    }
}
