/// Who gets the next decoder: those who wait, each with the length of what is to be decoded.
///
/// Owners take turns by length: whoever was given the least comes first, what he asks for included.
/// So a short utterance passes long ones of others, and a long one comes up once as much as it is
/// long was decoded for others. Each owner's own come in their order.
///
/// Nobody who has a decoder already takes the last free one: it is left for the others.
///
/// - Source: Golestani, "A self-clocked fair queueing scheme for broadband applications", 1994.
struct DecoderLine<Owner: Hashable, Entry> {
    private struct Lane {
        let owner: Owner
        /// All that the owner was given, and what he was not there to be given.
        var given: Int
        var entries: [(length: Int, entry: Entry)] = []

        /// What he will have been given with his next one.
        var mark: Int { given + (entries.first?.length ?? 0) }
    }

    /// Those who wait, in the order in which they came.
    private var lanes: [Lane] = []
    /// The mark of the one who was served last; whoever comes now begins there.
    private var mark = 0
    private var held: [Owner: Int] = [:]

    /// How many wait.
    var count: Int { lanes.reduce(0) { $0 + $1.entries.count } }

    /// The owner has one more.
    mutating func hold(_ owner: Owner) {
        held[owner, default: 0] += 1
    }

    /// The owner has one less.
    mutating func release(_ owner: Owner) {
        let left = held[owner, default: 0] - 1
        held[owner] = left > 0 ? left : nil
    }

    /// Whether the owner has none.
    func isWithout(_ owner: Owner) -> Bool { held[owner] == nil }

    /// Whether one of those that are free is for this owner.
    func mayTake(_ owner: Owner, free: Int) -> Bool {
        free > (isWithout(owner) ? 0 : 1)
    }

    /// Lines up.
    mutating func append(_ entry: Entry, length: Int, of owner: Owner) {
        let index = lanes.firstIndex { $0.owner == owner }
        if index == nil { lanes.append(Lane(owner: owner, given: mark)) }
        lanes[index ?? lanes.endIndex - 1].entries.append((length, entry))
    }

    /// Takes out whoever is next.
    ///
    /// - Parameter free: Decoders that nobody holds.
    /// - Returns: Nil where nobody waits for whom one of them is.
    mutating func next(free: Int) -> (owner: Owner, entry: Entry)? {
        let allowed = lanes.indices.filter { mayTake(lanes[$0].owner, free: free) }
        guard let index = allowed.min(by: { lanes[$0].mark < lanes[$1].mark }) else { return nil }
        mark = lanes[index].mark
        lanes[index].given = mark
        let entry = lanes[index].entries.removeFirst().entry
        let owner = lanes[index].owner
        dropLane(index)
        return (owner, entry)
    }

    /// Takes out the one that is meant; nil where it is not there (any more).
    mutating func remove(where isMeant: (Entry) -> Bool) -> Entry? {
        for lane in lanes.indices {
            let index = lanes[lane].entries.firstIndex { isMeant($0.entry) }
            guard let index else { continue }
            let entry = lanes[lane].entries.remove(at: index).entry
            dropLane(lane)
            return entry
        }
        return nil
    }

    /// Forgets who doesn't wait any more.
    private mutating func dropLane(_ index: Int) {
        if lanes[index].entries.isEmpty { lanes.remove(at: index) }
    }
}
