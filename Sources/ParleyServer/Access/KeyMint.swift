internal import ParleyNetwork

/// Makes a key, for `parley key`.
package enum KeyMint {
    /// A new key and the line that makes a server know it.
    package struct Coin: Sendable {
        /// The key: shown once, kept nowhere.
        package let key: String
        /// For the list `api_keys` of `parley.yaml`.
        package let line: String
    }

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - name: Under which logs and limits know it; checked by ``fault(inName:)``.
    ///   - random: Where the key comes from.
    /// - Returns: The key and its line.
    package static func make(
        name: String,
        random: inout some RandomNumberGenerator
    ) -> Coin {
        let key = SecretValue.keyPrefix + SecureRandom.identifier(SecretValue.length, from: &random)
        let digest = SecretDigest(of: key).hexadecimal
        return Coin(
            key: key,
            line: "  - {name: \"\(name)\", key: \"\(APIKey.digestPrefix)\(digest)\"}"
        )
    }

    /// Why a text can't be a key's name; nil when it can.
    ///
    /// Names stand in log lines and metrics.
    package static func fault(inName name: String) -> String? {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let isName = isPlain && !name.isEmpty && name.utf8.count <= 64
        return isName ? nil : "expected a name of at most 64 letters, digits, - and _"
    }
}
