internal import ParleyHTTP
internal import ParleyJSON

// The first words on both sides, over either transport.

extension MCPClient {
    mutating func greet() {
        stage = .greeting
        let params: JSONObject = [
            "protocolVersion": .string(MCPVersion.preferred.rawValue),
            "capabilities": [:],
            "clientInfo": ["name": .string(identity.name), "version": .string(identity.version)],
        ]
        ask(.greeting, "initialize", params)
    }

    /// Takes the server's first words.
    ///
    /// - Parameters:
    ///   - result: What it says.
    ///   - id: The session it names in the head of its answer.
    mutating func takeGreeting(_ result: JSONObject, session id: String?) {
        guard let name = result["protocolVersion"]?.string else {
            return failGreeting(.violation("The server's greeting names no version of MCP."))
        }
        guard let version = MCPVersion(rawValue: name) else {
            return failGreeting(
                .violation("The server speaks MCP \(name.prefix(40)), which is not understood.")
            )
        }
        guard id?.isHeaderText ?? true else {
            return failGreeting(.violation("The server's session id is not visible ASCII."))
        }
        self.version = version
        sessionID = id
        send(.notification(method: "notifications/initialized", params: [:]), .initialized)
    }

    /// The server has heard that the handshake is over.
    mutating func finishGreeting() {
        guard stage == .greeting else { return }
        stage = .ready
        advance()
    }

    /// There is nobody to talk to: whoever asks next tries anew.
    mutating func failGreeting(_ failure: MCPFailure) {
        stage = .fresh
        sessionID = nil
        version = nil
        if case .legacy(let stream, _) = transport { abandon(stream) }
        transport = .streamable
        hasTriedLegacy = false
        let failure = refusal ?? failure
        refusal = nil
        failAll(failure)
    }

    // MARK: The older transport

    /// Servers of 2024 know no POST at this place, but a stream that says where to post.
    ///
    /// - Source: MCP 2025-11-25, "Transports", "Backwards compatibility".
    mutating func tryLegacy(after status: Int) {
        hasTriedLegacy = true
        refusal = .status(status)
        questions = questions.filter { $0.value != .greeting }
        var fields = headers
        fields.add(.accept, "text/event-stream")
        var request = MCPHTTPRequest(method: .get, url: url, headers: fields)
        request.isStream = true
        transport = .legacy(stream: open(request, .stream), endpoint: nil)
    }

    /// The stream says where messages go; only a place of the same origin will do.
    mutating func takeEndpoint(_ reference: String) {
        guard case .legacy(let stream, nil) = transport else { return }
        guard let endpoint = url.sameOrigin(reference) else {
            refusal = nil
            return failGreeting(.violation("The server's stream names a place of another origin."))
        }
        refusal = nil
        transport = .legacy(stream: stream, endpoint: endpoint)
        greet()
    }
}

extension String {
    /// It can be sent back in a header: visible ASCII, of a length that servers take.
    var isHeaderText: Bool {
        (1...1_024).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
