internal import ParleyJSON
internal import ParleyRealtime

/// What one response may call, and by which names its model knows it.
///
/// Functions keep their names. A server's tool keeps its own where nothing else has it and a model
/// can say it; otherwise it is called `label__tool`, and with a number behind where even that is
/// taken.
struct ToolTable: Sendable, Equatable {
    /// A server's tool.
    struct Entry: Sendable, Equatable {
        /// The item of its server's list.
        let server: ItemID
        let label: String
        let tool: Session.ServerTool
        let needsApproval: Bool
        /// The session's naming of the server is meant.
        let isOfSession: Bool
    }

    /// What is offered, by the names for the model.
    private(set) var offered: [FunctionTool] = []
    /// Servers' tools by these names.
    private var entries: [String: Entry] = [:]

    /// Longest name and the letters that services for language models take.
    ///
    /// - Source: OpenAI API, "Function calling": `^[a-zA-Z0-9_-]{1,64}$`.
    private static let nameLength = 64

    /// A table of nothing.
    init() {}

    /// Collects what these tools mean, as far as their servers are ready.
    init(_ tools: [Tool], _ uses: [ToolServers.Use], _ servers: ToolServers) {
        offered = tools.compactMap(\.function)
        let found = uses.flatMap { Self.entries(of: $0, servers) }
        let functions = offered.map(\.name)
        let counts = (functions + found.map(\.entry.tool.name)).reduce(into: [:]) {
            $0[$1, default: 0] += 1
        }
        var taken = functions.reduce(into: [:]) { $0[$1] = 1 }
        for (entry, description) in found {
            let isUnique = counts[entry.tool.name] == 1 && Self.canBeSaid(entry.tool.name)
            let name = isUnique ? entry.tool.name : Self.longName(of: entry)
            add(entry, Self.unique(name, among: &taken), description)
        }
    }

    private mutating func add(_ entry: Entry, _ name: String, _ description: String?) {
        entries[name] = entry
        offered.append(
            FunctionTool(
                name: name,
                description: description,
                parameters: entry.tool.inputSchema,
                parametersByteCount: entry.tool.schemaByteCount
            )
        )
    }

    /// The server's tool of this name; nil for functions, and for names that a model invents.
    subscript(name: String) -> Entry? { entries[name] }

    /// Narrows the table to what a choice demands, and says it in the model's words.
    ///
    /// - Returns: What the model is told; nil when nothing is there that the choice could mean.
    mutating func narrow(to choice: ToolChoice) -> ToolChoice? {
        guard case .mcp(let label, let name) = choice else {
            // With no tools there is nothing that could be required.
            return choice == .required && offered.isEmpty ? .auto : choice
        }
        offered = offered.filter { function in
            guard let entry = entries[function.name], entry.label == label else { return false }
            return name == nil || entry.tool.name == name
        }
        let names = Set(offered.map(\.name))
        entries = entries.filter { names.contains($0.key) }
        if name != nil { return offered.first.map { .function(name: $0.name) } }
        return offered.isEmpty ? nil : .required
    }
}

extension ToolTable {
    /// The tools of a server that may be offered.
    private static func entries(
        of use: ToolServers.Use,
        _ servers: ToolServers
    ) -> [(entry: Entry, description: String?)] {
        guard case .ready(let list) = servers[use.server]?.state else { return [] }
        let named = use.naming
        return list.compactMap { tool in
            guard named.allowedTools?.admits(tool.name, isReadOnly: tool.isReadOnly) ?? true else {
                return nil
            }
            let approval = named.approval ?? .always
            let entry = Entry(
                server: use.server,
                label: named.serverLabel,
                tool: tool,
                needsApproval: approval.demands(tool.name, isReadOnly: tool.isReadOnly),
                isOfSession: use.isOfSession
            )
            let parts = [tool.description, named.serverDescription].compactMap(\.self)
                .filter { !$0.isEmpty }
            return (entry, parts.isEmpty ? nil : parts.joined(separator: "\n\n"))
        }
    }

    private static func canBeSaid(_ name: String) -> Bool {
        (1...nameLength).contains(name.utf8.count) && name.utf8.allSatisfy(isLetter)
    }

    private static func longName(of entry: Entry) -> String {
        let letters = "\(entry.label)__\(entry.tool.name)".utf8.map {
            isLetter($0) ? $0 : UInt8(ascii: "_")
        }
        return String(decoding: letters.prefix(nameLength), as: UTF8.self)
    }

    /// A name that nothing has; with each that is taken goes the last number that was tried for it.
    private static func unique(_ name: String, among taken: inout [String: Int]) -> String {
        var candidate = name
        var number = taken[name] ?? 0
        while taken[candidate] != nil {
            number += 1
            let ending = "_\(number)"
            candidate = name.prefix(nameLength - ending.utf8.count) + ending
        }
        if candidate != name { taken[name] = number }
        taken[candidate] = 1
        return candidate
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
