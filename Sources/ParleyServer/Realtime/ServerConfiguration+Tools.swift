internal import ParleyRealtime

extension ServerConfiguration.MCP {
    /// The rules for what clients may name.
    var rules: ToolServerRules {
        var rules = ToolServerRules()
        rules.isEnabled = isEnabled
        rules.allowsPrivateAddresses = allowsPrivateAddresses
        rules.hosts = hosts
        return rules
    }
}
