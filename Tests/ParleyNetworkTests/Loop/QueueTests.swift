import Testing

@testable import ParleyNetwork

@Suite struct QueueTests {
    /// Says so when nobody holds it any more.
    private final class Element {
        let number: Int
        private let released: Recorded<Int>

        init(_ number: Int, _ released: Recorded<Int>) {
            self.number = number
            self.released = released
        }

        deinit { released.update { $0 += 1 } }
    }

    @Test("Elements come out in the order in which they came")
    func order() {
        var queue = Queue<Int>()
        for number in 0..<200 { queue.append(number) }
        for number in 0..<200 { #expect(queue.popFirst() == number) }
        #expect(queue.popFirst() == nil)
        #expect(queue.placeCount == 0)
    }

    @Test("A queue that never runs dry keeps nothing of what was taken", arguments: [1, 5, 100])
    func neverDry(backlog: Int) {
        let released = Recorded(0)
        var queue = Queue<Element>()
        for number in 0..<backlog { queue.append(Element(number, released)) }
        for number in 0..<10_000 {
            queue.append(Element(backlog + number, released))
            let taken = queue.popFirst()?.number
            #expect(taken == number)
            #expect(released.value == number + 1)
            #expect(queue.placeCount <= 2 * backlog + 66)
        }
    }
}
