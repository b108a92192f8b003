import ParleyNetwork
import ParleyServer
import Testing

@Suite("The ring of keys")
struct KeyRingTests {
    private let ring = KeyRing([
        APIKey(name: "one", digest: SecretDigest(of: "sk-one")),
        APIKey(name: "two", digest: SecretDigest(of: "sk-two")),
    ])

    @Test("A key is found by itself and by its digest")
    func finds() {
        #expect(ring.key(matching: "sk-two")?.name == "two")
        #expect(ring[SecretDigest(of: "sk-one")]?.name == "one")
        #expect(!ring.isOpen)
        #expect(KeyRing([]).isOpen)
    }

    @Test(
        "A key that is not ours is wrong, however much of it fits",
        arguments: ["sk-on", "sk-one1", "sk-onesk-one", "", "sk-three", "SK-ONE", "sk-one "]
    )
    func refusesWrongKey(candidate: String) {
        #expect(ring.key(matching: candidate) == nil)
    }

    @Test("The digest of a key is not a key")
    func digestIsNoKey() {
        let digest = SecretDigest(of: "sk-one").hexadecimal
        #expect(ring.key(matching: digest) == nil)
        #expect(ring.key(matching: "sha256:" + digest) == nil)
    }
}
