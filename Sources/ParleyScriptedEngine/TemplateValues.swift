internal import ParleyJSON

/// What the gaps of templates are filled with.
struct TemplateValues: Sendable {
    /// The words of each capture, from 1.
    var captures: [[Utterance.Word]] = []
    var user = ""
    /// A tool's result; a text that is no JSON is a string.
    var result: JSON?
    var reflections = Reflections.english

    /// Characters that one gap takes; a tool may answer with a book.
    static let gapLimit = 500

    /// The text with all gaps filled; nil when one of them has nothing to say.
    ///
    /// - Parameters:
    ///   - template: What to fill.
    ///   - reflected: Whether captures are turned around, as in an answer to who said them.
    /// - Returns: The text, without a limit of its own.
    func fill(_ template: Template, reflected: Bool) -> String? {
        var text = ""
        for part in template.parts {
            guard let filled = fill(part, reflected: reflected) else { return nil }
            text += filled
        }
        return text
    }

    private func fill(_ part: Template.Part, reflected: Bool) -> String? {
        let text: String?
        switch part {
        case .text(let literal): return literal
        case .capture(let number): text = capture(number, reflected: reflected)
        case .user: text = user
        case .result(let path): text = value(at: path).flatMap(Self.spoken)
        }
        guard let text, !text.isEmpty else { return nil }
        return String(text.prefix(Self.gapLimit))
    }

    private func capture(_ number: Int, reflected: Bool) -> String? {
        guard captures.indices.contains(number - 1) else { return nil }
        let words = captures[number - 1]
        return reflected ? reflections.reflect(words) : Utterance.text(of: words)
    }

    private func value(at path: [String]) -> JSON? {
        var value = result
        for step in path {
            value = value?[step] ?? Int(step).flatMap { value?[$0] }
        }
        return value
    }

    /// A value as somebody would say it: `{"low": 3, "high": 8}` is "low 3, high 8".
    private static func spoken(_ value: JSON) -> String? {
        switch value {
        case .null: nil
        case .bool(let flag): flag ? "yes" : "no"
        case .integer(let number): String(number)
        case .number(let number):
            number == number.rounded() ? "\(Int(clamping: number))" : "\(number)"
        case .string(let text): text
        case .array(let values): joined(values.compactMap(spoken))
        case .object(let object):
            joined(
                object.members.compactMap { member in
                    spoken(member.value).map { "\(Self.words(of: member.key)) \($0)" }
                }
            )
        }
    }

    private static func joined(_ parts: [String]) -> String? {
        parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// `feels_like` as "feels like".
    private static func words(of key: String) -> String {
        String(key.map { $0 == "_" || $0 == "-" ? " " : $0 })
    }
}

extension Int {
    /// The nearest whole number there is; numbers of JSON are finite.
    fileprivate init(clamping number: Double) {
        self = Int(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
    }
}
