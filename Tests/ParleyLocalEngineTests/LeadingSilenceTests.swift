import Testing

@testable import ParleyFliteEngine

@Suite("Quiet at the beginning")
struct LeadingSilenceTests {
    private var silence = LeadingSilence(keeping: 2)

    @Test("Quiet gives nothing until there is a sound")
    mutating func quiet() {
        #expect(silence.trim([0, 5, -9, 200, -200]).isEmpty)
    }

    @Test("A sound brings the last of the quiet with it")
    mutating func sound() {
        #expect(silence.trim([1, 2, 3, 900, 4]) == [2, 3, 900, 4])
    }

    @Test("The quiet that stays may come from the chunk before")
    mutating func acrossChunks() {
        #expect(silence.trim([1, 2, 3]).isEmpty)
        #expect(silence.trim([-900, 4]) == [2, 3, -900, 4])
    }

    @Test("A sound at the very beginning loses nothing")
    mutating func atOnce() {
        #expect(silence.trim([.min, 1]) == [.min, 1])
    }

    @Test("What is quiet after a sound stays")
    mutating func afterwards() {
        #expect(silence.trim([900]) == [900])
        #expect(silence.trim([0, 0, 0]) == [0, 0, 0])
    }
}
