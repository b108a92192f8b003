internal import ParleyHTTP
internal import ParleyJSON

// What is asked for: from the wish to the answer.

extension MCPClient {
    mutating func begin(_ id: WorkID, _ job: Job) {
        guard stage != .closed else { return outputs.append(.failed(id, .cancelled)) }
        works[id] = Work(job: job)
        waiting.append(id)
        advance()
    }

    /// Sends what waits, or shakes hands first.
    mutating func advance() {
        switch stage {
        case .fresh: if !waiting.isEmpty { greet() }
        case .greeting, .closed: break
        case .ready:
            let ids = waiting
            waiting = []
            for id in ids { dispatch(id) }
        }
    }

    private mutating func dispatch(_ id: WorkID, cursor: String? = nil) {
        guard let work = works[id] else { return }
        switch work.job {
        case .list:
            let params: JSONObject = cursor.map { ["cursor": .string($0)] } ?? [:]
            ask(.work(id), "tools/list", params)
        case .call(let name, let arguments):
            ask(.work(id), "tools/call", ["name": .string(name), "arguments": .object(arguments)])
        }
    }

    /// Takes the answer to something asked for.
    mutating func take(_ result: JSONObject, of id: WorkID) {
        guard var work = works[id] else { return }
        switch work.job {
        case .call:
            works[id] = nil
            let answer = MCPToolResult(result)
            guard answer.isError else { return outputs.append(.called(id, answer.text)) }
            let text = answer.text.isEmpty ? "The tool failed." : answer.text
            outputs.append(.failed(id, MCPFailure(.toolExecution, text)))
        case .list(var pages):
            do throws(MCPFailure) {
                let cursor = try pages.take(result, limits)
                work.job = .list(pages)
                works[id] = work
                if let cursor { return dispatch(id, cursor: cursor) }
                works[id] = nil
                outputs.append(.listed(id, pages.tools))
            } catch {
                fail(id, error)
            }
        }
    }

    mutating func fail(_ id: WorkID, _ failure: MCPFailure) {
        guard works.removeValue(forKey: id) != nil else { return }
        waiting.removeAll { $0 == id }
        outputs.append(.failed(id, failure))
    }

    /// Fails everything that was asked for, in order.
    mutating func failAll(_ failure: MCPFailure) {
        for id in works.keys.sorted(by: { $0.number < $1.number }) { fail(id, failure) }
        questions = [:]
    }

    /// Nobody waits for it: tells the server, which may save itself the work.
    mutating func cancel(_ id: WorkID) {
        guard works.removeValue(forKey: id) != nil else { return }
        waiting.removeAll { $0 == id }
        guard let question = questions.first(where: { $0.value == .work(id) })?.key else { return }
        questions[question] = nil
        for (exchange, open) in exchanges where open.purpose == .request(question) {
            abandon(exchange)
        }
        guard stage == .ready else { return }
        let params: JSONObject = [
            "requestId": .integer(question), "reason": "The client gave it up.",
        ]
        send(.notification(method: "notifications/cancelled", params: params), .courtesy)
    }

    /// The server has forgotten the session: begins anew and asks once more, but not for ever.
    mutating func restart(_ id: WorkID, after sessionID: String?) {
        guard var work = works[id] else { return }
        work.restarts += 1
        guard work.restarts <= 1 else { return fail(id, .status(404)) }
        if case .list = work.job { work.job = .list(MCPToolPages()) }
        works[id] = work
        waiting.append(id)
        if stage == .ready, self.sessionID == sessionID {
            stage = .fresh
            self.sessionID = nil
            version = nil
        }
        advance()
    }

    // MARK: The end

    mutating func close() {
        guard stage != .closed else { return }
        for id in exchanges.keys.sorted(by: { $0.number < $1.number }) { abandon(id) }
        failAll(.cancelled)
        let hadSession = stage == .ready && sessionID != nil && transport == .streamable
        stage = .closed
        guard hadSession else { return outputs.append(.closed) }
        _ = open(MCPHTTPRequest(method: .delete, url: url, headers: headers), .goodbye)
    }
}
