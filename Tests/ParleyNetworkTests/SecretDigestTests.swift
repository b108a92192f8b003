import ParleyNetwork
import Testing

@Suite("Digests of secrets")
struct SecretDigestTests {
    @Test(
        "A digest is SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ]
    )
    func knownValues(text: String, digest: String) {
        #expect(SecretDigest(of: text).hexadecimal == digest)
        #expect(SecretDigest(hexadecimal: digest) == SecretDigest(of: text))
        #expect(SecretDigest(hexadecimal: digest.uppercased()) == SecretDigest(of: text))
    }

    @Test("Digests of other texts differ, in whichever word")
    func differ() {
        let digest = SecretDigest(of: "abc")
        #expect(digest != SecretDigest(of: "abd"))
        for index in [0, 20, 40, 60] {
            var digits = Array(digest.hexadecimal)
            digits[index] = digits[index] == "0" ? "1" : "0"
            #expect(SecretDigest(hexadecimal: String(digits)) != digest)
        }
    }

    @Test(
        "What is not 64 hexadecimal digits is no digest",
        arguments: [
            "", "ab", String(repeating: "a", count: 63), String(repeating: "a", count: 65),
            String(repeating: "a", count: 63) + "g", String(repeating: "é", count: 32),
            String(repeating: "１", count: 64), " " + String(repeating: "a", count: 63),
        ]
    )
    func refused(text: String) {
        #expect(SecretDigest(hexadecimal: text) == nil)
    }
}
