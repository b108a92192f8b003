/// Finds what a mistyped name may have meant.
public enum NearMatch {
    /// The candidate nearest to a name; nil when none is near.
    ///
    /// Near is one slip in a short name and one more for each four letters: a swap of neighbours, a
    /// letter too many, too few or wrong. A name that another begins with is near to it, as in
    /// `idle` for `idle_ms`. Case makes no difference.
    public static func nearest(
        to name: String,
        among candidates: some Sequence<String>
    ) -> String? {
        all(near: name, among: candidates).first
    }

    /// Every candidate that is near to a name, the nearest first, each once.
    public static func all(
        near name: String,
        among candidates: some Sequence<String>
    ) -> [String] {
        let allowed = 1 + name.count / 4
        let name = name.lowercased()
        var found: [(name: String, distance: Int)] = []
        for candidate in candidates where !found.contains(where: { $0.name == candidate }) {
            let plain = candidate.lowercased()
            let isBeginning = name.utf8.count > 2 && plain != name && plain.hasPrefix(name)
            let distance =
                isBeginning ? 1 : distance(from: Array(name.utf8), to: Array(plain.utf8))
            // A short name can be turned into any other; that is no likeness.
            guard distance <= allowed, distance < candidate.utf8.count else { continue }
            // Behind those that are as near: the order of the candidates counts, too.
            let place = found.firstIndex { $0.distance > distance } ?? found.endIndex
            found.insert((candidate, distance), at: place)
        }
        return found.map(\.name)
    }

    /// `; did you mean "x"?` when something is near, else nothing.
    public static func hint(for name: String, among candidates: some Sequence<String>) -> String {
        nearest(to: name, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// `"a", "b" or "c"`.
    public static func alternatives(_ names: [String]) -> String {
        let quoted = names.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "none" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Edits between two names: letters added, dropped, replaced, neighbours swapped.
    ///
    /// Long names are far from each other without counting: no configuration has them.
    private static func distance(from left: [UInt8], to right: [UInt8]) -> Int {
        guard left.count <= 64, right.count <= 64 else { return .max }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(replaced, last[column + 1] + 1, current[column] + 1)
                let isSwap =
                    row > 0 && column > 0
                    && left[row] == right[column - 1] && left[row - 1] == right[column]
                if isSwap { best = min(best, beforeLast[column - 1] + 1) }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
