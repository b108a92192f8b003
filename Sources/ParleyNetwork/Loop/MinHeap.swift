/// A binary heap: what comes first is at hand, everything else costs the logarithm of the count.
package struct MinHeap<Element: Comparable> {
    /// In an order that only the heap knows.
    private var elements: [Element] = []

    /// Makes an empty heap.
    package init() {}

    /// Makes a heap of these, in any order.
    package init(_ elements: some Sequence<Element>) {
        // A sorted array is a heap.
        self.elements = elements.sorted()
    }

    /// How many there are.
    package var count: Int { elements.count }

    /// The least one; nil where there is none.
    package var first: Element? { elements.first }

    /// Adds an element.
    package mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the least one out; nil where there is none.
    package mutating func popFirst() -> Element? {
        guard !elements.isEmpty else { return nil }
        elements.swapAt(0, elements.count - 1)
        let first = elements.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            let right = left + 1
            var least = parent
            if left < elements.count, elements[left] < elements[least] { least = left }
            if right < elements.count, elements[right] < elements[least] { least = right }
            if least == parent { return first }
            elements.swapAt(parent, least)
            parent = least
        }
    }

    /// Keeps those for which the claim is true.
    package mutating func keep(where isWanted: (Element) -> Bool) {
        self = Self(elements.filter(isWanted))
    }
}

extension MinHeap: Sendable where Element: Sendable {}
