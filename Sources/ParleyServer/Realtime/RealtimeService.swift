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
    let keys: KeyRing
    let library: PipelineLibrary
    let registry: SessionRegistry
    let drivers: SessionDriver.Services
    let limits: Limits
    /// Longest session in beta, whose clients expect to be sent away earlier.
    let betaSessionTime: Duration
    /// What a connection speaks that bears no mark.
    let dialect: Dialect
    /// A client's unknown members are errors.
    let isStrict: Bool

    /// The only subprotocol that is ever selected.
    ///
    /// - Source: Realtime protocol, "Subprotocols".
    private static let protocols = ["realtime"]

    /// Serves one request for `/v1/realtime` until its session has ended.
    ///
    /// Who may come in is decided before the upgrade is answered: of one who may not, nothing is
    /// read but its close.
    func serve(_ request: HTTPRequest, _ writer: HTTPResponseWriter) async throws {
        var random = SecureRandom()
        let admission: Admission
        do throws(SessionRefusal) {
            admission = try admit(request)
        } catch {
            let farewell = farewell(for: error, &random)
            return try await writer.refuseWebSocket(protocols: Self.protocols, with: farewell)
        }
        let connection: WebSocketConnection?
        do {
            connection = try await writer.acceptWebSocket(protocols: Self.protocols)
        } catch {
            registry.release()
            throw error
        }
        guard let connection else { return registry.release() }
        do throws(SessionRefusal) {
            try await prepare(admission)
        } catch {
            registry.release()
            return await connection.close(farewell(for: error, &random))
        }
        let (driver, id) = makeDriver(admission.pipeline, admission.query, connection, &random)
        await WebSocketTransport.serve(connection, by: driver)
        registry.leave(id)
    }

    // MARK: Admission

    /// What a client gets that may have a session, with a place that is reserved for it.
    private struct Admission {
        let query: RealtimeQuery
        let pipeline: Pipeline
    }

    private func admit(_ request: HTTPRequest) throws(SessionRefusal) -> Admission {
        try checkKey(of: request)
        let query = try self.query(of: request)
        let pipeline = try pipeline(for: query)
        do {
            try registry.reserve()
        } catch {
            throw .noPlace(error)
        }
        return Admission(query: query, pipeline: pipeline)
    }

    private func prepare(_ admission: Admission) async throws(SessionRefusal) {
        do {
            try await admission.pipeline.prepare(for: admission.query.kind)
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
        drivers.log.info("Session refused", ["error.code": name])
        return WebSocketTransport.refusal(
            refusal.error,
            code: refusal.closeCode,
            eventID: EventID(rawValue: EventID.prefix + random.identifier(length: 21))
        )
    }

    private func makeDriver(
        _ pipeline: Pipeline,
        _ query: RealtimeQuery,
        _ connection: WebSocketConnection,
        _ random: inout SecureRandom
    ) -> (SessionDriver, SessionID) {
        let id = SessionID(rawValue: SessionID.prefix + random.identifier(length: 21))
        let driver = SessionDriver(
            birth(id, pipeline, query, &random),
            pipeline: pipeline,
            peer: WebSocketPeer(connection),
            loop: connection.loop,
            services: drivers
        )
        registry.enter(id, driver)
        return (driver, id)
    }

    private func birth(
        _ id: SessionID,
        _ pipeline: Pipeline,
        _ query: RealtimeQuery,
        _ random: inout SecureRandom
    ) -> Session.Birth {
        let dialect = query.dialect ?? dialect
        var birth = Session.Birth(
            id: id,
            configuration: query.configuration(with: pipeline),
            ids: IdentifierSource(seed: random.next()),
            unixTime: time(nil),
            voices: pipeline.speech.voices
        )
        birth.limits = limits
        if dialect.isBeta {
            birth.limits.sessionDuration = min(limits.sessionDuration, betaSessionTime)
        }
        birth.isStrict = isStrict
        birth.dialect = dialect
        return birth
    }

    private func checkKey(of request: HTTPRequest) throws(SessionRefusal) {
        switch keys.judge(request) {
        case .admitted: return
        case .missingKey: throw .missingKey
        case .wrongKey: throw .wrongKey
        }
    }

    private func query(of request: HTTPRequest) throws(SessionRefusal) -> RealtimeQuery {
        do {
            return try RealtimeQuery(request)
        } catch {
            throw .badRequest(error)
        }
    }

    private func pipeline(for query: RealtimeQuery) throws(SessionRefusal) -> Pipeline {
        switch query.kind {
        case .realtime:
            guard let model = query.model else { throw .missingModel(known: library.models) }
            guard let pipeline = library.serving(model) else {
                throw .unknownModel(model, known: library.models)
            }
            return pipeline
        case .transcription:
            // The name is a recogniser's, and clients hard-code those of the vendor.
            guard let pipeline = query.model.flatMap({ library[$0] }) ?? library.default else {
                throw .missingModel(known: library.names)
            }
            return pipeline
        }
    }

    private func noteFailure(_ failure: PipelineError) {
        drivers.log.error(
            "Pipeline not ready",
            [
                "pipeline": failure.pipeline, "engine.role": failure.role.rawValue,
                "engine": failure.engine, "engine.fault": failure.cause.fault.rawValue,
                "engine.detail": failure.cause.detail,
            ]
        )
    }
}
