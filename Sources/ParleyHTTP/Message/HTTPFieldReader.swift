/// Reads a section of field lines: a header or trailers, up to the empty line.
struct HTTPFieldReader: Sendable {
    private var line = LineReader()
    private var fields = HTTPHeaders()
    private var byteCount = 0

    /// Reads on.
    ///
    /// - Parameters:
    ///   - input: The bytes at hand.
    ///   - offset: Where to go on; moved behind what was taken.
    ///   - limit: How many bytes the section may have, its empty line included.
    ///   - limits: How many lines it may have.
    ///   - section: What a message calls it: "header" or "trailer".
    /// - Returns: All fields; nil when the input ended first.
    /// - Throws: ``HTTPFailure`` with 431 beyond a limit, 400 for a malformed line.
    mutating func next(
        _ input: Span<UInt8>,
        at offset: inout Int,
        limit: Int,
        _ limits: HTTPLimits,
        _ section: StaticString
    ) throws(HTTPFailure) -> HTTPHeaders? {
        while let text = try read(input, at: &offset, limit, section) {
            guard !text.isEmpty else { return take() }
            guard fields.fields.count < limits.headerCount else {
                throw HTTPFailure(
                    .headerTooLarge,
                    "More than \(limits.headerCount) \(section) lines"
                )
            }
            byteCount += text.count + 2
            fields.add(try HTTPHeaders.Field(line: text))
        }
        return nil
    }

    private mutating func read(
        _ input: Span<UInt8>,
        at offset: inout Int,
        _ limit: Int,
        _ section: StaticString
    ) throws(HTTPFailure) -> [UInt8]? {
        do throws(LineReader.Fault) {
            return try line.next(input, at: &offset, limit: limit - byteCount)
        } catch {
            let tooLong = HTTPFailure(.headerTooLarge, "The \(section)s exceed \(limit) bytes")
            throw error.failure("A \(section) line", tooLong: tooLong)
        }
    }

    private mutating func take() -> HTTPHeaders {
        byteCount = 0
        var taken = HTTPHeaders()
        swap(&taken, &fields)
        return taken
    }
}

extension HTTPHeaders.Field {
    /// Reads a field line.
    ///
    /// - Throws: ``HTTPFailure`` with 400 for a malformed one.
    /// - Source: RFC 9112, section 5. No folding, no blank before the colon.
    init(line: [UInt8]) throws(HTTPFailure) {
        guard line.first?.isBlank != true else {
            throw .bad("A header line begins with a blank; folded lines are not accepted")
        }
        guard let colon = line.firstIndex(of: .colon) else {
            throw .bad("A header line has no colon")
        }
        guard colon > 0, line[..<colon].allSatisfy(\.isTokenCharacter) else {
            throw .bad("A header's name is no token")
        }
        let value = line[(colon + 1)...]
        guard value.allSatisfy(\.isFieldValueCharacter) else {
            throw .bad("A header's value holds a control character")
        }
        let name = HTTPFieldName(known: String(decoding: line[..<colon], as: UTF8.self))
        self.init(name, checked: String(decoding: value.trimmingBlanks, as: UTF8.self))
    }
}
