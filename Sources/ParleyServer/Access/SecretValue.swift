/// What keys and client secrets look like on the wire.
package enum SecretValue {
    /// What every client secret begins with; keys don't.
    ///
    /// - Source: Realtime protocol, "Vocabulary": `ek_…`.
    package static let prefix = "ek_"
    /// What keys made by ``KeyMint`` begin with.
    package static let keyPrefix = "sk-parley-"
    /// Letters and digits behind the prefix: 43 carry 256 bits.
    package static let length = 43
}
