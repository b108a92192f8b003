import ParleyHTTP
import Testing

@Suite struct EventStreamTests {
    private func parse(
        _ text: String,
        cut: Int = .max,
        limit: Int = EventStreamParser.defaultLimit
    ) throws -> [StreamEvent] {
        var parser = EventStreamParser(limit: limit)
        var events: [StreamEvent] = []
        for piece in Array(text.utf8).pieces([cut]) {
            var offset = 0
            while let event = try parser.next(piece.span, at: &offset) { events.append(event) }
        }
        return events
    }

    private func expect(
        _ text: String,
        _ events: [StreamEvent],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for cut in [1, 2, 3, 7, Int.max] {
            #expect(try parse(text, cut: cut) == events, sourceLocation: sourceLocation)
        }
    }

    @Test("Tokens of a chat completion arrive one by one")
    func chat() throws {
        try expect(
            "data: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n",
            [
                StreamEvent(data: "{\"a\":1}"), StreamEvent(data: "{\"a\":2}"),
                StreamEvent(data: "[DONE]"),
            ]
        )
    }

    @Test("The examples of the specification are read as it says")
    func specification() throws {
        try expect(
            "data: YHOO\ndata: +2\ndata: 10\n\n",
            [StreamEvent(data: "YHOO\n+2\n10")]
        )
        try expect(
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third\n",
            [StreamEvent(data: "first event", id: "1"), StreamEvent(data: "second event", id: "")]
        )
        try expect(
            "data\n\ndata\ndata\n\ndata:",
            [StreamEvent(data: ""), StreamEvent(data: "\n")]
        )
        try expect(
            "data:test\n\ndata: test\n\n",
            [StreamEvent(data: "test"), StreamEvent(data: "test")]
        )
    }

    @Test("Lines end in LF, CR or CRLF, also where a piece ends between them")
    func lineEnds() throws {
        let events = [StreamEvent(data: "a\nb"), StreamEvent(data: "c")]
        for end in ["\n", "\r", "\r\n"] {
            let lines = ["data: a", "data: b", "", "data: c", "", ""]
            try expect(lines.joined(separator: end), events)
        }
        try expect("data: a\rdata: b\r\n\ndata: c\n\r\n", events)
    }

    @Test("A byte order mark is skipped, at the start only")
    func byteOrderMark() throws {
        try expect("\u{FEFF}data: a\n\n", [StreamEvent(data: "a")])
        try expect("data: a\n\n\u{FEFF}data: b\n\n", [StreamEvent(data: "a")])
        try expect("\n\u{FEFF}data: b\n\n", [])
    }

    @Test("All fields are read, and unknown ones skipped")
    func fields() throws {
        let event = StreamEvent(event: "speech", data: "x", id: "7", retry: .milliseconds(1500))
        try expect("id: 7\nevent: speech\nretry: 1500\nfoo: bar\ndata: x\n\n", [event])
        try expect("event:\ndata: x\n\n", [StreamEvent(data: "x")])
        try expect("retry: 1s\nretry: -1\nretry:\ndata: x\n\n", [StreamEvent(data: "x")])
        try expect("retry: 99999999999999999999\ndata: x\n\n", [StreamEvent(data: "x")])
        try expect("id: a\0b\ndata: x\n\n", [StreamEvent(data: "x")])
    }

    @Test("An id lasts, the rest does not")
    func lastID() throws {
        try expect(
            "id: 1\nevent: a\nretry: 5\ndata: x\n\ndata: y\n\n",
            [
                StreamEvent(event: "a", data: "x", id: "1", retry: .milliseconds(5)),
                StreamEvent(data: "y", id: "1"),
            ]
        )
        try expect("event: a\n\ndata: x\n\n", [StreamEvent(data: "x")])
    }

    @Test("What is not UTF-8 becomes U+FFFD")
    func invalidText() throws {
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("data: ".utf8) + [0xFF] + Array("\n\n".utf8)
        #expect(try parser.next(bytes.span, at: &offset)?.data == "\u{FFFD}")
    }

    @Test("An event may be as large as the limit and no larger")
    func limit() throws {
        #expect(try parse("data:1234\n\ndata:1234\n\n", limit: 9).count == 2)
        for text in ["data:12345\n\n", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", ": 34567890"] {
            for cut in [1, 3, Int.max] {
                #expect(throws: EventStreamParser.TooLarge.self) {
                    try parse(text, cut: cut, limit: 9)
                }
            }
        }
    }

    @Test("What is written is read again, and no field can bring in another")
    func writer() throws {
        let events = [
            StreamEvent(data: ""), StreamEvent(data: "a\nb\n"), StreamEvent(data: " lead"),
            StreamEvent(event: "e", data: "x", id: "1", retry: .seconds(3)),
        ]
        var out: [UInt8] = []
        for event in events { event.write(into: &out) }
        var expected = events
        for index in 0..<3 { expected[index].id = nil }
        #expect(try parse(String(decoding: out, as: UTF8.self)) == expected)
        out = []
        StreamEvent(event: "e\ndata: evil", data: "a\r\nb\rc", id: "1\r2").write(into: &out)
        let read = try parse(String(decoding: out, as: UTF8.self))
        #expect(read == [StreamEvent(event: "e data: evil", data: "a\nbc", id: "1 2")])
    }
}
