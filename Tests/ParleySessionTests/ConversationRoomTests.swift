import ParleyJSON
import ParleyRealtime
import Testing

@testable import ParleySession

/// What a client may make a session keep, and what it costs to look at it.
@Suite("Room in a conversation")
struct ConversationRoomTests {
    private func conversation(
        _ contents: [ItemContent] = [],
        limits: Limits = Limits()
    ) -> Conversation {
        var conversation = Conversation(id: "conv_1", limits: limits)
        for (index, content) in contents.enumerated() {
            let item = Item(id: ItemID(rawValue: "item_\(index)"), content: content)
            conversation.insert(Conversation.Entry(item), at: index)
        }
        return conversation
    }

    private func shown(_ url: String) -> ItemContent {
        .message(Message(role: .user, parts: [.inputImage(url: url, detail: nil)]))
    }

    @Test("64 images that are elsewhere fill a conversation")
    func remoteImages() {
        let image = shown("https://example.com/cat.png")
        #expect(conversation(Array(repeating: image, count: 63)).hasRoom(for: image))
        let full = conversation(Array(repeating: image, count: 64))
        #expect(!full.hasRoom(for: image))
        #expect(full.hasRoom(for: .message(Message(role: .user, parts: [.inputText("Hi.")]))))
    }

    @Test("An image that leaves makes room for another")
    func leavingImage() {
        let image = shown("https://example.com/cat.png")
        var conversation = conversation(Array(repeating: image, count: 64))
        conversation.remove(at: 0)
        #expect(conversation.hasRoom(for: image))
    }

    @Test("Parts without a word have their price, too")
    func emptyParts() {
        var limits = Limits()
        limits.conversationTextByteCount = 6_400
        func message(_ count: Int) -> ItemContent {
            .message(Message(role: .user, parts: Array(repeating: .inputText(""), count: count)))
        }
        #expect(conversation(limits: limits).hasRoom(for: message(100)))
        #expect(!conversation(limits: limits).hasRoom(for: message(101)))
        #expect(!conversation([message(60)], limits: limits).hasRoom(for: message(41)))
    }

    @Test("The labels of servers count")
    func labels() {
        let label = String(repeating: "l", count: 100)
        let items: [ItemContent] = [
            .mcpListTools(MCPListTools(serverLabel: label, tools: [])),
            .mcpCall(MCPCall(serverLabel: label, name: "", arguments: "")),
        ]
        var limits = Limits()
        limits.conversationTextByteCount = 99
        for item in items {
            #expect(!conversation(limits: limits).hasRoom(for: item))
        }
    }

    @Test(
        "To leave out turns is asked for each turn once, however many there are",
        arguments: [10, 20, 400]
    )
    func linear(turns: Int) {
        let contents = (0..<turns).flatMap { _ -> [ItemContent] in
            [
                .message(Message(role: .user, parts: [.inputText("Question.")])),
                .message(Message(role: .assistant, parts: [.outputText("Answer.")])),
            ]
        }
        var context = ModelContext(conversation(contents))
        var askedCount = 0
        let left = context.dropTurns { _ in
            askedCount += 1
            return true
        }
        #expect(left.count == 2 * (turns - 1))
        #expect(askedCount == turns - 1)
    }
}
