import ParleyNetwork
import Testing

@Suite struct MinHeapTests {
    @Test("What was put in comes out in order, however it was mixed")
    func order() {
        let numbers = (0..<500).map { $0 * 7_919 % 500 }
        var heap = MinHeap(numbers[..<200])
        for number in numbers[200...] { heap.insert(number) }
        #expect(heap.count == 500)
        var popped: [Int] = []
        while let number = heap.popFirst() { popped.append(number) }
        #expect(popped == Array(0..<500))
        #expect(heap.first == nil)
    }

    @Test("What nobody wants is left out, and the rest stays in order")
    func keep() {
        var heap = MinHeap([5, 3, 8, 1, 4])
        heap.keep { $0 != 1 && $0 != 4 }
        #expect(heap.first == 3)
        let popped = [heap.popFirst(), heap.popFirst(), heap.popFirst(), heap.popFirst()]
        #expect(popped == [3, 5, 8, nil])
    }
}
