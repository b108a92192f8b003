internal import ParleyHTTP
internal import ParleyNetwork

/// `GET /`: for whoever opens the server's address to see what it is.
enum Welcome {
    static let reply = HTTPReply(
        HTTPResponse(.ok, headers: [.contentType: "text/plain; charset=utf-8"]),
        body: Array(
            """
            This is Parley, a self-hosted server for the OpenAI Realtime API.

            Connect a Realtime client to /v1/realtime?model=parley (WebSocket).
            GET /v1/models lists the models, GET /health the state of the engines,
            GET /metrics what Prometheus reads; /healthz and /readyz are for probes.

            """.utf8
        )
    )
}
