import Testing

@testable import ParleyServer

@Suite struct SessionRegistryTests {
    @Test("A place beyond the capacity is refused, and free again once it was given back")
    func countsPlaces() throws {
        let registry = SessionRegistry(capacity: 1)
        try registry.reserve()
        #expect(throws: SessionRegistry.Refusal.full(capacity: 1)) { try registry.reserve() }
        registry.release()
        try registry.reserve()
    }

    @Test("A server that drains lets nobody in")
    func refusesWhileDraining() {
        let registry = SessionRegistry(capacity: 10)
        registry.beginDraining()
        #expect(throws: SessionRegistry.Refusal.draining) { try registry.reserve() }
    }
}
