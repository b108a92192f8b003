internal import CFlite
internal import ParleyAudio
internal import ParleyEngine
internal import ParleyEngineThreads

/// A voice of the library.
///
/// Checked by eye and not by the compiler: voices are made once and only read after that; what
/// changes while one speaks is in the utterance. Several texts may be spoken at once with one
/// voice.
struct FliteVoice: @unchecked Sendable {
    /// Samples in one chunk at least: 20 ms.
    private static let chunkLength: Int32 = 320

    /// The name in configuration.
    let name: String
    private let voice: UnsafeMutablePointer<cst_voice>

    /// All voices, the default first.
    ///
    /// Making them takes less than a millisecond, once for the process.
    static let all: [FliteVoice] = {
        flite_init()
        return [("slt", register_cmu_us_slt(nil)), ("kal16", register_cmu_us_kal16(nil))]
            .compactMap { name, voice in voice.map { FliteVoice(name: name, voice: $0) } }
    }()

    /// Speaks a piece of text; blocks until all of it was reported.
    ///
    /// - Parameters:
    ///   - text: Plain ASCII, as ``SpokenText`` makes it.
    ///   - stretch: How much longer than natural each sound takes.
    ///   - work: Asked before each chunk whether more is wanted.
    ///   - report: Gets each chunk as soon as it is made.
    /// - Throws: ``EngineError``.
    func speak(
        _ text: String,
        stretch: Float,
        _ work: EngineWork,
        report: @escaping (AudioFrame) -> Void
    ) throws(EngineError) {
        guard let utterance = new_utterance(), let streaming = new_audio_streaming_info() else {
            throw EngineError(.inference, "flite has no memory for an utterance")
        }
        defer { delete_utterance(utterance) }
        let listener = Listener(work, report)
        // The listener outlives the call: it is used below.
        streaming.pointee.userdata = Unmanaged.passUnretained(listener).toOpaque()
        streaming.pointee.min_buffsize = Self.chunkLength
        streaming.pointee.asc = deliver
        utt_set_input_text(utterance, text)
        utt_init(utterance, voice)
        // On the utterance and not on the voice, which others use at the same time. It frees them.
        flite_set_streaming(utterance, streaming)
        flite_stretch(utterance, stretch)
        let spoken = utt_synth(utterance)
        try withExtendedLifetime(listener) { () throws(EngineError) in try work.check() }
        guard spoken != nil else {
            throw EngineError(.inference, "flite can't speak a text of \(text.utf8.count) bytes")
        }
    }
}

/// Who gets the chunks of one utterance.
private final class Listener {
    let work: EngineWork
    let report: (AudioFrame) -> Void

    init(_ work: EngineWork, _ report: @escaping (AudioFrame) -> Void) {
        self.work = work
        self.report = report
    }
}

/// Called by the library, on the thread that speaks.
private func deliver(
    _ wave: UnsafePointer<cst_wave>?,
    _ start: Int32,
    _ size: Int32,
    _ isLast: Int32,
    _ streaming: UnsafeMutablePointer<cst_audio_streaming_info>?
) -> Int32 {
    guard let wave = wave?.pointee, let samples = wave.samples,
        let userdata = streaming?.pointee.userdata
    else { return Int32(CST_AUDIO_STREAM_STOP) }
    let listener = Unmanaged<Listener>.fromOpaque(userdata).takeUnretainedValue()
    if size > 0 {
        let chunk = UnsafeBufferPointer(start: samples + Int(start), count: Int(size))
        listener.report(AudioFrame(samples: Array(chunk), sampleRate: Int(wave.sample_rate)))
    }
    return Int32(listener.work.isCancelled ? CST_AUDIO_STREAM_STOP : CST_AUDIO_STREAM_CONT)
}
