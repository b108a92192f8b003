import Foundation
import ParleyTesting
import Testing

@testable import ParleyAudio

/// A conversion between two rates, in Hz.
struct Conversion: CustomTestStringConvertible, Sendable {
    static let rates = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
    static let all = rates.flatMap { from in
        rates.filter { $0 != from }.map { Conversion(from: from, to: $0) }
    }

    let from: Int
    let to: Int
    var testDescription: String { "\(from) to \(to) Hz" }

    func convert(_ samples: [Int16]) -> [Int16] {
        var resampler = Resampler(from: from, to: to)
        return resampler.process(samples) + resampler.finish()
    }
}

@Suite("Resampler")
struct ResamplerTests {
    @Test("A stream keeps its length, rounded up", arguments: Conversion.all)
    func length(conversion: Conversion) {
        for count in [0, 1, 2, 319, 1_000] {
            let expected = (count * conversion.to + conversion.from - 1) / conversion.from
            #expect(conversion.convert(Array(repeating: 5, count: count)).count == expected)
        }
    }

    @Test("A constant stays what it is", arguments: Conversion.all)
    func constant(conversion: Conversion) {
        let output = conversion.convert(Array(repeating: 12_345, count: conversion.from / 10))
        let edge = conversion.to / 500
        #expect(output.dropFirst(edge).dropLast(edge).allSatisfy { $0 == 12_345 })
    }

    @Test(
        "A tone comes through in place, with its level, and nothing beside it",
        arguments: Conversion.all
    )
    func tone(conversion: Conversion) {
        let amplitude = 24_000.0
        let output = conversion.convert(sineWave(1_000, amplitude, rate: conversion.from))
        let fit = ToneFit(output, frequency: 1_000, rate: conversion.to)
        #expect(abs(fit.amplitude - amplitude) < amplitude * 0.002)
        // A phase of zero at the first sample: output is aligned with input.
        #expect(abs(fit.phase) < 0.002)
        // Rounding to 16 bits leaves 10·log10(2·(1/12)/24,000²) = -95 dB by itself.
        #expect(fit.residual < -85)
    }

    @Test(
        "What lies above the new Nyquist frequency is gone",
        arguments: Conversion.all.filter { $0.to < $0.from }
    )
    func stopBand(conversion: Conversion) {
        let frequency = Double(conversion.to) * 0.58
        guard frequency < Double(conversion.from) / 2 else { return }
        let output = conversion.convert(sineWave(frequency, 24_000, rate: conversion.from))
        let middle = output.dropFirst(output.count / 4).dropLast(output.count / 4)
        #expect(Level.peak(of: middle) < 0.0005)
    }

    @Test("Samples cut anywhere give the same output", arguments: 0..<8 as Range<UInt64>)
    func cutAnywhere(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let conversion = try #require(Conversion.all.randomElement(using: &random))
        let samples = PCM16.decode(random.bytes(count: 20_000))
        var resampler = Resampler(from: conversion.from, to: conversion.to)
        let pieces = random.cut(samples, into: 700).flatMap { resampler.process($0) }
        #expect(pieces + resampler.finish() == conversion.convert(samples))
    }

    @Test("Normalized output is linear output before it was rounded", arguments: Conversion.all)
    func normalized(conversion: Conversion) {
        let samples = sineWave(700, 30_000, rate: conversion.from)
        var linear = Resampler(from: conversion.from, to: conversion.to)
        var normalized = linear
        let found = normalized.normalize(samples)
        let expected = linear.process(samples)
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 * 32_768 - Float($1)) <= 0.5 })
    }

    @Test("Normalized output stays within ±1.0")
    func normalizedRange() {
        let square = (0..<4_800).map { Int16(($0 / 60).isMultiple(of: 2) ? Int16.max : .min) }
        var resampler = Resampler(from: 24_000, to: 16_000, quality: .detection)
        let output = resampler.normalize(square)
        #expect(output.contains(-1) && output.contains { $0 > 0.999 })
        #expect(output.allSatisfy { (-1...1).contains($0) })
    }

    @Test("Normalized samples at an unchanged rate are the same samples")
    func normalizedIdentity() {
        var resampler = Resampler(from: 24_000, to: 24_000)
        #expect(resampler.normalize([16_384, -32_768, 0]) == [0.5, -1, 0])
    }

    @Test(
        "Each output is the sum of eight parts, on every machine",
        arguments: [(24_000, 16_000), (8_000, 24_000), (16_000, 24_000), (44_100, 24_000)]
    )
    func partialSums(from: Int, to: Int) {
        var random = SplitMix(seed: 7)
        let samples = PCM16.decode(random.bytes(count: 4_000))
        for quality in [ResamplingQuality.listening, .detection] {
            var resampler = Resampler(from: from, to: to, quality: quality)
            let expected = PlainResampler(from: from, to: to, quality: quality).normalize(samples)
            #expect(resampler.normalize(samples) == expected)
        }
    }

    @Test("It holds back less than 2 ms", arguments: Conversion.all)
    func delay(conversion: Conversion) {
        var resampler = Resampler(from: conversion.from, to: conversion.to)
        let output = resampler.process([Int16](repeating: 0, count: conversion.from))
        let missing = Double(conversion.to - output.count) / Double(conversion.to)
        #expect(missing < 0.002)
        #expect(resampler.delay < .milliseconds(2))
    }

    @Test("After it finished it is as new")
    func finishResets() {
        var resampler = Resampler(from: 24_000, to: 16_000)
        let samples = sineWave(440, 9_000, rate: 24_000)
        let first = resampler.process(samples) + resampler.finish()
        #expect(resampler.process(samples) + resampler.finish() == first)
    }

    @Test("A copy goes its own way")
    func copies() {
        var original = Resampler(from: 24_000, to: 8_000)
        let samples = sineWave(440, 9_000, rate: 24_000)
        _ = original.process(samples)
        var copy = original
        _ = copy.process(samples.reversed())
        var twin = Resampler(from: 24_000, to: 8_000)
        _ = twin.process(samples)
        #expect(original.process(samples) == twin.process(samples))
    }

    @Test("Equal rates pass samples on at once")
    func identity() {
        var resampler = Resampler(from: 24_000, to: 24_000)
        #expect(resampler.process([1, -2, 3]) == [1, -2, 3])
        #expect(resampler.finish().isEmpty)
    }

    @Test("Loud square waves clip and don't wrap")
    func saturation() {
        let square = (0..<4_800).map { Int16(($0 / 60).isMultiple(of: 2) ? Int16.max : .min) }
        let output = Conversion(from: 24_000, to: 48_000).convert(square)
        let isHigh = output.enumerated().filter { ($0.offset / 120).isMultiple(of: 2) }
        // The ringing of the filter is at the edges; in the middle of a half-wave the sign must
        // stand.
        #expect(
            isHigh.filter { (30..<90).contains($0.offset % 120) }.allSatisfy { $0.element > 30_000 }
        )
    }

    @Test("Rates that share no divisor work as well")
    func coprimeRates() {
        let conversion = Conversion(from: 47_999, to: 16_001)
        let output = conversion.convert(sineWave(1_000, 24_000, rate: conversion.from))
        let fit = ToneFit(output, frequency: 1_000, rate: conversion.to)
        #expect(fit.residual < -85)
        #expect(output.count == conversion.to)
    }

    @Test("Impossible rates are clamped", arguments: [Int.min, -1, 0, 1, 1_000_000, Int.max])
    func impossibleRates(rate: Int) {
        var resampler = Resampler(from: rate, to: 24_000)
        #expect(Resampler.supportedRates.contains(resampler.inputRate))
        _ = resampler.process([1, 2, 3])
        _ = resampler.finish()
    }
}

extension Resampler {
    /// What of the next samples can be said by now, as numbers of ±1.0.
    fileprivate mutating func normalize(_ samples: [Int16]) -> [Float] {
        let most = outputCount(ofInput: samples.count)
        return [Float](unsafeUninitializedCapacity: most) { output, count in
            samples.withUnsafeBufferPointer { count = process($0, into: output) }
        }
    }
}

/// A resampler as the specification of the kernel has it, without the kernel.
private struct PlainResampler {
    private let filter: ResamplingFilter
    private let upsampling: Int
    private let downsampling: Int

    init(from inputRate: Int, to outputRate: Int, quality: ResamplingQuality) {
        let divisor = (1...inputRate).last {
            inputRate.isMultiple(of: $0) && outputRate.isMultiple(of: $0)
        }
        upsampling = outputRate / (divisor ?? 1)
        downsampling = inputRate / (divisor ?? 1)
        filter = ResamplingFilter(
            inputRate: inputRate,
            outputRate: outputRate,
            phaseCount: upsampling,
            quality: quality
        )
    }

    func normalize(_ samples: [Int16]) -> [Float] {
        let silence = repeatElement(Float.zero, count: filter.rowLength - filter.lookAhead - 1)
        let window = silence + samples.map { Float($0) }
        var output: [Float] = []
        while true {
            let (position, row) = (output.count * downsampling).quotientAndRemainder(
                dividingBy: upsampling
            )
            guard position + filter.rowLength <= window.count else { return output }
            output.append(min(max(sum(window[position...], row) / 32_768, -1), 1))
        }
    }

    private func sum(_ window: ArraySlice<Float>, _ row: Int) -> Float {
        let length = filter.rowLength
        let coefficients = filter.coefficients[row * length..<(row + 1) * length]
        var parts = [Float](repeating: 0, count: 8)
        for (index, (sample, coefficient)) in zip(window, coefficients).enumerated() {
            parts[index % 8] += sample * coefficient
        }
        let four = (0..<4).map { parts[$0] + parts[$0 + 4] }
        return (four[0] + four[2]) + (four[1] + four[3])
    }
}

func sineWave(_ frequency: Double, _ amplitude: Double, rate: Int) -> [Int16] {
    (0..<rate).map {
        Int16((amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate))).rounded())
    }
}

/// The tone of a known frequency that fits the middle half of a signal best, and what it leaves
/// over.
struct ToneFit {
    let amplitude: Double
    let phase: Double
    /// In dB below the tone.
    let residual: Double

    init(_ samples: [Int16], frequency: Double, rate: Int) {
        let quarter = rate / 4
        var (sine, cosine, energy) = (0.0, 0.0, 0.0)
        for index in quarter..<3 * quarter {
            let angle = 2 * .pi * frequency * Double(index) / Double(rate)
            let value = Double(samples[index])
            sine += value * sin(angle)
            cosine += value * cos(angle)
            energy += value * value
        }
        let count = Double(2 * quarter)
        let power = 2 * (sine * sine + cosine * cosine) / (count * count)
        amplitude = (2 * power).squareRoot()
        phase = atan2(cosine, sine)
        residual = 10 * log10(max(energy / count - power, 1e-9) / power)
    }
}
