/// Reads server-sent events from a stream of bytes.
///
/// Lines end in LF, CR or CRLF, also where a piece ends between CR and LF. What is not UTF-8
/// becomes U+FFFD. An event that the stream does not finish with an empty line is never delivered.
///
/// - Source: WHATWG HTML, section 9.2.6.
package struct EventStreamParser: Sendable {
    /// A line or an event was larger than allowed.
    package struct TooLarge: Error, Sendable, Hashable {
        package let limit: Int
        package var message: String { "A server-sent event exceeds \(limit) bytes" }
    }

    /// Bytes of one event, all its lines together.
    ///
    /// Chosen: a second of 48 kHz audio in base64 is 128 kB; tool arguments may be larger.
    package static let defaultLimit = 4 << 20

    private let limit: Int
    private var line: [UInt8] = []
    private var isAtStart = true
    private var endedInCarriageReturn = false
    private var byteCount = 0
    private var event: String?
    private var data: String?
    private var retry: Duration?
    private var lastID: String?
    private var hasFailed = false

    package init(limit: Int = EventStreamParser.defaultLimit) { self.limit = limit }

    /// Reads on to the next event.
    ///
    /// - Parameters:
    ///   - input: The bytes just read.
    ///   - offset: Where in the input to go on; moved behind what was consumed.
    /// - Returns: The event; nil when all input is consumed.
    /// - Throws: ``TooLarge``; every later call throws it again.
    package mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(TooLarge) -> StreamEvent? {
        guard !hasFailed else { throw TooLarge(limit: limit) }
        while offset < input.count {
            let byte = input[offset]
            guard byte == .lineFeed || byte == .carriageReturn else {
                try takeRun(input, at: &offset)
                continue
            }
            offset += 1
            let isSecondHalf = endedInCarriageReturn && byte == .lineFeed
            endedInCarriageReturn = byte == .carriageReturn
            if !isSecondHalf, let event = endLine() { return event }
        }
        return nil
    }

    /// The same for bytes in a read buffer.
    package mutating func next(
        _ input: UnsafeRawBufferPointer,
        at offset: inout Int
    ) throws(TooLarge) -> StreamEvent? {
        try next(input.bindMemory(to: UInt8.self).span, at: &offset)
    }

    /// Takes the bytes up to the end of the line or of the input.
    private mutating func takeRun(
        _ input: Span<UInt8>,
        at offset: inout Int
    ) throws(TooLarge) {
        endedInCarriageReturn = false
        let start = offset
        while offset < input.count, input[offset] != .lineFeed, input[offset] != .carriageReturn {
            offset += 1
        }
        byteCount += offset - start
        guard byteCount <= limit else {
            hasFailed = true
            throw TooLarge(limit: limit)
        }
        line.append(input, start..<offset)
    }

    private mutating func endLine() -> StreamEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let name = line.prefix { $0 != .colon }
        var value = line[name.endIndex...].dropFirst()
        if value.first == .space { value = value.dropFirst() }
        take(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        return nil
    }

    private mutating func take(_ name: String, _ value: String) {
        switch name {
        case "event": event = value
        case "data" where data == nil: data = value
        case "data":
            // In place: events may have as many lines as bytes.
            data?.append("\n")
            data?.append(value)
        case "id" where !value.utf8.contains(0): lastID = value
        case "retry" where !value.isEmpty && value.utf8.allSatisfy(\.isDigit):
            retry = Int32(value).map { .milliseconds($0) }
        default: break  // comments, and fields nobody knows
        }
    }

    private mutating func dispatch() -> StreamEvent? {
        byteCount = 0
        defer { (event, data, retry) = (nil, nil, nil) }
        guard let data else { return nil }
        let type = event.flatMap { $0.isEmpty ? nil : $0 } ?? "message"
        return StreamEvent(event: type, data: data, id: lastID, retry: retry)
    }
}
