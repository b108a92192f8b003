import ParleyHTTP

/// What a parser made of a stream, however it was cut.
struct ParsedRequests: Equatable {
    struct Message: Equatable {
        var head: HTTPRequest
        var body: [UInt8] = []
        var trailers: HTTPHeaders?
    }

    var messages: [Message] = []
    var failure: HTTPFailure?
    var isIdle = false

    /// Parses a stream cut into pieces of these sizes, the last one repeated.
    init(_ bytes: [UInt8], cut sizes: [Int] = [Int.max], limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTPRequestParser(limits: limits)
        for piece in bytes.pieces(sizes) {
            do {
                try feed(piece, to: &parser)
            } catch {
                failure = error
                return
            }
        }
        isIdle = parser.isIdle
    }

    init(_ text: String, cut sizes: [Int] = [Int.max], limits: HTTPLimits = HTTPLimits()) {
        self.init(Array(text.utf8), cut: sizes, limits: limits)
    }

    private mutating func feed(
        _ piece: [UInt8],
        to parser: inout HTTPRequestParser
    ) throws(HTTPFailure) {
        var offset = 0
        while let event = try parser.next(piece.span, at: &offset) {
            switch event {
            case .head(let head): messages.append(Message(head: head))
            case .body(let range): messages[messages.count - 1].body += piece[range]
            case .end(let trailers): messages[messages.count - 1].trailers = trailers
            }
        }
    }
}

extension [UInt8] {
    /// The array in pieces of these sizes, the last one repeated.
    func pieces(_ sizes: [Int]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = self[...]
        var index = 0
        while !rest.isEmpty {
            pieces.append(Array(rest.prefix(sizes[Swift.min(index, sizes.count - 1)])))
            rest = rest.dropFirst(pieces[index].count)
            index += 1
        }
        return pieces
    }
}
