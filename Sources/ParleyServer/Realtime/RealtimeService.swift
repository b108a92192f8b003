internal import Glibc
internal import ParleyEngine
internal import ParleyHTTP
internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime
internal import ParleySession
internal import ParleyWebSocketTransport

/// Gives a session to each WebSocket that may have one, and a reason to each that may not.
struct RealtimeService: Sendable {
    let access: AccessControl
    let planner: SessionPlanner
    let registry: SessionRegistry
    let drivers: SessionDriver.Services
    let limits: Limits
    /// Longest session in beta, whose clients expect to be sent away earlier.
    let betaSessionTime: Duration
    /// What a connection speaks where nothing says otherwise.
    let dialect: Dialect
    /// Clients hear what the limits of their key leave.
    let reportsRateLimits: Bool
    /// When MCP tools have answered, the model goes on without being asked.
    let continuesAfterTools: Bool

    /// The only subprotocol that is ever selected.
    ///
    /// - Source: Realtime protocol, "Subprotocols".
    private static let protocols = ["realtime"]

    /// Serves one request for `/v1/realtime` or `/v1/realtime/translations` until its session has
    /// ended.
    ///
    /// Who may come in is decided before the upgrade is answered: of one who may not, nothing is
    /// read but its close.
    func serve(
        _ request: HTTPRequest,
        _ writer: HTTPResponseWriter,
        of kind: SessionKind?
    ) async throws {
        var random = SecureRandom()
        let admission: Admission
        do throws(SessionRefusal) {
            admission = try await admit(request, of: kind)
        } catch {
            let farewell = farewell(for: error, &random)
            return try await writer.refuseWebSocket(protocols: Self.protocols, with: farewell)
        }
        defer { access.leave(admission.ticket) }
        let connection: WebSocketConnection?
        do {
            connection = try await writer.acceptWebSocket(protocols: Self.protocols)
        } catch {
            registry.release()
            throw error
        }
        guard let connection else { return registry.release() }
        do throws(SessionRefusal) {
            try await prepare(admission.plan)
        } catch {
            registry.release()
            return await connection.close(farewell(for: error, &random))
        }
        let (driver, id) = makeDriver(admission, connection, &random)
        await WebSocketTransport.serve(connection, by: driver)
        registry.leave(id)
    }

    // MARK: Admission

    /// What a client gets that may have a session, with a place that is reserved for it.
    private struct Admission {
        let caller: Caller
        let plan: SessionPlan
        let ticket: QuotaLedger.Ticket
    }

    private func admit(
        _ request: HTTPRequest,
        of kind: SessionKind?
    ) async throws(SessionRefusal) -> Admission {
        let caller = try await caller(of: request)
        let plan = try plan(query(request, of: kind), for: caller)
        return Admission(caller: caller, plan: plan, ticket: try takePlace(for: caller))
    }

    private func caller(of request: HTTPRequest) async throws(SessionRefusal) -> Caller {
        switch await access.judge(request) {
        case .admitted(let caller): return caller
        case .missingKey: throw .missingKey
        case .wrongKey: throw .wrongKey
        case .unavailable: throw .unavailable
        }
    }

    private func takePlace(
        for caller: Caller
    ) throws(SessionRefusal) -> QuotaLedger.Ticket {
        do {
            try registry.reserve()
        } catch {
            throw .noPlace(error)
        }
        do {
            return try access.admit(caller)
        } catch {
            registry.release()
            throw .overLimit(error)
        }
    }

    private func prepare(_ plan: SessionPlan) async throws(SessionRefusal) {
        do {
            try await plan.pipeline.prepare(for: plan.configuration.kind)
        } catch {
            noteFailure(error)
            throw .engineFailed(error)
        }
    }

    private func farewell(
        for refusal: SessionRefusal,
        _ random: inout SecureRandom
    ) -> WebSocketFarewell {
        let name = refusal.error.code?.rawValue ?? refusal.error.kind.rawValue
        drivers.log.repeatable(.info, "Session refused", ["error.code": name])
        return WebSocketTransport.refusal(
            refusal.error,
            code: refusal.closeCode,
            eventID: EventID(rawValue: EventID.prefix + random.identifier(length: 21))
        )
    }

    private func makeDriver(
        _ admission: Admission,
        _ connection: WebSocketConnection,
        _ random: inout SecureRandom
    ) -> (SessionDriver, SessionID) {
        let id = SessionID(rawValue: SessionID.prefix + random.identifier(length: 21))
        let driver = SessionDriver(
            birth(id, admission.plan, &random),
            pipeline: admission.plan.pipeline,
            peer: WebSocketPeer(connection),
            loop: connection.loop,
            services: services(for: admission.caller)
        )
        registry.enter(id, driver, admission.ticket)
        return (driver, id)
    }

    private func services(for caller: Caller) -> SessionDriver.Services {
        var services = drivers
        if let key = caller.key { services.log = services.log.with(["key.name": key.name]) }
        services.rateLimits = { [access] in access.rateLimits(of: caller) }
        return services
    }

    private func birth(
        _ id: SessionID,
        _ plan: SessionPlan,
        _ random: inout SecureRandom
    ) -> Session.Birth {
        var birth = Session.Birth(
            id: id,
            configuration: plan.configuration,
            ids: IdentifierSource(seed: random.next()),
            unixTime: time(nil),
            names: plan.names
        )
        birth.seesImages = plan.pipeline.seesImages
        birth.prompts = plan.prompts
        birth.speculation = plan.pipeline.speculation
        birth.limits = limits
        birth.compaction = plan.pipeline.compaction?.rules
        birth.limits.contextTokenCount = plan.pipeline.readableTokenCount
        birth.limits.contextItemCount = plan.pipeline.historyItemCount
        if plan.dialect.isBeta {
            birth.limits.sessionDuration = min(limits.sessionDuration, betaSessionTime)
        }
        birth.isStrict = planner.isStrict
        birth.dialect = plan.dialect
        birth.reportsRateLimits = reportsRateLimits
        birth.toolServers = planner.toolServers
        birth.continuesAfterTools = continuesAfterTools
        birth.spokenLanguage = plan.pipeline.spokenLanguage
        birth.voiceLanguages = plan.pipeline.speech.languages
        return birth
    }

    private func query(
        _ request: HTTPRequest,
        of kind: SessionKind?
    ) throws(SessionRefusal) -> RealtimeQuery {
        do {
            return try RealtimeQuery(request, of: kind)
        } catch {
            throw .badRequest(error)
        }
    }

    /// What the client secret stands for, or what the URL asks for.
    private func plan(
        _ query: RealtimeQuery,
        for caller: Caller
    ) throws(SessionRefusal) -> SessionPlan {
        do {
            if let secret = caller.secret { return try planner.plan(secret, at: query) }
            let dialect = query.dialect ?? caller.key?.dialect ?? dialect
            return try planner.plan(query, in: dialect, pipeline: caller.key?.pipeline)
        } catch {
            throw .badRequest(error)
        }
    }

    private func noteFailure(_ failure: PipelineError) {
        drivers.log.repeatable(
            .error,
            "Pipeline not ready",
            [
                "pipeline": failure.pipeline, "engine.role": failure.role.rawValue,
                "engine": failure.engine, "engine.fault": failure.cause.fault.rawValue,
                "engine.detail": failure.cause.detail,
            ]
        )
    }
}
