package import ParleyEngine
package import ParleyJSON

/// Reads the answer of `/chat/completions`, streamed or whole: chunks in, events out.
///
/// Parallel calls come interleaved and are reported one after the other: the first as it comes, the
/// others when the answer ends.
package struct ChatAnswer {
    /// A call while it comes.
    private struct Call {
        /// The service's number, where it gives one.
        var index: Int?
        var id: String
        var name = ""
        var arguments = ""
        /// Begun, and all of ``arguments`` said.
        var isReported = false
    }

    /// Calls of one answer; chosen: no conversation has a use for more.
    private static let callLimit = 128
    /// Bytes of the arguments of all calls of one answer.
    ///
    /// Chosen: more than any tool's, little enough to be kept.
    private static let argumentsLimit = 1 << 20

    private let firstCallNumber: Int
    private var calls: [Call] = []
    private var argumentsByteCount = 0
    private var thinking = ThinkingFilter()
    /// What is known of the answer beside its events.
    package private(set) var result = LanguageResult()
    /// The service has said why it ended.
    package private(set) var isFinished = false

    /// - Parameter request: Knows how many calls the conversation had, so that ids made up here are
    ///   new.
    package init(_ request: LanguageRequest) {
        firstCallNumber = request.messages.count + 1
    }

    /// Why a chunk is none.
    package struct Malformed: Error, Equatable {
        package var message: String
    }

    /// Reads a chunk, or a whole answer.
    ///
    /// - Throws: ``Malformed`` where a member has another type than the API says.
    package mutating func read(_ chunk: JSON) throws(Malformed) -> [LanguageEvent] {
        if let usage = chunk["usage"], !usage.isNull { read(usage: usage) }
        guard let choices = chunk["choices"] else {
            guard chunk["usage"] != nil else { throw Malformed(message: "no \"choices\"") }
            return []
        }
        guard let list = choices.array else { throw Malformed(message: "\"choices\" is no list") }
        // The last chunk, with the usage, has none.
        guard let choice = list.first else { return [] }
        var events: [LanguageEvent] = []
        if let delta = choice["delta"] ?? choice["message"], !delta.isNull {
            guard delta.object != nil else { throw Malformed(message: "a delta is no object") }
            events += try read(delta: delta)
        }
        if let reason = choice["finish_reason"]?.string {
            isFinished = true
            result.finish = Self.finish(reason)
        }
        return events
    }

    /// What is still to be said when the answer has ended; nothing when asked again.
    package mutating func finish() -> [LanguageEvent] {
        var events = thinking.finish().map { [LanguageEvent.text($0)] } ?? []
        for call in calls where !call.name.isEmpty {
            // The first was begun when its name came; it has to have arguments in any case.
            if !call.isReported { events.append(.toolCallStarted(id: call.id, name: call.name)) }
            if !call.isReported || call.arguments.isEmpty {
                let arguments = call.arguments.isEmpty ? "{}" : call.arguments
                events.append(.toolCallArguments(arguments))
            }
        }
        calls = []
        return events
    }

    private static func finish(_ reason: String) -> LanguageResult.Finish {
        switch reason {
        case "length", "max_tokens": .maximumOutputTokens
        case "content_filter": .contentFilter
        default: .stop
        }
    }

    private mutating func read(usage: JSON) {
        result.inputTokens = usage["prompt_tokens"]?.integer ?? result.inputTokens
        result.outputTokens = usage["completion_tokens"]?.integer ?? result.outputTokens
        let details = usage["prompt_tokens_details"]
        result.cachedInputTokens = details?["cached_tokens"]?.integer ?? result.cachedInputTokens
    }

    private mutating func read(delta: JSON) throws(Malformed) -> [LanguageEvent] {
        var events: [LanguageEvent] = []
        for key in ["content", "refusal"] {
            guard let value = delta[key], !value.isNull else { continue }
            guard let text = Self.text(value) else {
                throw Malformed(message: "\"\(key)\" is no text")
            }
            if let spoken = thinking.filter(text) { events.append(.text(spoken)) }
        }
        if let list = delta["tool_calls"], !list.isNull {
            guard let pieces = list.array else {
                throw Malformed(message: "\"tool_calls\" is no list")
            }
            for piece in pieces { events += try read(call: piece) }
        }
        return events
    }

    /// A text, or a list of text parts as some services have it.
    private static func text(_ value: JSON) -> String? {
        if let text = value.string { return text }
        guard let parts = value.array else { return nil }
        return parts.compactMap { $0["text"]?.string }.joined()
    }

    private mutating func read(call piece: JSON) throws(Malformed) -> [LanguageEvent] {
        let function = piece["function"]
        let place = try place(of: piece)
        if let name = function?["name"]?.string, calls[place].name.isEmpty {
            calls[place].name = name
        }
        var more = ""
        switch function?["arguments"] {
        case .string(let text)?: more = text
        case .object(let object)?: more = object.description
        case nil, .null?: break
        default: throw Malformed(message: "\"arguments\" is no text")
        }
        argumentsByteCount += more.utf8.count
        guard argumentsByteCount <= Self.argumentsLimit else {
            throw Malformed(message: "the arguments exceed \(Self.argumentsLimit) bytes")
        }
        calls[place].arguments += more
        guard place == 0, !calls[0].name.isEmpty else { return [] }
        guard calls[0].isReported else {
            calls[0].isReported = true
            let started = LanguageEvent.toolCallStarted(id: calls[0].id, name: calls[0].name)
            let arguments = calls[0].arguments
            return arguments.isEmpty ? [started] : [started, .toolCallArguments(arguments)]
        }
        return more.isEmpty ? [] : [.toolCallArguments(more)]
    }

    /// Where the call of a piece is kept: by its number, else by its id, else a name begins a new
    /// one.
    private mutating func place(of piece: JSON) throws(Malformed) -> Int {
        let index = piece["index"]?.integer
        let id = piece["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let index {
            if let place = calls.firstIndex(where: { $0.index == index }) { return place }
        } else if let id {
            if let place = calls.firstIndex(where: { $0.id == id }) { return place }
        } else if piece["function"]?["name"]?.string == nil, !calls.isEmpty {
            return calls.count - 1
        }
        guard calls.count < Self.callLimit else {
            throw Malformed(message: "more than \(Self.callLimit) calls")
        }
        let made = "call_\(firstCallNumber + calls.count)"
        calls.append(Call(index: index, id: id ?? made))
        return calls.count - 1
    }
}
