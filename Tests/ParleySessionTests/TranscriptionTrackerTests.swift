import ParleyRealtime
import Testing

@testable import ParleySession

@Suite("Transcription tracker")
struct TranscriptionTrackerTests {
    private struct Fixture {
        var tracker = TranscriptionTracker(limits: Limits())
        var outbox = Outbox(ids: .sequential())

        mutating func start() {
            tracker.start("item_1", .init(), to: &outbox)
        }

        mutating func finish(isShown: Bool = true) -> TranscriptionTracker.Resolution? {
            tracker.finish(
                "item_1",
                audio: .seconds(1),
                isShown: isShown,
                at: Instant(),
                to: &outbox
            )
        }

        mutating func report(
            _ report: Session.Transcription
        ) -> TranscriptionTracker.Resolution? {
            tracker.accept(report, of: "item_1", to: &outbox)
        }

        /// What went out since the last time: deltas, ends and effects, in short.
        mutating func said() -> [String] {
            outbox.take().map { output in
                switch output {
                case .perform(let effect): "\(effect)".prefix { $0 != "(" }.description
                case .send(let event):
                    switch event.body {
                    case .conversationItemInputAudioTranscriptionDelta(_, _, let delta, _): delta
                    case .conversationItemInputAudioTranscriptionCompleted(_, _, let text, _, _):
                        "completed \(text)"
                    case .conversationItemInputAudioTranscriptionFailed(_, _, let error):
                        "failed \(error.code?.rawValue ?? "")"
                    default: "\(event.body.type)"
                    }
                }
            }
        }
    }

    @Test("Partial text waits until the item exists")
    func heldBack() {
        var fixture = Fixture()
        fixture.start()
        _ = fixture.report(.partial(text: "hello wor", stableByteCount: 5))
        #expect(fixture.said() == ["startTranscription"])
        _ = fixture.finish()
        #expect(fixture.said() == ["finishTranscription", "hello"])
    }

    @Test("Only growing stable text goes out, and the rest with the end")
    func deltas() {
        var fixture = Fixture()
        fixture.start()
        _ = fixture.finish()
        _ = fixture.said()
        _ = fixture.report(.partial(text: "hel", stableByteCount: 2))
        _ = fixture.report(.partial(text: "hel", stableByteCount: 2))
        _ = fixture.report(.partial(text: "jello", stableByteCount: 5))
        _ = fixture.report(.partial(text: "hello", stableByteCount: 1))
        let end = fixture.report(.final(text: "hello!"))
        #expect(fixture.said() == ["he", "llo!", "completed hello!"])
        #expect(end?.outcome == .text("hello!", .init()))
    }

    @Test("A final text that contradicts the deltas is told by the end alone")
    func contradiction() {
        var fixture = Fixture()
        fixture.start()
        _ = fixture.finish()
        _ = fixture.report(.partial(text: "hello", stableByteCount: 5))
        _ = fixture.said()
        _ = fixture.report(.final(text: "yellow"))
        #expect(fixture.said() == ["completed yellow"])
    }

    @Test(
        "A recogniser that ends before its audio does is resolved by the commit",
        arguments: [
            Session.Transcription.final(text: "hi"),
            .failed(.init(code: "broken", message: "Broken.")),
        ]
    )
    func endsEarly(report: Session.Transcription) {
        var fixture = Fixture()
        fixture.start()
        #expect(fixture.report(report) == nil)
        _ = fixture.said()
        #expect(fixture.finish() != nil)
        #expect(!fixture.said().contains("finishTranscription"))
        #expect(!fixture.tracker.isOpen("item_1"))
    }

    @Test("What was said up to a pause is the text, if nothing follows; nobody is told before")
    func provisional() {
        var fixture = Fixture()
        fixture.start()
        fixture.tracker.pause("item_1", at: 100, to: &fixture.outbox)
        #expect(fixture.tracker.isPaused("item_1"))
        _ = fixture.report(.provisional(text: "hello", position: 100))
        #expect(fixture.said() == ["startTranscription", "pauseTranscription"])
        #expect(fixture.finish()?.outcome == .text("hello", .init()))
        #expect(fixture.said() == ["cancelTranscription", "hello", "completed hello"])
        #expect(!fixture.tracker.isOpen("item_1"))
    }

    @Test("A recogniser that still works on a pause when speech ends is awaited")
    func lateProvisional() {
        var fixture = Fixture()
        fixture.start()
        fixture.tracker.pause("item_1", at: 100, to: &fixture.outbox)
        #expect(fixture.finish() == nil)
        _ = fixture.report(.provisional(text: "hello", position: 100))
        #expect(fixture.report(.final(text: "hello"))?.outcome == .text("hello", .init()))
        let effects = ["startTranscription", "pauseTranscription", "finishTranscription"]
        #expect(fixture.said() == effects + ["hello", "completed hello"])
    }

    @Test("More audio after a pause makes its text stale, also when it comes late")
    func resumed() {
        var fixture = Fixture()
        fixture.start()
        fixture.tracker.pause("item_1", at: 100, to: &fixture.outbox)
        _ = fixture.report(.provisional(text: "hell", position: 100))
        fixture.tracker.feed("item_1", [1], to: &fixture.outbox)
        #expect(!fixture.tracker.isPaused("item_1"))
        _ = fixture.report(.provisional(text: "hell", position: 100))
        fixture.tracker.pause("item_1", at: 200, to: &fixture.outbox)
        _ = fixture.report(.provisional(text: "hell", position: 100))
        #expect(fixture.finish() == nil)
        #expect(fixture.said().last == "finishTranscription")
    }

    @Test("A recogniser that fails in a pause has failed")
    func failsInPause() {
        var fixture = Fixture()
        fixture.start()
        fixture.tracker.pause("item_1", at: 100, to: &fixture.outbox)
        _ = fixture.report(.failed(.init(code: "broken", message: "Broken.")))
        #expect(!fixture.tracker.isPaused("item_1"))
        fixture.tracker.feed("item_1", [1], to: &fixture.outbox)
        #expect(fixture.finish() != nil)
        #expect(fixture.said().last == "failed broken")
    }

    @Test("A recogniser in a pause is cancelled with its item")
    func cancelledInPause() {
        var fixture = Fixture()
        fixture.start()
        fixture.tracker.pause("item_1", at: 100, to: &fixture.outbox)
        fixture.tracker.pause("item_1", at: 100, to: &fixture.outbox)
        fixture.tracker.cancelAll(to: &fixture.outbox)
        let effects = ["startTranscription", "pauseTranscription", "cancelTranscription"]
        #expect(fixture.said() == effects)
    }

    @Test("Nobody hears of what was not asked for, but the text is there")
    func hidden() {
        var fixture = Fixture()
        fixture.start()
        _ = fixture.finish(isShown: false)
        _ = fixture.report(.partial(text: "hello", stableByteCount: 5))
        let end = fixture.report(.final(text: "hello"))
        #expect(fixture.said() == ["startTranscription", "finishTranscription"])
        #expect(end == .init(itemID: "item_1", outcome: .text("hello", .init()), isShown: false))
    }

    @Test("A recogniser that does not end in time is given up")
    func overdue() {
        var fixture = Fixture()
        fixture.start()
        _ = fixture.finish()
        _ = fixture.said()
        #expect(fixture.tracker.deadline == Instant(.seconds(30)))
        let early = fixture.tracker.expire(at: Instant(.seconds(29)), to: &fixture.outbox)
        let ends = fixture.tracker.expire(at: Instant(.seconds(30)), to: &fixture.outbox)
        #expect((early.count, ends.count) == (0, 1))
        #expect(fixture.said() == ["cancelTranscription", "failed engine_timeout"])
    }

    @Test("Reports about items that nobody waits for are stale")
    func stale() {
        var fixture = Fixture()
        #expect(fixture.report(.final(text: "late")) == nil)
        fixture.start()
        fixture.tracker.cancel("item_1", to: &fixture.outbox)
        #expect(fixture.report(.final(text: "late")) == nil)
        #expect(fixture.said() == ["startTranscription", "cancelTranscription"])
    }

    @Test("Beyond the bound, a turn is not understood, and says so")
    func bound() {
        var fixture = Fixture()
        for number in 0..<8 {
            fixture.tracker.start(ItemID(rawValue: "i\(number)"), .init(), to: &fixture.outbox)
        }
        _ = fixture.said()
        fixture.start()
        #expect(fixture.finish() != nil)
        #expect(fixture.said() == ["failed too_many_transcriptions"])
    }
}
