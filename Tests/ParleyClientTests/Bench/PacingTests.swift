import Testing

@testable import ParleyBench

@Suite("Pacing of a load")
struct PacingTests {
    @Test("Sessions are spread evenly over the interval, frame after frame")
    func spread() {
        var pacer = FramePacer(sessionCount: 4, interval: .milliseconds(20))
        var due: [FramePacer.Due] = []
        while let next = pacer.next(at: .milliseconds(29)) { due.append(next) }
        #expect(due.map(\.session) == [0, 1, 2, 3, 0, 1])
        #expect(due.map(\.frame) == [0, 0, 0, 0, 1, 1])
        #expect(due.map(\.time) == [0, 5, 10, 15, 20, 25].map { .milliseconds($0) })
        #expect(pacer.nextTime == .milliseconds(30))
    }

    @Test("After hours the grid is where it was", arguments: [1, 3, 7, 1_000])
    func noDrift(_ count: Int) {
        var pacer = FramePacer(sessionCount: count, interval: .milliseconds(20))
        var last = FramePacer.Due(session: 0, frame: 0, time: .zero)
        for _ in 0..<(count * 50) {
            if let next = pacer.next(at: .seconds(1_000_000)) { last = next }
        }
        #expect(last.frame == 49)
        #expect(last.time == .milliseconds(49 * 20) + pacer.phase(of: count - 1))
    }

    @Test("A load of no session is paced like one of one")
    func none() {
        #expect(FramePacer(sessionCount: 0, interval: .milliseconds(20)).sessionCount == 1)
    }
}

@Suite("Moments of a stream")
struct StreamClockTests {
    private let clock = StreamClock(start: .seconds(10), frameDuration: .milliseconds(20))

    @Test(
        "A position was sent with the frame that completes it",
        arguments: [
            (0, 0), (1, 0), (20, 0), (21, 20), (40, 20), (41, 40), (-5, 0),
        ]
    )
    func due(_ row: (Int, Int)) {
        #expect(clock.due(.milliseconds(row.0)) == .seconds(10) + .milliseconds(row.1))
    }

    @Test("Speech can be known to begin one detector frame after it began")
    func start() {
        // 700 + 300 + 32 + 2 ms lie in the frame from 1,020 ms on.
        let moment = clock.decisionOfStart(
            audioStart: .milliseconds(700),
            padding: .milliseconds(300)
        )
        #expect(moment == .milliseconds(11_020))
        #expect(clock.decisionOfStart(audioStart: .zero, padding: .milliseconds(300)) == nil)
    }

    @Test("Speech can be known to end when the detector's frame is whole")
    func end() {
        // 1,500 ms lie in the frame that ends at 1,504 ms.
        #expect(clock.decisionOfEnd(audioEnd: .milliseconds(1_500)) == .milliseconds(11_500))
        // 1,504 ms end one; two more are held back.
        #expect(clock.decisionOfEnd(audioEnd: .milliseconds(1_504)) == .milliseconds(11_500))
        #expect(clock.decisionOfEnd(audioEnd: .milliseconds(1_520)) == .milliseconds(11_520))
    }
}

@Suite("Input of a load")
struct InputTests {
    @Test("The synthetic track is as long as it says and mostly quiet")
    func synthetic() {
        let track = InputTrack.synthetic()
        #expect(track.samples.count == 20 * 24_000)
        let loud = track.samples.count { $0.magnitude > 328 }
        #expect((0.02...0.16).contains(Double(loud) / Double(track.samples.count)))
        #expect(track == InputTrack.synthetic())
    }

    @Test("An utterance begins and ends with sound")
    func utterance() throws {
        let samples =
            [Int16](repeating: 3, count: 100) + [-400, 0, 500] + [Int16](repeating: 0, count: 9)
        let utterance = try #require(Utterance(samples, name: "x"))
        #expect(utterance.samples == [-400, 0, 500])
        #expect(Utterance([0, 1, -2], name: "x") == nil)
        #expect(Utterance([], name: "x") == nil)
        #expect(Utterance([.min], name: "x")?.samples == [.min])
    }

    @Test("Frames are masked and whole")
    func frames() {
        let store = FrameStore(
            [Int16](repeating: 1, count: 1_000),
            frameDuration: .milliseconds(20)
        )
        #expect(store.frames.count == 3)
        // 20 ms are 960 bytes, 1,280 letters, and the event around them.
        #expect(Set(store.frames.map(\.count)).count == 1)
        #expect(store.frames.allSatisfy { $0[0] == 0x81 && $0[1] == 0xFE })
        #expect(store.quiet.count == store.frames[0].count)
    }
}
