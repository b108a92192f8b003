internal import ParleyNames
internal import ParleyRealtime
internal import ParleyRuntime

extension PipelineLibrary {
    /// The pipeline for the session that a URL asks for.
    ///
    /// - Parameters:
    ///   - query: The URL.
    ///   - own: The caller's own pipeline, where the URL names none.
    /// - Returns: The pipeline that is meant.
    /// - Throws: ``ProtocolError`` where neither names one, or a name stands for nothing.
    func pipeline(
        for query: RealtimeQuery,
        default own: String?
    ) throws(ProtocolError) -> Pipeline {
        switch query.kind {
        case .realtime, .translation:
            guard let model = query.model ?? own else {
                throw ProtocolError(
                    .missingModel,
                    "The URL names no model, expected ?model= with one of: "
                        + "\(models.names.joined(separator: ", "))."
                )
            }
            return try serving(model, as: query.kind)
        case .transcription:
            return try transcribing(with: query.model)
        }
    }

    /// The pipeline for a session that converses or translates: every pipeline does both, and the
    /// vendor's names of models that only translate mean the default one.
    ///
    /// - Throws: ``ProtocolError`` for a name that stands for nothing.
    func serving(
        _ model: String,
        as kind: SessionKind,
        param: String? = nil
    ) throws(ProtocolError) -> Pipeline {
        // What is real, and the operator's own names, come first.
        if let pipeline = serving(model) { return pipeline }
        let isVendors = VendorNames.translating.contains { $0.matches(model) }
        if kind == .translation, isVendors, !models.aliases.isEmpty, let `default` {
            return `default`
        }
        return try conversing(as: model, param: param)
    }

    /// The pipeline for a session that converses.
    ///
    /// - Parameters:
    ///   - model: What the client named, real or not.
    ///   - param: Where it stood, for the error; nil for the URL.
    /// - Returns: The pipeline that the name stands for.
    /// - Throws: ``ProtocolError`` for a name that stands for nothing, with near names first.
    func conversing(as model: String, param: String? = nil) throws(ProtocolError) -> Pipeline {
        if let pipeline = serving(model) { return pipeline }
        let found = "Found model \"\(model.prefix(128))\""
        guard let purpose = VendorNames.purpose(of: model) else {
            throw ProtocolError(.invalidModel, found + models.advice(for: model), param: param)
        }
        throw ProtocolError(
            .invalidModel,
            "\(found), which can't converse: \(purpose). Expected one of: "
                + "\(models.names.joined(separator: ", ")).",
            param: param
        )
    }

    /// The pipeline for a session that transcribes.
    ///
    /// - Parameter model: What the client named: a pipeline, or a recogniser, which the session
    ///   then chooses by itself; nil for nothing.
    /// - Returns: The pipeline of that name, else the default one.
    /// - Throws: ``ProtocolError`` where there is none.
    func transcribing(with model: String?) throws(ProtocolError) -> Pipeline {
        let named = model.flatMap { models.resolve($0) }.flatMap { self[$0] }
        guard let pipeline = named ?? `default` else {
            throw ProtocolError(.missingModel, "This server has no pipelines.")
        }
        return pipeline
    }
}
