internal import ParleyAudio

/// Recordings as files: WAV of any kind in, WAV at the session's rate out.
package enum Recording {
    /// Why a file is no recording, in one line that names it.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Largest file that is read.
    ///
    /// Chosen: an hour of CD audio has 600 MB, half of that is a long question.
    private static let sizeLimit = 300 << 20

    /// Reads a WAV file and brings it to 24,000 Hz, one channel.
    ///
    /// - Throws: ``Failure`` for a file that cannot be read, is no WAV file, or holds no sound.
    package static func load(_ path: String) throws(Failure) -> [Int16] {
        let bytes: [UInt8]
        do throws(WholeFile.Failure) {
            bytes = try WholeFile.read(path, limit: sizeLimit)
        } catch {
            throw Failure(description: error.description)
        }
        return try samples(of: bytes, named: path)
    }

    /// Reads the bytes of a WAV file.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: What messages call it.
    /// - Returns: Samples at 24,000 Hz.
    /// - Throws: ``Failure``
    package static func samples(of bytes: [UInt8], named name: String) throws(Failure) -> [Int16] {
        let frame: AudioFrame
        do throws(WAVError) {
            frame = try AudioFrame(wav: bytes)
        } catch {
            throw Failure(description: "\(name) is not a WAV file that can be read: \(error)")
        }
        guard !frame.samples.isEmpty else {
            throw Failure(description: "\(name) holds no sound")
        }
        guard Resampler.supportedRates.contains(frame.sampleRate) else {
            let rates = Resampler.supportedRates
            throw Failure(
                description: "\(name) has \(frame.sampleRate) samples a second; expected "
                    + "\(rates.lowerBound) to \(rates.upperBound)"
            )
        }
        var resampler = Resampler(from: frame.sampleRate, to: AudioFormat.sessionSampleRate)
        return resampler.process(frame.samples) + resampler.finish()
    }

    /// Writes samples of 24,000 Hz as a WAV file.
    ///
    /// - Throws: ``Failure``
    package static func save(_ samples: [Int16], to path: String) throws(Failure) {
        do throws(WholeFile.Failure) {
            try WholeFile.write(AudioFrame(samples: samples).wav, to: path)
        } catch {
            throw Failure(description: error.description)
        }
    }
}
