import ParleyNetwork
import Testing

@Suite struct SecureRandomTests {
    @Test("It gives as many bytes as asked for", arguments: [-1, 0, 1, 8, 255, 256, 257, 5000])
    func counts(count: Int) {
        var random = SecureRandom()
        #expect(random.bytes(count).count == max(0, count))
    }

    @Test("Identifiers have the length asked for, plain letters, and do not repeat")
    func identifiers() {
        var random = SecureRandom()
        let ids = (0..<1000).map { _ in random.identifier() }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { $0.utf8.count == 22 })
        #expect(ids.joined().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
}
