internal import ParleyEngine
internal import ParleySession

// Older turns in fewer words.

extension SessionDriver {
    func summarize(_ request: Session.SummaryRequest) {
        let engine = pipeline.compaction?.language ?? pipeline.language
        let summary = LanguageRequest(summarizing: request)
        start(.summary) { driver in
            await driver.writeSummary(summary, upTo: request.maximumByteCount, with: engine)
        }
    }

    private func writeSummary(
        _ request: LanguageRequest,
        upTo byteCount: Int,
        with engine: any LanguageEngine
    ) async {
        var text = ""
        do {
            // One that only summaries need may not have been needed before.
            if engine.state != .ready { try await engine.prepare() }
            var watch = CallWatch(.summary, metrics)
            _ = try await engine.generate(request) { event in
                watch.noteOutput()
                // What is longer is refused, and need not be kept.
                guard case .text(let more) = event, text.utf8.count <= byteCount else {
                    return
                }
                text += more
            }
            watch.end()
            guard !Task.isCancelled else { return }
            handle(.summary(.written(text)))
        } catch {
            if let failure = failure(.summary, error) { handle(.summary(.failed(failure))) }
        }
    }
}
