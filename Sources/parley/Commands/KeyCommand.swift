internal import ParleyClient
internal import ParleyNetwork
internal import ParleyServer

extension Command {
    /// `parley key`.
    static let key = Command(
        name: "key",
        summary: "Make an API key, and the line that makes a server know it.",
        synopses: ["key NAME"],
        options: [],
        notes: """
            NAME stands for the key in logs and limits. The key is shown once: the line
            holds its digest only. A running server reads its keys again on SIGHUP.

            Exit status: 0 it was made, 2 the arguments make no sense.
            """,
        run: { arguments, console in
            try arguments.expectNoRest()
            guard let name = arguments.operands.first, arguments.operands.count == 1 else {
                throw UsageError("expected one name")
            }
            if let fault = KeyMint.fault(inName: name) {
                throw UsageError("found \"\(name.prefix(80))\", \(fault)")
            }
            var random = SecureRandom()
            let coin = KeyMint.make(name: name, random: &random)
            console.complain("The key, which is shown only now:")
            console.show(coin.key)
            console.complain("Under api_keys in parley.yaml:")
            console.show(coin.line)
            return Program.Status.success
        }
    )
}
