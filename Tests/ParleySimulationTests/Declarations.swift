import Foundation

/// What the sources declare, so that no list of it can fall behind.
enum Declarations {
    /// The `type` of every event that the server may send, as the compiler wants it of each case.
    static var eventTypes: Set<String> {
        get throws {
            let text = try source("ParleyRealtime/ServerEvent+Type.swift")
            let names = try between("public var type: StaticString {", "\n    }\n", of: text)
            return Set(names.matches(of: /"([a-z_.]+)"/).map { String($0.1) })
        }
    }

    /// Every effect, as histories name it: `cancelTool` is `cancel_tool`.
    static var effectNames: Set<String> {
        get throws {
            let text = try source("ParleySession/Session+Output.swift")
            let cases = try between("public enum Effect", "\n    }\n", of: text)
            return Set(
                cases.matches(of: /\n        case (\w+)/).map { match in
                    match.1.reduce(into: "") { name, letter in
                        name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
                    }
                }
            )
        }
    }

    private struct Missing: Error {
        var text: String
    }

    private static func source(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "Sources/\(path)"), encoding: .utf8)
    }

    private static func between(
        _ start: String,
        _ end: String,
        of text: String
    ) throws -> Substring {
        guard let opening = text.firstRange(of: start),
            let closing = text[opening.upperBound...].firstRange(of: end)
        else { throw Missing(text: start) }
        return text[opening.upperBound..<closing.lowerBound]
    }
}
