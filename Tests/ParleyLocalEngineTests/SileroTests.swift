import Foundation
import ParleyAudio
import ParleyEngine
import ParleyTesting
import Testing

@testable import ParleySileroEngine

@Suite("Silero", .timeLimit(.minutes(5)))
struct SileroTests {
    /// What the issue asks for; measured: 4e-6.
    private static let tolerance: Float = 1e-4

    @Test(
        "It says what ONNX Runtime says about real speech",
        arguments: SileroModel.Instructions.allCases
    )
    func equalsReference(instructions: SileroModel.Instructions) throws {
        let file = Dependencies.root.appending(
            path: "Tests/ParleyLocalEngineTests/Reference/silero.txt"
        )
        let reference = try Reference(String(contentsOf: file, encoding: .utf8))
        let model = try Self.model(instructions)
        #expect(try reference.largestDifference(to: model) < Self.tolerance)
        #expect(reference.frameCount > 1_000)
    }

    @Test(
        "It says what ONNX Runtime says here and now",
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: Dependencies.python.path),
            "needs scripts/setup --tests"
        )
    )
    func equalsFreshReference() throws {
        let reference = try Reference(Reference.fresh())
        #expect(try reference.largestDifference(to: Self.model(.best)) < Self.tolerance)
        #expect(reference.frameCount > 1_000)
    }

    @Test("Two streams don't hear each other")
    func independentStreams() throws {
        let model = try Self.model(.best)
        let speech = try Dependencies.speech("go-forward.wav").samples
        let alone = probabilities(SileroDetector(model), of: speech)
        let (first, second) = (SileroDetector(model), SileroDetector(model))
        let together = frames(of: speech).map { frame in
            _ = frame.reversed().withUnsafeBufferPointer { second.probability(of: $0) }
            return frame.withUnsafeBufferPointer { first.probability(of: $0) }
        }
        #expect(together == alone)
    }

    @Test(
        "Streams that are judged together get exactly what they would alone",
        arguments: SileroModel.Instructions.allCases,
        [1, 2, 3, 7, 8, 9, 20]
    )
    func company(instructions: SileroModel.Instructions, streamCount: Int) throws {
        let model = try Self.model(instructions)
        let speech = frames(of: try Dependencies.speech("go-forward.wav").samples)
        // Each stream hears the recording from another place on.
        let places = (0..<streamCount).map { $0 * 3 }
        let (alone, together) = (
            places.map { _ in SileroDetector(model) }, places.map { _ in SileroDetector(model) }
        )
        for step in 0..<12 {
            let heard = places.map { speech[($0 + step) % speech.count] }
            let expected = zip(alone, heard).map { detector, frame in
                frame.withUnsafeBufferPointer { detector.probability(of: $0) }
            }
            #expect(judge(heard, with: together) == expected)
        }
    }

    @Test("Frames of two models are judged one by one")
    func twoModels() async throws {
        let engine = SileroEngine(path: Dependencies.sileroPath)
        try await engine.prepare()
        let speech = frames(of: try Dependencies.speech("go-forward.wav").samples)
        let own = try #require(try engine.makeDetector() as? SileroDetector)
        let mixed = [own, SileroDetector(try Self.model(.base))]
        #expect(judge([speech[0], speech[0]], with: mixed) == nil)
        let alone = probabilities(
            SileroDetector(try Self.model(.base)),
            of: Array(try Dependencies.speech("go-forward.wav").samples.prefix(512))
        )
        let found = speech[0].withUnsafeBufferPointer { samples in
            engine.probabilities(
                of: mixed.map { VoiceActivityFrame(detector: $0, samples: samples) }
            )
        }
        #expect(found.last == alone.first)
    }

    @Test("After a reset it has heard nothing")
    func reset() throws {
        let detector = SileroDetector(try Self.model(.best))
        let speech = try Dependencies.speech("cards-001.wav").samples
        let first = probabilities(detector, of: speech)
        detector.reset()
        #expect(probabilities(detector, of: speech) == first)
    }

    @Test(
        "Numbers that are no audio do no harm to what comes after a reset",
        arguments: [.nan, .infinity, -.infinity, .greatestFiniteMagnitude] as [Float]
    )
    func senselessNumbers(value: Float) throws {
        let detector = SileroDetector(try Self.model(.best))
        let frame = [Float](repeating: value, count: detector.frameLength)
        for _ in 0..<3 { _ = frame.withUnsafeBufferPointer { detector.probability(of: $0) } }
        detector.reset()
        let silence = [Float](repeating: 0, count: detector.frameLength)
        let probability = silence.withUnsafeBufferPointer { detector.probability(of: $0) }
        #expect((0...0.2).contains(probability))
    }

    @Test("The engine is cold, then ready")
    func lifecycle() async throws {
        let engine = SileroEngine(path: Dependencies.sileroPath)
        #expect(engine.state == .cold)
        #expect(throws: EngineError.self) { try engine.makeDetector() }
        try await engine.prepare()
        #expect(engine.state == .ready)
        let detector = try engine.makeDetector()
        #expect(detector.sampleRate == 16_000)
        #expect(detector.frameLength == 512)
    }

    @Test("A missing file is named")
    func missingFile() async {
        let engine = SileroEngine(path: "/nowhere/silero.onnx")
        let error = EngineError(
            .load,
            "/nowhere/silero.onnx can't be opened: No such file or directory"
        )
        await #expect(throws: error) { try await engine.prepare() }
        #expect(engine.state == .failed(error))
    }

    static func model(_ instructions: SileroModel.Instructions) throws -> SileroModel {
        let bytes = try Data(contentsOf: URL(filePath: Dependencies.sileroPath))
        return try SileroModel(onnx: Array(bytes), name: "silero", instructions: instructions)
    }
}

@Suite("ONNX files", .timeLimit(.minutes(5)))
struct ONNXInitializersTests {
    /// A graph (field 7) with one initializer (5): shape [2], floats, called `w`, 1.0 and -1.0.
    private let small: [UInt8] = [
        0x3A, 0x13, 0x2A, 0x11, 0x08, 2, 0x10, 1, 0x42, 1, 0x77, 0x4A, 8,
        0, 0, 0x80, 0x3F, 0, 0, 0x80, 0xBF,
    ]

    @Test("An initializer is read by name")
    func initializer() throws {
        #expect(try ONNXInitializers(small).floats("w", shape: [2]) == [1, -1])
    }

    @Test("Other shapes and names are refused by name")
    func wrongShape() throws {
        let file = try ONNXInitializers(small)
        #expect(throws: ONNXInitializers.Malformed(description: "found no weights called v")) {
            try file.floats("v", shape: [2])
        }
        let expected = ONNXInitializers.Malformed(
            description: "found w of shape [2], element type 1 and 8 bytes, "
                + "expected [3], type 1 and 12"
        )
        #expect(throws: expected) { try file.floats("w", shape: [3]) }
    }

    @Test("A file that is something else is refused")
    func somethingElse() {
        #expect(throws: EngineError(.load, "x is not the Silero model: found no graph in it")) {
            try SileroModel(onnx: [], name: "x")
        }
        #expect(throws: EngineError.self) { try SileroModel(onnx: Array("PNG…".utf8), name: "x") }
    }

    @Test("A file that was cut is refused")
    func cut() throws {
        let whole = try Array(Data(contentsOf: URL(filePath: Dependencies.sileroPath)))
        for length in [1, 100, whole.count / 2, whole.count - 1] {
            #expect(throws: EngineError.self) {
                try SileroModel(onnx: Array(whole.prefix(length)), name: "cut")
            }
        }
    }

    @Test("Random bytes give tensors or an error", arguments: 0..<300 as Range<UInt64>)
    func random(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let length = Int.random(in: 0...64, using: &random)
        // Small bytes are more often valid keys and lengths.
        let bytes = (0..<length).map { _ in
            UInt8.random(in: 0...UInt8(1 + seed % 255), using: &random)
        }
        _ = try? ONNXInitializers([0x3A, UInt8(length)] + bytes)
        _ = try? ONNXInitializers(bytes)
    }
}

/// Probabilities that ONNX Runtime gave: recording → one for each frame.
private struct Reference {
    let probabilities: [String: [Float]]

    init(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        probabilities = Dictionary(
            uniqueKeysWithValues: lines.map { line in
                (String(line[0]), line.dropFirst().compactMap { Float($0) })
            }
        )
    }

    /// Runs ONNX Runtime.
    static func fresh() throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = Dependencies.python
        process.arguments = [Dependencies.root.appending(path: "scripts/silero-reference").path]
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    var frameCount: Int { probabilities.values.reduce(0) { $0 + $1.count } }

    func largestDifference(to model: SileroModel) throws -> Float {
        try probabilities.reduce(0) { largest, recording in
            let samples = try Dependencies.speech(recording.key).samples
            let found = ParleyLocalEngineTests.probabilities(SileroDetector(model), of: samples)
            guard found.count == recording.value.count else { return .infinity }
            return zip(found, recording.value).reduce(largest) { max($0, abs($1.0 - $1.1)) }
        }
    }
}

private func frames(of samples: [Int16]) -> [[Float]] {
    let all = Level.normalized(samples)
    return stride(from: 0, through: all.count - 512, by: 512).map { Array(all[$0..<$0 + 512]) }
}

/// What the detectors say together; nil when they refuse.
private func judge(_ frames: [[Float]], with detectors: [SileroDetector]) -> [Float]? {
    let room = UnsafeMutableBufferPointer<Float>.allocate(capacity: frames.count * 512)
    defer { room.deallocate() }
    _ = room.initialize(from: frames.joined())
    let batch = detectors.enumerated().map { index, detector in
        let samples = UnsafeBufferPointer(rebasing: room[index * 512..<(index + 1) * 512])
        return VoiceActivityFrame(detector: detector, samples: samples)
    }
    return SileroDetector.probabilities(of: batch)
}

private func probabilities(_ detector: SileroDetector, of samples: [Int16]) -> [Float] {
    frames(of: samples).map { frame in
        frame.withUnsafeBufferPointer { detector.probability(of: $0) }
    }
}
