/// The names of one kind of thing: what is real, and what else it may be called.
///
/// Names are resolved in this order: what is real, then the aliases in theirs, the first that fits,
/// then ``strangers``.
///
/// ```swift
/// let voices = NameTable(["slt", "kal16"], aliases: [.init("alloy", for: "slt")])
/// voices.resolve("alloy")  // "slt"
/// ```
public struct NameTable: Sendable, Hashable {
    /// Another name, or many, for something real.
    public struct Alias: Sendable, Hashable {
        /// What it may be called.
        public var pattern: NamePattern
        /// What is meant; nil for nothing, whatever later aliases say.
        public var target: String?

        /// Makes an alias.
        public init(_ pattern: NamePattern, for target: String?) {
            self.pattern = pattern
            self.target = target
        }
    }

    /// What becomes of a name that is neither real nor an alias.
    public enum Strangers: Sendable, Hashable {
        /// It stands for nothing.
        case refused
        /// It stands for itself: nobody here knows which names there are.
        case trusted
        /// It stands for the first of the real names.
        case standIn
    }

    /// What is real, the default first.
    public var names: [String]
    /// What else is understood, in the order in which it counts.
    public var aliases: [Alias]
    /// What becomes of other names.
    public var strangers: Strangers

    /// Makes a table.
    public init(_ names: [String], aliases: [Alias] = [], strangers: Strangers = .refused) {
        self.names = names
        self.aliases = aliases
        self.strangers = strangers
    }

    /// A table of what nobody here knows: every name stands for itself.
    public static let unknown = NameTable([], strangers: .trusted)

    /// What a name stands for; nil where it stands for nothing.
    public func resolve(_ name: String) -> String? {
        if names.contains(name) { return name }
        if let alias = aliases.first(where: { $0.pattern.matches(name) }) { return alias.target }
        return switch strangers {
        case .refused: nil
        case .trusted: name
        case .standIn: names.first
        }
    }

    /// What to say to somebody whose name stands for nothing: near names first, then what is real.
    ///
    /// `; did you mean "slt"? Expected one of: slt, kal16.`
    public func advice(for name: String) -> String {
        let near = NearMatch.all(near: name, among: names + otherNames)
        let hint =
            near.isEmpty
            ? "" : "; did you mean \(NearMatch.alternatives(Array(near.prefix(Self.nearCount))))?"
        guard !names.isEmpty else { return hint.isEmpty ? "." : hint }
        let real = near.filter(names.contains) + names.filter { !near.contains($0) }
        let rest = real.count > Self.listedCount ? " and \(real.count - Self.listedCount) more" : ""
        let list = real.prefix(Self.listedCount).joined(separator: ", ") + rest
        return hint.isEmpty
            ? ", expected one of: \(list)." : "\(hint) Expected one of: \(list)."
    }

    /// A name for each alias that has one and stands for something.
    public var otherNames: [String] {
        aliases.compactMap { $0.target == nil ? nil : $0.pattern.stem }
    }

    /// Near names that are told.
    ///
    /// Chosen: more confuse.
    private static let nearCount = 3
    /// Real names that are told.
    ///
    /// Chosen: what a person still reads.
    private static let listedCount = 24
}
