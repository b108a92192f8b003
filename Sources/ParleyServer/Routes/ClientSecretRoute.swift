internal import ParleyHTTP
internal import ParleyJSON
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime

/// Makes client secrets: keys for browsers that open sessions of one kind, for a while.
///
/// - Source: Realtime protocol, "POST /realtime/client_secrets", "POST
///   /realtime/translations/client_secrets", "Legacy (beta) session endpoints".
struct ClientSecretRoute: Sendable {
    /// Where secrets are asked for.
    enum Endpoint: Sendable, Equatable {
        /// `/realtime/client_secrets`: the session stands in the body, for a conversation or a
        /// transcription.
        case clientSecrets
        /// `/realtime/translations/client_secrets`: the session stands in the body and names its
        /// model.
        case translationSecrets
        /// `/realtime/sessions` and `/realtime/transcription_sessions`: the body is the session.
        case flatSession(SessionKind)
    }

    let access: AccessControl
    let planner: SessionPlanner

    /// Answers a request.
    ///
    /// - Parameters:
    ///   - endpoint: Where it was posted to.
    ///   - body: What was posted.
    ///   - caller: Who asks; it has shown a key, where one is needed.
    /// - Returns: The secret and the session that it opens.
    /// - Throws: ``RESTRefusal``
    func answer(
        _ endpoint: Endpoint,
        _ body: JSONObject,
        to caller: Caller
    ) async throws(RESTRefusal) -> HTTPReply {
        let lifetime = try lifetime(at: endpoint, in: body)
        let request = endpoint.request(body)
        if endpoint == .translationSecrets { try requireModel(body) }
        let plan = try plan(request, for: caller)
        if endpoint == .clientSecrets, plan.configuration.kind == .translation {
            throw .badRequest(.translationElsewhere)
        }
        if let refusal = access.dayRefusal(of: caller) {
            throw .tooMany(refusal.message, retryAfter: refusal.retryAfter?.wholeSecondsUp ?? 1)
        }
        let record = SecretRecord(
            owner: caller.key?.digest,
            kind: plan.configuration.kind,
            dialect: plan.dialect,
            session: request.session.serialized(),
            model: plan.pipeline.name,
            expiresAt: access.unixSeconds + lifetime
        )
        let secret = WrittenSession.ClientSecret(
            value: try await mint(record),
            expiresAt: record.expiresAt
        )
        return endpoint.reply(secret, Self.object(plan))
    }

    private func plan(
        _ request: SessionRequest,
        for caller: Caller
    ) throws(RESTRefusal) -> SessionPlan {
        let model = caller.key?.pipeline ?? planner.library.names.first ?? ""
        do {
            return try planner.plan(request, model: model)
        } catch {
            throw .badRequest(error)
        }
    }

    /// A key's own pipeline doesn't count: the reference has the model as required.
    private func requireModel(_ body: JSONObject) throws(RESTRefusal) {
        do throws(JSONReadError) {
            let session = JSONReader(.object(body))["session"]
            _ = try session.object()
            _ = try session["model"].string()
        } catch {
            throw .badRequest(ProtocolError(error))
        }
    }

    private func mint(_ record: SecretRecord) async throws(RESTRefusal) -> String {
        do {
            return try await access.mint(record)
        } catch {
            switch error {
            case .full(let seconds):
                throw .tooMany(
                    "Too many client secrets are alive; the next expires in \(seconds) s.",
                    retryAfter: seconds
                )
            case .unavailable: throw .unavailable
            }
        }
    }

    /// A session that has not begun: its id is nobody's, and it has no end.
    private static func object(_ plan: SessionPlan) -> SessionObject {
        var random = SecureRandom()
        return SessionObject(
            id: SessionID(rawValue: SessionID.prefix + random.identifier(length: 21)),
            expiresAt: 0,
            configuration: plan.configuration
        )
    }
}

// MARK: - Lifetime

extension ClientSecretRoute {
    /// Seconds that a secret may live.
    ///
    /// - Source: Realtime protocol, "Limits".
    private static let lifetimes = 10...7_200

    private enum Anchor: String, CaseIterable {
        case createdAt = "created_at"
    }

    private func lifetime(
        at endpoint: Endpoint,
        in body: JSONObject
    ) throws(RESTRefusal) -> Int {
        do throws(JSONReadError) {
            let expiry = try expiry(at: endpoint, in: JSONReader(.object(body)))
            if planner.isStrict { try expiry.refuseMembers(otherThan: ["anchor", "seconds"]) }
            guard let expiry = expiry.present else { return endpoint.standardLifetime }
            _ = try expiry.object()
            _ = try expiry["anchor"].present?.choice(of: Anchor.self)
            let seconds = try expiry["seconds"].present?.integer(in: Self.lifetimes)
            return seconds ?? endpoint.standardLifetime
        } catch {
            throw .badRequest(ProtocolError(error))
        }
    }

    private func expiry(
        at endpoint: Endpoint,
        in root: JSONReader
    ) throws(JSONReadError) -> JSONReader {
        switch endpoint {
        case .clientSecrets, .translationSecrets:
            if planner.isStrict { try root.refuseMembers(otherThan: ["expires_after", "session"]) }
            return root["expires_after"]
        case .flatSession:
            let secret = root["client_secret"]
            _ = try secret.present?.object()
            if planner.isStrict {
                try secret.refuseMembers(otherThan: ["expires_after", "expires_at", "value"])
            }
            // One generation of the SDK calls it so; what comes back from here has a time there.
            if secret["expires_after"].isAbsent, case .object? = secret["expires_at"].value {
                return secret["expires_at"]
            }
            return secret["expires_after"]
        }
    }
}

// MARK: - Shapes

extension ClientSecretRoute.Endpoint {
    /// Seconds that a secret lives where nobody says.
    ///
    /// - Source: Realtime protocol, "POST /realtime/client_secrets", "Legacy session endpoints".
    fileprivate var standardLifetime: Int {
        switch self {
        case .flatSession(.realtime): 60
        case .clientSecrets, .translationSecrets, .flatSession: 600
        }
    }

    fileprivate func request(_ body: JSONObject) -> SessionRequest {
        switch self {
        case .clientSecrets:
            let session = body["session"].flatMap { $0.isNull ? nil : $0 }
            return SessionRequest(session: session ?? .object(JSONObject()))
        case .translationSecrets:
            return SessionRequest(session: body["session"] ?? .null, kind: .translation)
        case .flatSession(let kind):
            var session = body
            session["client_secret"] = nil
            return SessionRequest(session: .object(session), kind: kind, dialect: .beta, path: "")
        }
    }

    /// The answer: in GA the secret stands around the session, in beta within it.
    fileprivate func reply(
        _ secret: WrittenSession.ClientSecret,
        _ session: SessionObject
    ) -> HTTPReply {
        var writer = JSONWriter()
        switch self {
        case .clientSecrets, .translationSecrets:
            writer.object {
                $0.member("value", secret.value)
                $0.member("expires_at", secret.expiresAt)
                $0.member("session", WrittenSession(session, in: .ga))
            }
        case .flatSession:
            WrittenSession(session, in: .beta, clientSecret: secret).write(to: &writer)
        }
        // Whoever stands between may not keep it.
        let headers: HTTPHeaders = [
            .contentType: "application/json", .cacheControl: "no-store",
        ]
        return HTTPReply(HTTPResponse(.ok, headers: headers), body: writer.bytes)
    }
}

extension ProtocolError {
    fileprivate static let translationElsewhere = Self(
        .invalidValue,
        "Found 'translation', expected 'realtime' or 'transcription'; secrets for translations are "
            + "made at /v1/realtime/translations/client_secrets.",
        param: "session.type"
    )
}
