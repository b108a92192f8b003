import Foundation
import ParleyNames
import ParleyNetwork
import ParleyRemoteEngine
import ParleyYAML
import Testing

@testable import ParleyServer

@Suite("The server's configuration is read")
struct ConfigurationServerTests {
    private func read(
        _ file: String? = nil,
        environment: [String: String] = [:],
        flags: [(name: String, value: String?)] = []
    ) throws(YAMLProblems) -> ServerConfiguration {
        var sources = ServerConfiguration.Sources()
        sources.file = file.map { ConfigurationFile(name: "parley.yaml", text: $0) }
        sources.environment = environment
        sources.flags = flags
        return try ServerConfiguration.read(sources)
    }

    private func problems(
        _ file: String? = nil,
        environment: [String: String] = [:],
        flags: [(name: String, value: String?)] = []
    ) -> [String] {
        do throws(YAMLProblems) {
            _ = try read(file, environment: environment, flags: flags)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("Without any word the server is local, open to this machine only")
    func defaults() throws {
        let configuration = try read()
        #expect(configuration == ServerConfiguration())
        #expect(configuration.isLoopback)
        #expect(configuration.port == 8080)
    }

    @Test("An image may be as large as one that fits into a response, and no larger")
    func largestImage() throws {
        #expect(try read("images: {bytes: 33553408}").images.byteCount == 33_553_408)
        let found = problems("images: {bytes: 33553409}")
        #expect(found.count == 1)
        #expect(found.first?.contains("images.bytes") == true)
        #expect(found.first?.contains("33553408") == true)
    }

    @Test("A file sets everything")
    func wholeFile() throws {
        let configuration = try read(
            """
            server:
              host: 0.0.0.0
              port: 9000
              insecure: true
              cors_origins: [https://a.example, https://b.example]
              strict_parameters: true
              tls: {certificate: cert.pem, key: key.pem}
            api_keys:
              - {name: alice, key: one}
              - {name: bob, key_env: BOB_KEY}
            models_dir: /srv/models
            assets_dir: /srv/assets
            default_pipeline: home
            log: {level: debug, format: json}
            limits:
              sessions: 5
              message_bytes: 65536
              session_seconds: 120
              ping_seconds: 5
              drain_seconds: 0
            """,
            environment: ["BOB_KEY": "two"]
        )
        var expected = ServerConfiguration()
        expected.host = "0.0.0.0"
        expected.port = 9000
        expected.isInsecure = true
        expected.corsOrigins = ["https://a.example", "https://b.example"]
        expected.isStrict = true
        expected.tls.certificate = "cert.pem"
        expected.tls.key = "key.pem"
        expected.apiKeys = [
            APIKey(name: "alice", digest: SecretDigest(of: "one")),
            APIKey(name: "bob", digest: SecretDigest(of: "two")),
        ]
        expected.modelsDirectory = "/srv/models"
        expected.assetsDirectory = "/srv/assets"
        expected.defaultPipeline = "home"
        expected.logLevel = .debug
        expected.logFormat = .json
        expected.limits.sessions = 5
        expected.limits.messageBytes = 65_536
        expected.limits.sessionTime = .seconds(120)
        expected.limits.pingInterval = .seconds(5)
        expected.limits.drainTime = .zero
        #expect(configuration == expected)
    }

    @Test("Flags win over the environment, and that over the file")
    func order() throws {
        let file = "server: {port: 1, host: 127.0.0.1}\nlog: {level: debug}\n"
        let environment = ["PARLEY_PORT": "2", "PARLEY_HOST": "127.0.0.2"]
        let configuration = try read(file, environment: environment, flags: [("--port", "3")])
        #expect(configuration.port == 3)
        #expect(configuration.host == "127.0.0.2")
        #expect(configuration.logLevel == .debug)
    }

    @Test("A flag given twice: lists take both, others the last")
    func repeatedFlags() throws {
        let configuration = try read(flags: [
            ("--api-key", "a"), ("--port", "1"), ("--api-key", "b,c"), ("--port", "2"),
        ])
        #expect(
            configuration.apiKeys.map(\.digest) == ["a", "b", "c"].map { SecretDigest(of: $0) }
        )
        #expect(configuration.port == 2)
    }

    @Test("A switch needs no value, and can be switched off")
    func switches() throws {
        #expect(try read(flags: [("--insecure", nil)]).isInsecure)
        #expect(try !read("server: {insecure: true}", flags: [("--insecure", "false")]).isInsecure)
    }

    @Test("Everything wrong is reported at once, with its place")
    func allProblems() {
        let file = """
            server:
              port: http
              prot: 1
            log: {level: inof}
            limits: {sessions: 0}
            api_keys: [{name: a}]
            """
        let found = problems(
            file,
            environment: ["PARLEY_LOG_FORMAT": "xml", "PARLEY_PROT": "1"],
            flags: [("--prot", "1"), ("--port", "99999")]
        )
        #expect(
            found == [
                "PARLEY_LOG_FORMAT: found \"xml\", expected \"text\" or \"json\"",
                "PARLEY_PROT: unknown variable; did you mean \"PARLEY_PORT\"?",
                "--port: found \"99999\", expected a number from 0 to 65535",
                "--prot: unknown flag; did you mean \"--port\"?",
                "parley.yaml:2:9: server.port: found \"http\", expected a number from 0 to 65535",
                "parley.yaml:3:3: server.prot: unknown key; did you mean \"port\"?",
                "parley.yaml:4:14: log.level: found \"inof\", expected \"trace\", \"debug\", "
                    + "\"info\", \"warning\" or \"error\"; did you mean \"info\"?",
                "parley.yaml:5:20: limits.sessions: found \"0\", "
                    + "expected a number from 1 to 100000",
                "parley.yaml:6:12: api_keys[0].key: missing, expected a key, "
                    + "or \"key_env\" with the variable that holds it",
            ]
        )
    }

    @Test("Hosts that no URL could have are refused, wherever they stand")
    func wrongHosts() throws {
        let expected = "expected hosts such as nas.lan, nas.lan:8000 or *.example.org"
        #expect(
            problems("mcp: {hosts: [nas.lan, 'http://a/']}", flags: [("--mcp-hosts", "*.b:1,c")])
                == [
                    "--mcp-hosts: found \"*.b:1\", \(expected)",
                    "parley.yaml:1:24: mcp.hosts[1]: found \"http://a/\", \(expected)",
                ]
        )
        #expect(try read("mcp: {hosts: [nas.lan, '*.a.b']}").mcp.hosts == ["nas.lan", "*.a.b"])
    }

    @Test("A list of no hosts is refused, for it would let all be reached")
    func noHosts() {
        let problem = "found no host, expected hosts such as nas.lan, nas.lan:8000 or *.example.org"
        #expect(problems("mcp: {hosts: []}") == ["parley.yaml:1:14: mcp.hosts: \(problem)"])
        #expect(problems("", flags: [("--mcp-hosts", "")]) == ["--mcp-hosts: \(problem)"])
        #expect(problems("", flags: [("--mcp-hosts", ",")]) == ["--mcp-hosts: \(problem)"])
    }

    @Test(
        "Wrong keys are named, never shown",
        arguments: [
            ("api_keys: ['se cret']", "expected a key of visible ASCII characters without commas"),
            ("api_keys: [{name: a, key: 'se,cret'}]", "expected a key of visible ASCII"),
            ("api_keys: [{name: a, key: secret, key_env: B}]", "stands beside \"key\""),
            (
                "api_keys: [{name: a, key_env: SECRET}]",
                "the environment variable SECRET is not set"
            ),
            ("api_keys: [{key: secret}]", "missing, expected text"),
            ("api_keys: [{name: a, key: b}, {name: a, key: c}]", "two keys have the same name"),
            ("api_keys: [secret, secret]", "two entries are the same key"),
            ("api_keys: ['ek_hidden']", "expected a key that doesn't begin with \"ek_\""),
            ("api_keys: ['sha256:secret']", "expected 64 hexadecimal digits"),
        ]
    )
    func wrongKeys(file: String, message: String) {
        let found = problems(file).joined(separator: "\n")
        #expect(found.contains(message), "\(found)")
        #expect(!found.contains("secret") && !found.contains("cret'"))
    }

    @Test("An empty key lets nobody in by accident")
    func emptyKey() {
        #expect(problems(environment: ["PARLEY_API_KEY": ""]).count == 1)
        #expect(problems(flags: [("--api-key", nil)]).count == 1)
    }

    @Test(
        "An address that others can reach needs a key",
        arguments: [
            "0.0.0.0", "::", "192.168.1.2", "parley.example", "127.0.0.1.example", "127.0.0",
        ]
    )
    func exposed(host: String) {
        let found = problems(flags: [("--host", host)])
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("--host: found \"\(host)\", which other machines") == true
        )
        #expect(found.first?.contains("set --api-key, or --insecure") == true)
        #expect(problems(flags: [("--host", host), ("--api-key", "k")]).isEmpty)
        #expect(problems(flags: [("--host", host), ("--insecure", nil)]).isEmpty)
    }

    @Test("Other names for models come in the order in which they were written")
    func modelAliases() throws {
        let file = try read("model_aliases: {'gpt-4o*': kitchen, '*': parley}").modelAliases
        let flag = try read(flags: [
            ("--model-alias", "gpt-4o*=kitchen"), ("--model-alias", "*=parley"),
        ])
        let variable = try read(environment: ["PARLEY_MODEL_ALIAS": "gpt-4o* = kitchen, *=parley"])
        #expect(file.map(\.pattern.description) == ["gpt-4o*", "*"])
        #expect(file.map(\.target) == ["kitchen", "parley"])
        #expect(flag.modelAliases == file && variable.modelAliases == file)
    }

    @Test(
        "Half of an alias is refused",
        arguments: [
            ("--model-alias", "gpt-4o"), ("--model-alias", "=parley"), ("--model-alias", "a="),
        ]
    )
    func halfAlias(flag: String, value: String) {
        let found = problems(flags: [(flag, value)])
        #expect(found.count == 1 && found[0].contains("expected name=target pairs"))
    }

    @Test("Half of TLS is refused", arguments: ["certificate", "key"])
    func halfTLS(present: String) {
        let found = problems("server: {tls: {\(present): a.pem}}")
        #expect(found.count == 1 && found[0].contains("as \"server.tls.\(present)\" is set"))
    }

    @Test("What can't be true together is named as the operator named it")
    func contradictionNames() {
        let flags = problems(flags: [("--tls-certificate", "a.pem")])
        #expect(
            flags == ["--tls-key: missing, expected a file, as \"--tls-certificate\" is set"]
        )
        let variables = problems(environment: ["PARLEY_HOST": "::"])
        #expect(variables.first?.hasPrefix("PARLEY_HOST: found") == true)
        #expect(variables.first?.contains("set PARLEY_API_KEY, or PARLEY_INSECURE") == true)
        let file = problems("server: {host: '::'}")
        #expect(file.first?.hasPrefix("parley.yaml:1:16: server.host: found") == true)
    }

    @Test("A flag wins over the file, and so does its name")
    func flagNames() {
        let found = problems("server: {host: '::'}", flags: [("--host", "0.0.0.0")])
        #expect(found.first?.hasPrefix("--host: found \"0.0.0.0\"") == true)
    }

    @Test("Variables that Kubernetes sets for a service of our name are not ours")
    func kubernetes() throws {
        let environment = [
            "PARLEY_PORT": "tcp://10.0.0.1:8080", "PARLEY_PORT_8080_TCP": "x",
            "PARLEY_SERVICE_HOST": "10.0.0.1",
        ]
        #expect(try read(environment: environment) == ServerConfiguration())
    }

    @Test("A variable like none of ours may be anybody's")
    func foreignVariable() throws {
        #expect(try read(environment: ["PARLEY_OLLAMA_TOKEN": "x"]) == ServerConfiguration())
    }

    @Test("A secret is never printed")
    func secretsStaySecret() {
        let key = Secret("hidden")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("hidden"))
    }

    @Test("Names of keys, variables and flags are unique")
    func uniqueNames() {
        let settings = Settings.all
        #expect(Set(settings.map(\.path)).count == settings.count)
        #expect(Set(settings.map(\.variable)).count == settings.count)
        #expect(Set(settings.map(\.flag)).count == settings.count)
    }

    @Test("Every default is a value that its setting takes")
    func defaultsAreValid() {
        for setting in Settings.all where !setting.defaultText.isEmpty {
            var configuration = ServerConfiguration()
            #expect(setting.take([setting.defaultText], into: &configuration) == nil)
            #expect(configuration == ServerConfiguration())
        }
    }

    @Test("The document lists the settings as they are; PARLEY_UPDATE_DOCS=1 rewrites it")
    func document() throws {
        let tree = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let file = tree.appending(path: "docs/configuration.md").standardizedFileURL
        let text = try String(contentsOf: file, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- settings -->\n")
        try #require(parts.count == 3)
        if ProcessInfo.processInfo.environment["PARLEY_UPDATE_DOCS"] == "1" {
            let renewed = [parts[0], Settings.markdown + "\n", parts[2]]
            try renewed.joined(separator: "<!-- settings -->\n")
                .write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(parts[1] == Settings.markdown + "\n")
        }
    }

    @Test("Help names every flag, variable and key")
    func help() {
        for setting in Settings.all {
            #expect(Settings.help.contains(setting.flag))
            #expect(Settings.help.contains(setting.variable))
            #expect(Settings.help.contains(setting.path))
        }
    }
}
