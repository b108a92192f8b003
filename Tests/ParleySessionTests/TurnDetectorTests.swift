import Testing

@testable import ParleySession

@Suite("Turn detector")
struct TurnDetectorTests {
    private let settings = TurnDetector.Settings(
        threshold: 0.5,
        silence: 1_000,
        pause: 1_000,
        limit: 100_000
    )
    private let frame = 768

    /// Judges frames of these probabilities, from position 0.
    private func judge(
        _ probabilities: [Float],
        _ settings: TurnDetector.Settings? = nil
    ) -> [TurnDetector.Verdict] {
        var detector = TurnDetector()
        return probabilities.enumerated().map { index, probability in
            let activity = Session.SpeechActivity(
                position: (index + 1) * frame,
                probability: probability
            )
            return detector.observe(activity, settings: settings ?? self.settings)
        }
    }

    @Test("Silence stays silence")
    func quiet() {
        #expect(judge([0, 0.1, 0.49]) == [.unchanged, .unchanged, .unchanged])
    }

    @Test("One sure frame is speech from its beginning")
    func sure() {
        #expect(judge([0.1, 0.8]) == [.unchanged, .started(768)])
    }

    @Test("Two frames in a row are speech from the first one's beginning")
    func twoFrames() {
        #expect(judge([0.1, 0.6, 0.55]) == [.unchanged, .unchanged, .started(768)])
    }

    @Test("A single unsure frame is no speech")
    func click() {
        #expect(judge([0.6, 0.2, 0.6, 0.2]).allSatisfy { $0 == .unchanged })
    }

    @Test("Speech goes on above a lower threshold")
    func hysteresis() {
        #expect(judge([0.9, 0.4, 0.4, 0.4, 0.4]).dropFirst().allSatisfy { $0 == .unchanged })
    }

    @Test("Speech ends where the silence that was asked for ends, not where a frame does")
    func stop() {
        #expect(judge([0.9, 0.9, 0, 0]) == [.started(0), .unchanged, .unchanged, .stopped(2_536)])
    }

    @Test("Patience waits for more silence, which is no part of speech")
    func patience() {
        var patient = settings
        patient.patience = 2_000
        let verdicts = judge([0.9, 0.9, 0, 0, 0], patient)
        #expect(verdicts == [.started(0), .unchanged, .unchanged, .paused, .stopped(2_536)])
    }

    @Test("Where patience ends, the silence so far may be enough")
    func reconsider() {
        var patient = settings
        patient.patience = 9_000
        var detector = TurnDetector()
        #expect(detector.reconsider(settings) == nil)
        for (index, probability) in ([0.9, 0.9, 0, 0] as [Float]).enumerated() {
            let position = (index + 1) * frame
            let activity = Session.SpeechActivity(position: position, probability: probability)
            #expect(detector.reconsider(settings) == nil)
            _ = detector.observe(activity, settings: patient)
        }
        #expect(detector.reconsider(patient) == nil)
        #expect(detector.reconsider(settings) == 2_536)
        #expect(detector.reconsider(settings) == nil)
    }

    @Test("A pause that is too short does not end speech")
    func pause() {
        #expect(
            judge([0.9, 0, 0.9, 0, 0.9]) == [.started(0)] + Array(repeating: .unchanged, count: 4)
        )
    }

    @Test("With no silence to wait for, the first quiet frame ends speech at its own beginning")
    func noSilence() {
        var settings = settings
        settings.silence = 0
        #expect(judge([0.9, 0], settings) == [.started(0), .stopped(768)])
    }

    /// Speech may be over after one quiet frame, and is after two.
    private var pausing: TurnDetector.Settings {
        var settings = settings
        settings.pause = 700
        return settings
    }

    @Test("A pause is told once, before it ends speech")
    func pauseBeforeEnd() {
        var settings = pausing
        settings.silence = 2_000
        #expect(
            judge([0.9, 0, 0, 0], settings) == [.started(0), .paused, .unchanged, .stopped(2_768)]
        )
    }

    @Test("Speech after a pause goes on, and may pause again")
    func resumed() {
        #expect(
            judge([0.9, 0, 0.4, 0, 0.9], pausing)
                == [.started(0), .paused, .resumed, .paused, .resumed]
        )
    }

    @Test("Silence no longer than a pause ends speech without one")
    func noPause() {
        var settings = pausing
        settings.silence = 700
        #expect(judge([0.9, 0], settings) == [.started(0), .stopped(1_468)])
    }

    private var short: TurnDetector.Settings {
        var settings = settings
        settings.limit = 2_000
        return settings
    }

    @Test("Speech that is too long is cut, and goes on as new speech")
    func cut() {
        #expect(
            judge([0.9, 0.9, 0.9, 0.5, 0.9], short)
                == [.started(0), .unchanged, .cut(2_304), .continued(2_304), .unchanged]
        )
    }

    @Test("Speech that was cut ends with the silence that was asked for, counted from its end")
    func ceased() {
        let end: [TurnDetector.Verdict] = [.cut(2_304), .unchanged, .ceased, .unchanged]
        #expect(judge([0.9, 0.9, 0.9, 0, 0, 0], short) == [.started(0), .unchanged] + end)
    }

    @Test("Speech that was cut goes on above the lower threshold: nobody stopped speaking")
    func continuedQuietly() {
        let on: [TurnDetector.Verdict] = [.cut(2_304), .continued(2_304), .unchanged]
        #expect(judge([0.9, 0.9, 0.9, 0.4, 0.4], short) == [.started(0), .unchanged] + on)
        let late: [TurnDetector.Verdict] = [.cut(2_304), .unchanged, .continued(3_072)]
        #expect(judge([0.9, 0.9, 0.9, 0, 0.4], short) == [.started(0), .unchanged] + late)
    }

    @Test("A pause that lasts beyond the limit is cut, too")
    func cutInPause() {
        var settings = short
        settings.pause = 700
        settings.silence = 5_000
        #expect(judge([0.9, 0, 0], settings) == [.started(0), .paused, .cut(2_304)])
    }

    @Test("What may still become speech is kept")
    func earliestOnset() {
        var detector = TurnDetector(at: 100)
        #expect(detector.earliestOnset == 100)
        _ = detector.observe(.init(position: 868, probability: 0.6), settings: settings)
        #expect(detector.earliestOnset == 100)
        _ = detector.observe(.init(position: 1_636, probability: 0), settings: settings)
        #expect(detector.earliestOnset == 1_636)
    }

    @Test("Nothing of speech is forgotten in a pause, and all of it once it was cut")
    func earliestOnsetInPause() {
        var settings = short
        settings.pause = 700
        var detector = TurnDetector(at: 100)
        _ = detector.observe(.init(position: 868, probability: 1), settings: settings)
        _ = detector.observe(.init(position: 1_636, probability: 0), settings: settings)
        #expect(detector.state == .pausing(start: 100, lastSpeech: 868))
        #expect(detector.earliestOnset == 100)
        settings.silence = 5_000
        _ = detector.observe(.init(position: 2_404, probability: 0), settings: settings)
        #expect(detector.state == .cut(lastSpeech: 868))
        #expect(detector.earliestOnset == 2_404)
    }

    @Test(
        "A threshold of nought and a threshold of one trap nothing",
        arguments: [0, 1] as [Float]
    )
    func extremes(threshold: Float) {
        var settings = settings
        settings.threshold = threshold
        #expect(judge([0, 0.5, 1, .nan], settings).count == 4)
    }
}
