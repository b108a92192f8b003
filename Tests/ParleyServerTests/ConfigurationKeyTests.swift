import ParleyNetwork
import ParleyRealtime
import ParleyYAML
import Testing

@testable import ParleyServer

@Suite("Keys and their limits are read")
struct ConfigurationKeyTests {
    private func read(_ file: String) throws(YAMLProblems) -> ServerConfiguration {
        var sources = ServerConfiguration.Sources()
        sources.file = ConfigurationFile(name: "parley.yaml", text: file)
        return try ServerConfiguration.read(sources)
    }

    private func problems(_ file: String) -> [String] {
        do throws(YAMLProblems) {
            _ = try read(file)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("A key may stand as its digest")
    func hashed() throws {
        let digest = SecretDigest(of: "sk-one")
        let keys = try read("api_keys: ['sha256:\(digest.hexadecimal)', sk-two]").apiKeys
        #expect(keys.map(\.digest) == [digest, SecretDigest(of: "sk-two")])
        #expect(keys.map(\.name) == ["key-1", "key-2"])
    }

    @Test("A key and its digest are the same key")
    func repeated() {
        let digest = SecretDigest(of: "a").hexadecimal
        let found = problems("api_keys: [{name: x, key: a}, {name: y, key: 'sha256:\(digest)'}]")
        #expect(found.count == 1 && found[0].contains("two entries are the same key"))
    }

    @Test("A key has a pipeline and limits of its own; all keys have others")
    func limits() throws {
        let server = try read(
            """
            api_keys:
              - name: kitchen
                key: a
                pipeline: home
                dialect: beta
                limits: {sessions: 2, sessions_per_minute: 30, minutes_per_day: 600}
              - {name: phone, key: b, limits: {sessions: 1}}
            limits: {key_sessions: 5, key_sessions_per_minute: 6, key_minutes_per_day: 7}
            """
        )
        #expect(server.apiKeys[0].pipeline == "home")
        #expect(server.apiKeys[0].dialect == .beta && server.apiKeys[1].dialect == nil)
        #expect(server.apiKeys[0].limits.over(server.keyLimits) == Self.limits(2, 30, 600))
        #expect(server.apiKeys[1].limits.over(server.keyLimits) == Self.limits(1, 6, 7))
    }

    private static func limits(_ sessions: Int, _ perMinute: Int, _ minutes: Int) -> KeyLimits {
        var limits = KeyLimits()
        limits.sessions = sessions
        limits.sessionsPerMinute = perMinute
        limits.minutesPerDay = minutes
        return limits
    }

    @Test(
        "Wrong limits are named",
        arguments: [
            ("api_keys: [{name: a, key: b, dialect: gaa}]", "did you mean \"ga\"?"),
            ("limits: {key_sessions: 0}", "limits.key_sessions: found \"0\""),
            (
                "api_keys: [{name: a, key: b, limits: {session: 1}}]",
                "api_keys[0].limits.session: unknown key; did you mean \"sessions\"?"
            ),
            (
                "api_keys: [{name: a, key: b, limits: {minutes_per_day: x}}]",
                "api_keys[0].limits.minutes_per_day: found \"x\", expected a number from 1"
            ),
        ]
    )
    func wrongLimits(file: String, message: String) {
        let found = problems(file)
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
    }
}
