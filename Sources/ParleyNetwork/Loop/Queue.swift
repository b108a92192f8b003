/// First in, first out; what was taken is let go at once, its place soon after.
///
/// Also where the next element always comes before the last one is taken.
struct Queue<Element> {
    /// Nil where one was taken.
    private var elements: [Element?] = []
    private var head = 0

    /// Places of taken elements that may stay: enough that moving the others costs little.
    private static var emptyPlaces: Int { 32 }

    var isEmpty: Bool { head == elements.count }

    /// Places in memory, those of taken elements too.
    var placeCount: Int { elements.count }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count, let element = elements[head].take() else { return nil }
        head += 1
        if head == elements.count {
            // A burst's room goes back; that of a steady trickle stays.
            elements.removeAll(keepingCapacity: elements.capacity <= 8)
            head = 0
        } else if head > Self.emptyPlaces, 2 * head > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}
