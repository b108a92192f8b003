internal import CYAML

extension YAMLNode {
    /// Reads one YAML document.
    ///
    /// Any bytes give a tree or an error. An empty text is a null. Refused by name: several
    /// documents, duplicate keys, keys that are no scalars, tags of applications, aliases inside
    /// what they name.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, with or without a byte order mark.
    ///   - file: How problems name the text.
    ///   - limits: What the text may not exceed.
    /// - Returns: The tree.
    /// - Throws: ``YAMLProblem``; nothing is left behind.
    /// - Source: YAML 1.1, as libyaml reads it; scalars by the core schema of 1.2.
    package static func parse(
        _ bytes: [UInt8],
        file: String? = nil,
        limits: YAMLLimits = .standard
    ) throws(YAMLProblem) -> YAMLNode {
        guard bytes.count <= limits.byteCount else {
            throw YAMLProblem(
                "\(bytes.count) bytes, expected at most \(limits.byteCount)",
                file: file
            )
        }
        do throws(YAMLProblem) {
            return try parseEvents(of: bytes, limits: limits)
        } catch {
            throw YAMLProblem(error.message, path: error.path, at: error.position, file: file)
        }
    }

    /// Reads one YAML document from a text.
    ///
    /// - Throws: ``YAMLProblem``, as ``parse(_:file:limits:)``.
    package static func parse(
        text: String,
        file: String? = nil,
        limits: YAMLLimits = .standard
    ) throws(YAMLProblem) -> YAMLNode {
        try parse(Array(text.utf8), file: file, limits: limits)
    }

    private static func parseEvents(
        of bytes: [UInt8],
        limits: YAMLLimits
    ) throws(YAMLProblem) -> YAMLNode {
        var source = try YAMLEventSource(bytes)
        var builder = YAMLTreeBuilder(limits: limits)
        while let event = try source.next() {
            try builder.take(event.kind, at: event.position)
        }
        return builder.root ?? YAMLNode(.scalar(YAMLScalar("")), at: .start)
    }
}

/// What libyaml sees next, as Swift values.
struct YAMLEvent {
    enum Kind {
        case documentStarted
        case scalar(YAMLScalar, tag: String?, anchor: String?)
        case sequenceStarted(tag: String?, anchor: String?)
        case sequenceEnded
        case mappingStarted(tag: String?, anchor: String?)
        case mappingEnded
        case alias(String)
        /// The stream's and the document's edges that say nothing to us.
        case ignored
    }

    var kind: Kind
    var position: YAMLPosition
}

/// Draws events from a text; owns libyaml's parser and the bytes it reads.
struct YAMLEventSource: ~Copyable {
    /// On the heap, as libyaml keeps pointers to both.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var isFinished = false

    init(_ text: [UInt8]) throws(YAMLProblem) {
        parser = .allocate(capacity: 1)
        bytes = .allocate(capacity: text.count)
        _ = bytes.initialize(from: text)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            // The parser holds nothing then; `deinit` deletes a zeroed one, which is allowed.
            throw YAMLProblem("no memory to read it")
        }
        // Told the encoding, libyaml doesn't guess UTF-16 from the first bytes.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// The next event; nil at the end of the stream.
    mutating func next() throws(YAMLProblem) -> YAMLEvent? {
        guard !isFinished else { return nil }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            isFinished = true
            throw problem()
        }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_END_EVENT {
            isFinished = true
            return nil
        }
        return YAMLEvent(kind: kind(of: event), position: YAMLPosition(event.start_mark))
    }

    private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            return .documentStarted
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let text = String(
                decoding: UnsafeBufferPointer(start: data.value, count: data.length),
                as: UTF8.self
            )
            let scalar = YAMLScalar(text, style: YAMLScalar.Style(data.style))
            return .scalar(scalar, tag: string(data.tag), anchor: string(data.anchor))
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            return .sequenceStarted(tag: string(data.tag), anchor: string(data.anchor))
        case YAML_SEQUENCE_END_EVENT:
            return .sequenceEnded
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            return .mappingStarted(tag: string(data.tag), anchor: string(data.anchor))
        case YAML_MAPPING_END_EVENT:
            return .mappingEnded
        case YAML_ALIAS_EVENT:
            return .alias(string(event.data.alias.anchor) ?? "")
        default:
            return .ignored
        }
    }

    private func string(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        characters.map { String(cString: UnsafePointer($0)) }
    }

    private func problem() -> YAMLProblem {
        let failed = parser.pointee
        let phrase = failed.problem.map { String(cString: $0) } ?? "not YAML"
        // The reader fails before there are lines: it knows the byte only.
        let isByte = failed.error == YAML_READER_ERROR
        let position =
            isByte
            ? position(ofByte: Int(clamping: failed.problem_offset))
            : YAMLPosition(failed.problem_mark)
        let complaint = YAMLComplaint(
            phrase: phrase,
            found: isByte ? nil : character(at: position),
            firstLine: failed.context == nil ? nil : YAMLPosition(failed.context_mark).line
        )
        return YAMLProblem(complaint.message, at: position)
    }

    private func character(at position: YAMLPosition) -> Character? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.indices.contains(position.line - 1) else { return nil }
        let line = String(decoding: lines[position.line - 1], as: UTF8.self).unicodeScalars
        return line.dropFirst(position.column - 1).first.map(Character.init)
    }

    private func position(ofByte offset: Int) -> YAMLPosition {
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = before.count { $0 == 0x0A }
        // Continuation bytes of UTF-8 are no characters of their own.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 }
        return YAMLPosition(line: line + 1, column: column + 1)
    }
}

extension YAMLPosition {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
    }
}

extension YAMLScalar.Style {
    fileprivate init(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: self = .literal
        case YAML_FOLDED_SCALAR_STYLE: self = .folded
        default: self = .plain
        }
    }
}
