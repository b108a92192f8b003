import ParleyHTTP
import ParleyRealtime
import Testing

@testable import ParleyRuntime

@Suite("From where images are fetched")
struct ImagePolicyTests {
    private func fault(
        _ url: String,
        allowsPrivate: Bool = false,
        hosts: [String] = []
    ) -> ProtocolError? {
        var policy = ImagePolicy()
        policy.rules.allowsPrivateAddresses = allowsPrivate
        policy.rules.hosts = hosts
        let parts: [ContentPart] = [.inputText("a"), .inputImage(url: url, detail: nil)]
        let item = NewItem(content: .message(Message(role: .user, parts: parts)))
        return policy.fault(
            of: ClientEvent(id: nil, .conversationItemCreate(item: item, position: .end))
        )
    }

    @Test(
        "Whatever is in the internet or in the URL itself",
        arguments: [
            "https://example.com/cat.png", "http://93.184.215.14/",
            "data:image/png;base64,iVBORw0KGgo=",
        ]
    )
    func allowed(url: String) {
        #expect(fault(url) == nil)
    }

    @Test(
        "Nothing of this machine and its networks, unless that is allowed",
        arguments: [
            "http://127.0.0.1/", "https://localhost:8080/a", "http://10.1.2.3/", "http://[::1]/",
            "http://169.254.169.254/latest/meta-data",
        ]
    )
    func refused(url: String) {
        #expect(fault(url)?.code == .invalidValue)
        #expect(fault(url)?.param == "item.content[1].image_url")
        #expect(fault(url, allowsPrivate: true) == nil)
    }

    @Test("Hosts that are listed, and then no others")
    func listed() {
        #expect(fault("http://10.0.0.7:81/a", hosts: ["10.0.0.7:81"]) == nil)
        #expect(fault("https://example.com/a", hosts: ["10.0.0.7:81"])?.code == .invalidValue)
    }

    @Test("What is no URL is said to be none")
    func noURL() {
        #expect(fault("https://user@host/")?.message.contains("user information") == true)
    }

    @Test("An image of a response's own input is judged, too")
    func input() {
        let part = ContentPart.inputImage(url: "http://127.0.0.1/", detail: nil)
        var options = ResponseOptions()
        options.input = [
            .item(NewItem(content: .message(Message(role: .user, parts: [part]))))
        ]
        let error = ImagePolicy().fault(of: ClientEvent(id: nil, .responseCreate(options)))
        #expect(error?.param == "response.input[0].content[0].image_url")
    }
}
