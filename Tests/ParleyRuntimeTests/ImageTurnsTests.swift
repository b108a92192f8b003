import ParleyEngine
import ParleyRealtime
import Testing

@testable import ParleyRuntime

@Suite("Turns of calls with images")
struct ImageTurnsTests {
    private let shown = LanguageRequest(
        messages: [
            .userParts([.text("look"), .image(LanguageImage(url: "data:image/png;base64,"))])
        ]
    )
    private let told = LanguageRequest(messages: [.user("listen")])

    private func id(_ number: Int) -> ResponseID { ResponseID(rawValue: "resp_\(number)") }

    @Test("Two calls with images are under way at once, the others wait in their order")
    func order() {
        var turns = ImageTurns()
        #expect((1...4).map { turns.admit(id($0), shown) } == [true, true, false, false])
        #expect(turns.next() == nil)
        turns.leave(id(1))
        #expect(turns.next()?.response == id(3))
        #expect(turns.next() == nil)
        turns.leave(id(3))
        turns.leave(id(2))
        #expect(turns.next()?.response == id(4))
        #expect(turns.next() == nil)
    }

    @Test("A call without images never waits")
    func text() {
        var turns = ImageTurns()
        for number in 1...2 { _ = turns.admit(id(number), shown) }
        let isAdmitted = turns.admit(id(3), told)
        #expect(isAdmitted)
        turns.leave(id(3))
        #expect(turns.next() == nil)
    }

    @Test("A call that is cancelled while it waits never begins")
    func cancelled() {
        var turns = ImageTurns()
        for number in 1...4 { _ = turns.admit(id(number), shown) }
        turns.leave(id(3))
        turns.leave(id(1))
        #expect(turns.next()?.response == id(4))
    }
}
