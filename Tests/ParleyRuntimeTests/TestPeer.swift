import ParleyJSON
import ParleyRuntime
import ParleySession
import Synchronization

/// A client that keeps what it is sent and can be asked to wait for more.
final class TestPeer: Peer {
    private struct State {
        var events: [JSONObject] = []
        var closed: Session.CloseReason?
        var waiting: [(type: String, continuation: CheckedContinuation<JSONObject, Never>)] = []
    }

    private let state = Mutex(State())

    func send(_ event: [UInt8]) {
        guard case .object(let object) = try? JSON.parse(event) else { return }
        let ready = state.withLock { state in
            state.events.append(object)
            let type = object["type"]
            let ready = state.waiting.filter { JSON.string($0.type) == type }
            state.waiting.removeAll { JSON.string($0.type) == type }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: object) }
    }

    func drained() async {}

    func close(_ reason: Session.CloseReason) {
        state.withLock { $0.closed = reason }
    }

    /// The first event of a type; waits for it when it has not come.
    func first(_ type: String) async -> JSONObject {
        await withCheckedContinuation { continuation in
            let found = state.withLock { state in
                let found = state.events.first { $0["type"] == .string(type) }
                if found == nil { state.waiting.append((type, continuation)) }
                return found
            }
            if let found { continuation.resume(returning: found) }
        }
    }

    var types: [String] {
        state.withLock { state in
            state.events.compactMap { event in
                if case .string(let type) = event["type"] { type } else { nil }
            }
        }
    }

    var closed: Session.CloseReason? { state.withLock { $0.closed } }

    /// Bytes of audio that were sent, decoded.
    var audioByteCount: Int {
        state.withLock { state in
            state.events.reduce(0) { sum, event in
                guard event["type"] == "response.output_audio.delta",
                    let delta = event["delta"]?.string
                else { return sum }
                let padding = delta.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
                return sum + delta.utf8.count / 4 * 3 - padding
            }
        }
    }
}
