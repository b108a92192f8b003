internal import ParleyNetwork
internal import ParleyRealtime
internal import ParleyRuntime

/// The one table of the server's settings.
package enum Settings {
    /// Every setting, in the order of help and documents.
    package static let all: [Setting] = [
        Setting("server.host", "host", .text(\.host, "address"), "Address to listen on."),
        Setting("server.port", "port", .integer(\.port, 0...65_535), "Port; 0 takes a free one."),
        Setting(
            "server.insecure",
            "insecure",
            .bool(\.isInsecure),
            "Let other machines in without a key."
        ),
        Setting(
            "server.cors_origins",
            "cors-origins",
            .list(\.corsOrigins),
            "Origins whose pages may call from a browser; * for all."
        ),
        Setting(
            "server.strict_parameters",
            "strict-parameters",
            .bool(\.isStrict),
            "Answer unknown members of events with an error."
        ),
        Setting(
            "server.dialect",
            "dialect",
            .choice(dialect),
            "What connections speak that don't say: GA, beta, or beta as Speaches has it."
        ),
        Setting(
            "server.rate_limit_events",
            "rate-limit-events",
            .bool(\.reportsRateLimits),
            "Tell clients after each response what their key's limits leave."
        ),
        Setting(
            "server.strict_names",
            "strict-names",
            .bool(\.hasStrictNames),
            "Understand no other names for models, recognisers and voices than their own."
        ),
        Setting(
            "server.tls.certificate",
            "tls-certificate",
            .file(\.tls.certificate),
            "Certificate chain in PEM; serves HTTPS and WSS."
        ),
        Setting(
            "server.tls.key",
            "tls-key",
            .file(\.tls.key),
            "Private key in PEM."
        ),
        Setting("api_keys", "api-key", .keys(\.apiKeys), "Keys that clients may show."),
        Setting(
            "models_dir",
            "models-dir",
            .folder(\.modelsDirectory),
            "Folder of pipelines and stages; models, if there is one."
        ),
        Setting(
            "prompts_dir",
            "prompts-dir",
            .folder(\.promptsDirectory),
            "Folder of prompts that clients may name."
        ),
        Setting(
            "assets_dir",
            "assets-dir",
            .folder(\.assetsDirectory),
            "Folder of model weights; beside the program, if not set."
        ),
        Setting(
            "default_pipeline",
            "default-pipeline",
            .text(\.defaultPipeline, "name"),
            "Pipeline that is loaded at the start and listed first."
        ),
        Setting(
            "model_aliases",
            "model-alias",
            .aliases(\.modelAliases),
            "Other names for pipelines, language models and recognisers; * and ? are wildcards."
        ),
        Setting(
            "mcp.enabled",
            "mcp-enabled",
            .bool(\.mcp.isEnabled),
            "Whether clients may name MCP servers."
        ),
        Setting(
            "mcp.allow_private",
            "mcp-allow-private",
            .bool(\.mcp.allowsPrivateAddresses),
            "Let clients name MCP servers on this machine and in its networks."
        ),
        Setting(
            "mcp.hosts",
            "mcp-hosts",
            .hosts(\.mcp.hosts),
            "Hosts whose MCP servers may be named, private ones too; any public one, if not set."
        ),
        Setting(
            "mcp.auto_continue",
            "mcp-auto-continue",
            .bool(\.mcp.continuesByItself),
            "Answer again by itself when MCP tools have answered."
        ),
        Setting(
            "mcp.list_seconds",
            "mcp-list-seconds",
            .duration(\.mcp.listTime, 1...600),
            "Seconds an MCP server may take to list its tools."
        ),
        Setting(
            "mcp.call_seconds",
            "mcp-call-seconds",
            .duration(\.mcp.callTime, 1...3_600),
            "Seconds an MCP tool may take."
        ),
        Setting(
            "images.allow_private",
            "images-allow-private",
            .bool(\.images.allowsPrivateAddresses),
            "Let clients name images on this machine and in its networks."
        ),
        Setting(
            "images.hosts",
            "images-hosts",
            .hosts(\.images.hosts),
            "Hosts whose images may be named, private ones too; any public one, if not set."
        ),
        Setting(
            "images.bytes",
            "images-bytes",
            .integer(\.images.byteCount, ImagePolicy.byteCounts),
            "Bytes of one image; one in a message must fit into limits.message_bytes as base64."
        ),
        Setting(
            "images.fetch_seconds",
            "images-fetch-seconds",
            .duration(\.images.fetchTime, 1...120),
            "Seconds that fetching an image may take."
        ),
        Setting("log.level", "log-level", .choice(logLevel), "The least that is logged."),
        Setting("log.format", "log-format", .choice(logFormat), "How log lines are written."),
        Setting(
            "log.private",
            "log-private",
            .bool(\.logsPrivate),
            "Show what is private in log lines, where the level is debug or trace."
        ),
        Setting(
            "limits.sessions",
            "limit-sessions",
            .integer(\.limits.sessions, 1...100_000),
            "Sessions at once; one more is refused."
        ),
        Setting(
            "limits.message_bytes",
            "limit-message-bytes",
            .integer(\.limits.messageBytes, 65_536...268_435_456),
            "Bytes of one WebSocket message."
        ),
        Setting(
            "limits.session_seconds",
            "limit-session-seconds",
            .duration(\.limits.sessionTime, 1...86_400),
            "Seconds a session may last."
        ),
        Setting(
            "limits.beta_session_seconds",
            "limit-beta-session-seconds",
            .duration(\.limits.betaSessionTime, 1...86_400),
            "Seconds a session may last in the beta dialect, if that is less."
        ),
        Setting(
            "limits.ping_seconds",
            "limit-ping-seconds",
            .duration(\.limits.pingInterval, 1...3_600),
            "Seconds between pings; who leaves two unanswered is dropped with the next."
        ),
        Setting(
            "limits.drain_seconds",
            "limit-drain-seconds",
            .duration(\.limits.drainTime, 0...3_600),
            "Seconds running sessions may go on after SIGTERM."
        ),
        Setting(
            "limits.key_sessions",
            "limit-key-sessions",
            .optionalInteger(\.keyLimits.sessions, KeyLimits.sessionRange),
            "Sessions of one key at once, where the key doesn't say."
        ),
        Setting(
            "limits.key_sessions_per_minute",
            "limit-key-sessions-per-minute",
            .optionalInteger(\.keyLimits.sessionsPerMinute, KeyLimits.sessionsPerMinuteRange),
            "Sessions of one key begun within a minute, where the key doesn't say."
        ),
        Setting(
            "limits.key_minutes_per_day",
            "limit-key-minutes-per-day",
            .optionalInteger(\.keyLimits.minutesPerDay, KeyLimits.minutesPerDayRange),
            "Minutes that sessions of one key last in a day of UTC, where the key doesn't say."
        ),
    ]

    /// Variables of ours that are no settings: where the file is, and what the tests are told.
    static let otherVariables = [
        "PARLEY_CONFIG", "PARLEY_UPDATE_TRACES", "PARLEY_UPDATE_DOCS",
    ]

    private static let dialect = Setting.Choice(
        names: Dialect.allCases.map(\.rawValue),
        name: { $0.dialect.rawValue },
        set: { $0.dialect = Dialect(rawValue: $1) ?? .ga }
    )

    private static let logLevel = Setting.Choice(
        names: LogLevel.allCases.map(\.name),
        name: { $0.logLevel.name },
        set: { $0.logLevel = LogLevel(name: $1) ?? .info }
    )

    private static let logFormat = Setting.Choice(
        names: LogFormat.allCases.map(\.rawValue),
        name: { $0.logFormat.rawValue },
        set: { $0.logFormat = LogFormat(rawValue: $1) ?? .text }
    )

    /// The settings as help lists them: flag and meaning, below them variable, range and default.
    package static var help: String {
        all.map { setting in
            let flag = "  \(setting.flag) \(setting.placeholder)".paddedTo(34)
            let fallback = setting.defaultText.isEmpty ? "" : ", default \(setting.defaultText)"
            return """
                \(flag) \(setting.summary)
                \("".paddedTo(34)) \(setting.variable), \(setting.path)\(fallback)
                """
        }.joined(separator: "\n")
    }

    /// The settings as a table for the documents.
    package static var markdown: String {
        let head = """
            | key in `parley.yaml` | variable | flag | value | default | meaning |
            | --- | --- | --- | --- | --- | --- |
            """
        let rows = all.map { setting in
            let cells = [
                "`\(setting.path)`", "`\(setting.variable)`", "`\(setting.flag)`",
                setting.expectation,
                setting.defaultText.isEmpty ? "–" : "`\(setting.defaultText)`", setting.summary,
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        return ([head] + rows).joined(separator: "\n")
    }
}

extension String {
    fileprivate func paddedTo(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
