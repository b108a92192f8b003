import ParleyHTTP
import Testing

@Suite("Hosts that may be reached")
struct HostRulesTests {
    @Test(
        "Addresses of the internet are public",
        arguments: [
            "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.63.255.255", "2606:4700::1111",
            "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        ]
    )
    func publicAddresses(text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test(
        "Addresses of this machine, local networks, groups and papers are not",
        arguments: [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.168.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7",
            "203.0.113.9", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fd00::1",
            "ff02::1", "2001:db8::1", "2001::1", "::ffff:127.0.0.1", "::ffff:a00:1",
            "64:ff9b::7f00:1", "2002:7f00:1::1", "fec0::1", "100::1", "3fff::1",
        ]
    )
    func privateAddresses(text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic == false)
    }

    @Test("An address has the bytes that its text says")
    func bytes() {
        #expect(IPAddress("1.2.3.4")?.bytes == [1, 2, 3, 4])
        #expect(IPAddress("::1")?.bytes == [UInt8](repeating: 0, count: 15) + [1])
        #expect(
            IPAddress("2001:db8::a:0:102")?.bytes
                == [0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1, 2]
        )
        #expect(IPAddress("example.org") == nil)
        #expect(IPAddress("1.2.3") == nil)
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
    }

    @Test(
        "Without a list, only private addresses are refused",
        arguments: [
            ("https://example.org/mcp", nil), ("http://8.8.8.8", nil),
            ("http://127.0.0.1:8000/mcp", .privateAddress), ("http://[::1]/", .privateAddress),
            ("http://localhost:1/", .privateAddress), ("http://a.localhost/", .privateAddress),
        ] as [(String, HostRules.Fault?)]
    )
    func withoutList(url: String, fault: HostRules.Fault?) throws {
        #expect(HostRules().fault(of: try WebURL(url)) == fault)
    }

    @Test("Private addresses may be allowed")
    func allowsPrivate() throws {
        var rules = HostRules()
        rules.allowsPrivateAddresses = true
        #expect(rules.fault(of: try WebURL("http://10.0.0.1/")) == nil)
    }

    @Test(
        "A list has hosts, with a port or with all that are below them",
        arguments: [
            ("nas.lan", true), ("nas.lan:8000", true), ("[::1]:8000", true),
            ("*.example.org", true), ("", false), ("*", false), ("*.", false),
            ("*.example.org:1", false), ("http://nas.lan", false), ("nas.lan/mcp", false),
        ]
    )
    func patterns(text: String, isPattern: Bool) {
        #expect(HostRules.isPattern(text) == isPattern)
    }

    @Test(
        "A list lets its hosts be reached, wherever they lead, and no others",
        arguments: [
            ("http://nas.lan:9/mcp", nil), ("https://a.example.org/", nil),
            ("http://127.0.0.1:8000/", nil), ("http://127.0.0.1:8001/", .unlisted),
            ("https://example.org/", .unlisted), ("https://other.net/", .unlisted),
        ] as [(String, HostRules.Fault?)]
    )
    func withList(url: String, fault: HostRules.Fault?) throws {
        var rules = HostRules()
        rules.hosts = ["nas.lan", "*.example.org", "127.0.0.1:8000"]
        #expect(rules.fault(of: try WebURL(url)) == fault)
    }
}
