internal import CPocketSphinx
internal import ParleyEngine
internal import ParleyEngineThreads

/// One decoder of the library: about 91 MB, one utterance at a time.
///
/// Every call blocks, so they are made on engine threads. Long ones ask in between whether they are
/// still wanted.
///
/// Checked by eye and not by the compiler: a decoder is in one place at a time, ``DecoderPool``
/// sees to that, and the library keeps nothing that decoders share but its log, which is off.
final class PocketSphinxDecoder: @unchecked Sendable {
    /// Samples fed between two looks at the caller: 100 ms, which take 5 to 30 ms.
    private static let stride = 1_600
    /// The search keeps no more states than this in each frame.
    ///
    /// Measured: 13 % less time for the same words.
    private static let maximumStates = 3_000
    /// Samples from which the cepstral mean of a whole utterance is taken: 3 s.
    static let meanLength = 48_000
    /// Samples below which there is no frame to speak of: 50 ms.
    static let minimumLength = 800

    private let decoder: OpaquePointer
    /// The mean that the model was trained with, as the library writes it.
    private let trainedMean: String
    private var isInUtterance = false

    /// Loads the model; takes about 0.3 s.
    ///
    /// - Throws: ``EngineError/Fault/load``.
    init(_ model: PocketSphinxModel) throws(EngineError) {
        Self.silenceLog
        try model.requireFiles()
        guard let configuration = ps_config_init(nil) else {
            throw EngineError(.load, "PocketSphinx has no memory for a configuration")
        }
        // The decoder keeps it alive.
        defer { ps_config_free(configuration) }
        ps_config_set_str(configuration, "hmm", model.acoustic)
        ps_config_set_str(configuration, "lm", model.language)
        ps_config_set_str(configuration, "dict", model.dictionary)
        // The second pass costs 50 to 150 ms after the end of speech and saves one word in a
        // hundred.
        ps_config_set_bool(configuration, "fwdflat", 0)
        ps_config_set_int(configuration, "maxhmmpf", Self.maximumStates)
        guard let decoder = ps_init(configuration) else {
            throw EngineError(.load, "PocketSphinx can't read the model in \(model.acoustic)")
        }
        self.decoder = decoder
        trainedMean = String(cString: ps_get_cmn(decoder, 0))
    }

    deinit {
        ps_free(decoder)
    }

    /// Begins an utterance of which too little is known; one that was left open is dropped.
    ///
    /// The mean of its spectrum is guessed, so the text is good enough to be shown, not more.
    func beginGuessing() throws(EngineError) {
        try begin(mean: trainedMean)
    }

    /// Begins an utterance the mean of whose spectrum is known; one that was left open is dropped.
    ///
    /// With the mean measured the search makes far fewer errors than with a guess: one instead of
    /// ten in 21 words of short commands, 20 instead of 25 in 71 words of books.
    ///
    /// - Parameter mean: From ``mean(of:)``.
    /// - Throws: ``EngineError/Fault/inference``.
    func begin(mean: String) throws(EngineError) {
        _ = try end()
        // Each utterance stands for itself: the one before may have been somebody else's.
        ps_set_cmn(decoder, mean)
        guard ps_start_stream(decoder) >= 0, ps_start_utt(decoder) >= 0 else {
            throw EngineError(.inference, "PocketSphinx can't begin an utterance")
        }
        isInUtterance = true
    }

    /// Measures the mean of the spectrum of some audio, as the library writes it; an utterance that
    /// was left open is dropped.
    ///
    /// - Parameter samples: An utterance, of which ``meanLength`` count.
    /// - Returns: The mean; the one that the model was trained with where the audio has none.
    /// - Throws: ``EngineError/Fault/inference``.
    func mean(of samples: [Int16]) throws(EngineError) -> String {
        try measureMean(samples.prefix(Self.meanLength)) ?? trainedMean
    }

    /// Hears more of the utterance.
    func feed(_ samples: ArraySlice<Int16>, _ work: EngineWork) throws(EngineError) {
        var rest = samples
        while !rest.isEmpty {
            try work.check()
            let chunk = rest.prefix(Self.stride)
            rest = rest.dropFirst(chunk.count)
            try process(chunk, measuring: false)
        }
    }

    /// What was understood so far.
    var hypothesis: String {
        // The library hands out its own memory, valid until the next call.
        guard let text = ps_get_hyp(decoder, nil) else { return "" }
        return PlainWords.text(of: String(cString: text))
    }

    /// Ends the utterance.
    ///
    /// - Returns: What was understood.
    func end() throws(EngineError) -> String {
        guard isInUtterance else { return "" }
        isInUtterance = false
        guard ps_end_utt(decoder) >= 0 else {
            throw EngineError(.inference, "PocketSphinx can't end an utterance")
        }
        return hypothesis
    }

    /// The words of the utterance that has ended, and how probable they are.
    var words: [Phrase.Word] {
        var words: [Phrase.Word] = []
        // The last step frees what the first one has made.
        var next = ps_seg_iter(decoder)
        while let segment = next {
            let word = ps_seg_word(segment).map { PlainWords.text(of: String(cString: $0)) } ?? ""
            let scaled = ps_seg_prob(segment, nil, nil, nil)
            let logprob = logmath_log_to_ln(ps_get_logmath(decoder), scaled)
            // Rounding may make it more than certain.
            if !word.isEmpty { words.append(Phrase.Word(text: word, logprob: min(0, logprob))) }
            next = ps_seg_next(segment)
        }
        return words
    }

    /// The cepstral mean of some audio; nil where it has none, as in digital silence.
    private func measureMean(_ samples: ArraySlice<Int16>) throws(EngineError) -> String? {
        guard samples.count >= Self.minimumLength else { return nil }
        _ = try end()
        // Hearing a stream once makes the library guess means for good; this lets it measure again.
        guard ps_reinit_feat(decoder, nil) >= 0 else {
            throw EngineError(.inference, "PocketSphinx can't set up its features again")
        }
        try begin(mean: trainedMean)
        try process(samples, measuring: true)
        let mean = String(cString: ps_get_cmn(decoder, 0))
        // The features of the pass are still waiting to be searched. Those of a shorter one take
        // their place, so that ending the utterance has nothing to do.
        try process(samples.prefix(Self.minimumLength), measuring: true)
        _ = try end()
        return mean.contains("n") ? nil : mean  // "nan" and "inf"
    }

    /// Hands samples to the library; when measuring it only computes features, of all of them at
    /// once.
    private func process(_ samples: ArraySlice<Int16>, measuring: Bool) throws(EngineError) {
        let flag: Int32 = measuring ? 1 : 0
        let frameCount = samples.withUnsafeBufferPointer { samples in
            ps_process_raw(decoder, samples.baseAddress, samples.count, flag, flag)
        }
        guard frameCount >= 0 else {
            throw EngineError(.inference, "PocketSphinx can't process the audio")
        }
    }

    /// Without this the library writes pages to standard error; once for the whole process.
    private static let silenceLog: Void = err_set_callback(nil, nil)
}
