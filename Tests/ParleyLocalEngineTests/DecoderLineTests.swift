import Testing

@testable import ParleyPocketSphinxEngine

@Suite("The line for decoders")
struct DecoderLineTests {
    private typealias Line = DecoderLine<String, String>

    /// A line with one entry for each word such as `a1:30`: owner, name and length.
    private func line(_ words: String) -> Line {
        var line = Line()
        for word in words.split(separator: " ") {
            let parts = word.split(separator: ":")
            let name = String(parts[0])
            line.append(name, length: Int(parts[1]) ?? 0, of: String(name.prefix(1)))
        }
        return line
    }

    /// Serves all, one after the other, with as many decoders as are never scarce.
    private func order(_ line: Line) -> String {
        var line = line
        var names: [String] = []
        while let next = line.next(free: 9) { names.append(next.entry) }
        return names.joined(separator: " ")
    }

    @Test("One owner's own come in their order")
    func sameOwner() {
        #expect(order(line("a1:30 a2:3 a3:30")) == "a1 a2 a3")
    }

    @Test("A short one passes what somebody else has lined up before")
    func short() {
        #expect(order(line("a1:30 a2:30 a3:30 b1:3")) == "b1 a1 a2 a3")
    }

    @Test("Owners take turns by what they were given")
    func turns() {
        #expect(order(line("a1:30 a2:30 a3:30 b1:30 b2:30")) == "a1 b1 a2 b2 a3")
        #expect(order(line("a1:30 a2:30 b1:10 b2:10 b3:10 b4:10")) == "b1 b2 a1 b3 b4 a2")
    }

    @Test("A long one is not put off for ever by short ones that keep coming")
    func noStarvation() {
        var line = line("a1:30")
        var served: [String] = []
        for number in 1...20 where !served.contains("a1") {
            line.append("b\(number)", length: 3, of: "b\(number)")
            if let next = line.next(free: 9) { served.append(next.entry) }
        }
        #expect(served.last == "a1")
        #expect(served.count == 10)
    }

    @Test("Who waits again begins where the others are, and owes nothing")
    func again() {
        var line = line("a1:30 b1:30")
        #expect(line.next(free: 9)?.entry == "a1")
        line.append("a2", length: 30, of: "a")
        line.append("c1", length: 30, of: "c")
        #expect(order(line) == "b1 a2 c1")
    }

    @Test("Who has a decoder leaves the last one to the others")
    func lastOne() {
        var line = line("a1:30 b1:40")
        line.hold("a")
        #expect(!line.mayTake("a", free: 1))
        #expect(line.mayTake("a", free: 2))
        #expect(line.next(free: 1)?.entry == "b1")
        #expect(line.next(free: 1) == nil)
        #expect(line.count == 1)
        line.release("a")
        #expect(line.next(free: 1)?.entry == "a1")
    }

    @Test("Where none is free nobody is next")
    func none() {
        var line = line("a1:30")
        #expect(line.next(free: 0) == nil)
        #expect(line.next(free: 1)?.owner == "a")
        #expect(line.next(free: 1) == nil)
    }

    @Test("Who gives up leaves no trace")
    func remove() {
        var line = line("a1:30 a2:30 b1:20")
        #expect(line.remove { $0 == "a1" } == "a1")
        #expect(line.remove { $0 == "a1" } == nil)
        #expect(order(line) == "b1 a2")
        #expect(line.remove { $0 == "b1" } == "b1")
        #expect(order(line) == "a2")
    }
}
