package import ParleyNames
package import ParleyNetwork
package import ParleyRealtime

/// What an operator decides about the server; engines and conversations are the pipelines' matter.
///
/// ``Settings`` lists every member with its key, variable, flag, range and meaning.
package struct ServerConfiguration: Sendable, Equatable {
    package var host = "127.0.0.1"
    package var port = 8080
    /// Others may reach the server without a key.
    package var isInsecure = false
    package var corsOrigins: [String] = []
    /// Unknown members of client events are errors, as upstream has it.
    package var isStrict = false
    /// What connections speak that don't say.
    package var dialect = Dialect.ga
    package var tls = TLS()
    package var apiKeys: [APIKey] = []
    /// For every key where it says nothing; without keys, for everybody together.
    package var keyLimits = KeyLimits()
    /// Clients are sent `rate_limits.updated`.
    package var reportsRateLimits = false
    /// Nil: `models`, where there is one.
    package var modelsDirectory: String?
    /// Nil: there are no stored prompts.
    package var promptsDirectory: String?
    /// Nil: beside the program.
    package var assetsDirectory: String?
    package var defaultPipeline = "parley"
    /// What clients may call pipelines, language models and recognisers, the first that fits.
    package var modelAliases: [NameTable.Alias] = []
    /// Only names of what is real are understood.
    package var hasStrictNames = false
    package var images = Images()
    package var logLevel = LogLevel.info
    package var logFormat = LogFormat.text
    /// What is private shows in log lines at debug and below.
    package var logsPrivate = false
    package var limits = Limits()
    package var mcp = MCP()

    /// Which servers of tools clients may name, and what is done with them.
    package struct MCP: Sendable, Equatable {
        package var isEnabled = true
        /// Servers on this machine and in its networks may be named.
        package var allowsPrivateAddresses = false
        /// When there are any, only these hosts, and wherever they lead.
        package var hosts: [String] = []
        /// The model goes on by itself when tools have answered.
        package var continuesByItself = false
        /// How long a server may take to list its tools.
        package var listTime = Duration.seconds(30)
        /// How long a tool may take.
        package var callTime = Duration.seconds(120)
    }

    /// Files in PEM; both or none.
    package struct TLS: Sendable, Equatable {
        package var certificate: String?
        package var key: String?
    }

    /// Images that clients show.
    package struct Images: Sendable, Equatable {
        /// Images may be fetched from this machine and its networks.
        package var allowsPrivateAddresses = false
        /// When there are any, images are fetched from these hosts alone, private ones too.
        package var hosts: [String] = []
        /// Bytes of one image.
        package var byteCount = 8 << 20
        /// For fetching one.
        package var fetchTime = Duration.seconds(10)
    }

    /// What the process takes on.
    package struct Limits: Sendable, Equatable {
        /// Sessions at once; one more is refused.
        package var sessions = 1_000
        /// Bytes of one WebSocket message.
        ///
        /// Specified: 15 MiB of audio in base64, and room for the event around it.
        package var messageBytes = 22 << 20
        /// Specified: sixty minutes, as upstream has it.
        package var sessionTime = Duration.seconds(3_600)
        /// Specified: thirty minutes in the beta dialect; ``sessionTime`` where that is less.
        package var betaSessionTime = Duration.seconds(1_800)
        /// Between two pings to a client; one that leaves two unanswered is dropped with the next.
        ///
        /// Specified: about every twenty seconds, as upstream has it.
        package var pingInterval = Duration.seconds(20)
        /// How long running sessions may go on after `SIGTERM`.
        package var drainTime = Duration.seconds(30)
    }

    /// Makes the configuration of a server nobody has configured.
    package init() {}

    /// Only this machine can reach the server.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || Self.isLoopbackIPv4(host)
    }

    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
