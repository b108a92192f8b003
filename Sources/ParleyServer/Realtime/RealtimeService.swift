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

    /// The one subprotocol that is ever selected.
    ///
    /// - Source: Realtime protocol, "Subprotocols".
    private static let subprotocol = "realtime"

    /// Serves one request for `/v1/realtime` until its session has ended.
    func serve(_ request: HTTPRequest, _ writer: HTTPResponseWriter) async throws {
        let accepted = try await writer.acceptWebSocket(protocols: [Self.subprotocol])
        guard let connection = accepted else { return }
        var random = SecureRandom()
        do {
            let (driver, id) = try await admit(request, connection, &random)
            await WebSocketTransport.serve(connection, by: driver)
            registry.leave(id)
        } catch {
            drivers.log.info(
                "Session refused",
                ["error.code": error.error.code?.rawValue ?? error.error.kind.rawValue]
            )
            await WebSocketTransport.refuse(
                connection,
                error.error,
                code: error.closeCode,
                eventID: EventID(rawValue: EventID.prefix + random.identifier(length: 21))
            )
        }
    }

    // MARK: Admission

    private func admit(
        _ request: HTTPRequest,
        _ connection: WebSocketConnection,
        _ random: inout SecureRandom
    ) async throws(SessionRefusal) -> (SessionDriver, SessionID) {
        try checkKey(of: request)
        let query = try self.query(of: request)
        let pipeline = try pipeline(for: query)
        do {
            try registry.reserve()
        } catch {
            throw .noPlace(error)
        }
        do {
            try await pipeline.prepare(for: query.kind)
        } catch {
            registry.release()
            noteFailure(error)
            throw .engineFailed(error)
        }
        return makeDriver(pipeline, query, connection, &random)
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
            guard let model = query.model else { throw .missingModel(known: library.names) }
            guard let pipeline = library[model] else {
                throw .unknownModel(model, known: library.names)
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
