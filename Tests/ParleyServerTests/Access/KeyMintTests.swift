import ParleyNetwork
import ParleyServer
import Testing

@Suite("Keys are made")
struct KeyMintTests {
    @Test("The line makes a server know the key, and doesn't hold it")
    func lineKnowsKey() throws {
        var random = CountingRandom()
        let coin = KeyMint.make(name: "kitchen", random: &random)
        #expect(coin.key.hasPrefix("sk-parley-") && coin.key.utf8.count == 53)
        #expect(!coin.line.contains(coin.key))
        var sources = ServerConfiguration.Sources()
        sources.file = ConfigurationFile(
            name: "parley.yaml",
            text: "api_keys:\n\(coin.line)\n"
        )
        let keys = try ServerConfiguration.read(sources).apiKeys
        #expect(keys.map(\.name) == ["kitchen"])
        #expect(KeyRing(keys).key(matching: coin.key)?.name == "kitchen")
    }

    @Test("No two keys are the same")
    func keysDiffer() {
        var random = SecureRandom()
        let keys = (0..<100).map { _ in KeyMint.make(name: "a", random: &random).key }
        #expect(Set(keys).count == 100)
    }

    @Test("Names that YAML or a log could misread are refused", arguments: ["", "a b", "\"", "é"])
    func names(name: String) {
        #expect(KeyMint.fault(inName: name) != nil)
        #expect(KeyMint.fault(inName: "front-desk_2") == nil)
    }
}

/// Counts instead of guessing.
struct CountingRandom: RandomNumberGenerator {
    private var count: UInt64 = 0

    mutating func next() -> UInt64 {
        count &+= 0x9E37_79B9_7F4A_7C15
        return count
    }
}
