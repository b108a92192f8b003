import ParleyEngine
import ParleyHTTP
import ParleyNetwork
import ParleyRealtime
import ParleySession
import Testing

@testable import ParleyRuntime

/// What becomes of a request whose images are elsewhere; here they are behind a port where nobody
/// listens.
@Suite("Images that can't be fetched", .timeLimit(.minutes(1)))
struct ImageFetchTests {
    private static let gone = LanguagePart.image(LanguageImage(url: "http://127.0.0.1:1/cat.png"))
    private static let here = LanguagePart.image(LanguageImage(url: "data:image/gif;base64,R0lG"))
    private static let remark = LanguagePart.text("(an image that could no longer be fetched)")

    @Test("The newest turn is not answered without its image")
    func newest() async throws {
        try await withDriver { driver in
            let request = LanguageRequest(messages: [
                .user("Hi."), .userParts([.text("This?"), Self.gone]),
            ])
            await #expect(throws: ImageFailure.self) { try await driver.fetchImages(of: request) }
        }
    }

    @Test("Of an older turn a remark stands for it; all else is as it was")
    func older() async throws {
        try await withDriver { driver in
            let request = LanguageRequest(messages: [
                .userParts([.text("This?"), Self.gone, Self.here]), .assistant("A cat."),
                .userParts([.text("And this?"), Self.here]), .toolResult(id: "c", output: "42"),
            ])
            let fetched = try await driver.fetchImages(of: request)
            var expected = request
            expected.messages[0] = .userParts([.text("This?"), Self.remark, Self.here])
            #expect(fetched == expected)
        }
    }

    @Test("What is lost is not asked for again, unless it is shown again")
    func shownAgain() async throws {
        try await withDriver { driver in
            let turn = LanguageMessage.userParts([Self.gone])
            _ = try await driver.fetchImages(of: LanguageRequest(messages: [turn, .user("Hi.")]))
            #expect(await driver.finding("http://127.0.0.1:1/cat.png") == .lost)
            await #expect(throws: ImageFailure.self) {
                try await driver.fetchImages(of: LanguageRequest(messages: [turn]))
            }
        }
    }

    @Test("What was fetched before is there though its host is gone")
    func kept() async throws {
        try await withDriver { driver in
            await driver.keep("data:image/gif;base64,R0lG", of: "http://127.0.0.1:1/cat.png")
            let request = LanguageRequest(messages: [.userParts([Self.gone])])
            let fetched = try await driver.fetchImages(of: request)
            #expect(fetched.messages == [.userParts([Self.here])])
        }
    }

    private func withDriver(_ test: (SessionDriver) async throws -> Void) async throws {
        let loop = try EventLoop(name: "test")
        defer { loop.shutDown() }
        let configuration = SessionConfiguration(model: "test", voice: .named("hum"))
        var services = SessionDriver.Services(
            metrics: RuntimeMetrics(MetricsRegistry()),
            log: .disabled
        )
        services.images.rules.allowsPrivateAddresses = true
        let driver = SessionDriver(
            Session.Birth(
                id: "sess_test",
                configuration: configuration,
                ids: .sequential(),
                unixTime: 0
            ),
            pipeline: Pipeline(
                name: "test",
                voiceActivity: LoudnessEngine(),
                transcription: FixedRecogniser(),
                language: FixedModel(),
                speech: HummingVoice(),
                defaults: configuration
            ),
            peer: TestPeer(),
            loop: loop,
            services: services
        )
        try await test(driver)
        await driver.end()
    }
}

extension SessionDriver {
    fileprivate func keep(_ data: String, of url: String) {
        images.shelf.keep(.image(data), of: url)
    }

    fileprivate func finding(_ url: String) -> ImageShelf.Finding? { images.shelf.find(url) }
}
