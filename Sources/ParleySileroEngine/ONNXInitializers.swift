/// The named weights of an ONNX file, without an ONNX library.
///
/// Total: any bytes give tensors or a ``Malformed``. Only what lies on the way to an initializer is
/// read: the model's graph (field 7), its initializers (5), and of each its shape (1), element type
/// (2), name (8) and raw data (9).
///
/// - Source: `onnx.proto` (ONNX 1.16); Protocol Buffers, "Encoding".
struct ONNXInitializers {
    /// One tensor.
    struct Tensor: Equatable {
        var shape: [Int] = []
        var elementType = 0
        var data: ArraySlice<UInt8> = []
    }

    /// What is wrong with the bytes.
    struct Malformed: Error, Equatable {
        let description: String
    }

    /// The element type of 32-bit floats.
    static let floatType = 1

    private(set) var tensors: [String: Tensor] = [:]

    init(_ bytes: [UInt8]) throws(Malformed) {
        var model = ProtobufReader(bytes[...])
        var foundGraph = false
        while let field = try model.next() {
            guard case .bytes(7, let graph) = field else { continue }
            foundGraph = true
            try readGraph(graph)
        }
        guard foundGraph else { throw Malformed(description: "found no graph in it") }
    }

    private mutating func readGraph(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
        var graph = ProtobufReader(bytes)
        while let field = try graph.next() {
            guard case .bytes(5, let initializer) = field else { continue }
            try readTensor(initializer)
        }
    }

    private mutating func readTensor(_ bytes: ArraySlice<UInt8>) throws(Malformed) {
        var reader = ProtobufReader(bytes)
        var tensor = Tensor()
        var name = ""
        while let field = try reader.next() {
            switch field {
            case .number(1, let size): tensor.shape.append(Int(truncatingIfNeeded: size))
            case .number(2, let type): tensor.elementType = Int(truncatingIfNeeded: type)
            case .bytes(1, let packed): tensor.shape += try sizes(packed)
            case .bytes(8, let text): name = String(decoding: text, as: UTF8.self)
            case .bytes(9, let data): tensor.data = data
            default: continue
            }
        }
        tensors[name] = tensor
    }

    /// Repeated numbers may be packed into one field.
    private func sizes(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> [Int] {
        var reader = ProtobufReader(bytes)
        var sizes: [Int] = []
        while let size = try reader.nextNumber() { sizes.append(Int(truncatingIfNeeded: size)) }
        return sizes
    }

    /// The values of one tensor.
    ///
    /// - Parameters:
    ///   - name: As the file has it.
    ///   - shape: What it must have.
    /// - Returns: As many as the shape says.
    /// - Throws: ``Malformed``, which says what was found and what was expected.
    func floats(_ name: String, shape: [Int]) throws(Malformed) -> [Float] {
        guard let tensor = tensors[name] else {
            throw Malformed(description: "found no weights called \(name)")
        }
        let byteCount = shape.reduce(1, *) * MemoryLayout<Float>.size
        guard tensor.shape == shape, tensor.elementType == Self.floatType,
            tensor.data.count == byteCount
        else {
            throw Malformed(
                description: "found \(name) of shape \(tensor.shape), element type "
                    + "\(tensor.elementType) and \(tensor.data.count) bytes, expected \(shape), "
                    + "type \(Self.floatType) and \(byteCount)"
            )
        }
        let values = tensor.data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { offset in
                let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: bits))
            }
        }
        guard values.allSatisfy(\.isFinite) else {
            throw Malformed(description: "found \(name) with values that aren't finite")
        }
        return values
    }
}

/// Walks over the fields of one Protocol Buffers message.
struct ProtobufReader {
    enum Field {
        case number(UInt64, UInt64)
        case bytes(UInt64, ArraySlice<UInt8>)
        case fixed(UInt64)
    }

    /// A number of 64 bits takes ten bytes of seven.
    private static let maximumVarintLength = 10

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// The next field; nil at the end.
    mutating func next() throws(ONNXInitializers.Malformed) -> Field? {
        guard let key = try nextNumber() else { return nil }
        let field = key >> 3
        switch key & 7 {
        case 0: return .number(field, try requireNumber())
        case 1: return try skip(8, field)
        case 2: return .bytes(field, try take(try requireNumber()))
        case 5: return try skip(4, field)
        default:
            throw ONNXInitializers.Malformed(description: "found a field of wire type \(key & 7)")
        }
    }

    /// The next number; nil at the end.
    mutating func nextNumber() throws(ONNXInitializers.Malformed) -> UInt64? {
        rest.isEmpty ? nil : try requireNumber()
    }

    private mutating func requireNumber() throws(ONNXInitializers.Malformed) -> UInt64 {
        var value: UInt64 = 0
        for (index, byte) in rest.prefix(Self.maximumVarintLength).enumerated() {
            // What lies beyond 64 bits falls off; the shift itself is never 64 or more.
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            guard byte & 0x80 != 0 else {
                rest = rest.dropFirst(index + 1)
                return value
            }
        }
        throw ONNXInitializers.Malformed(description: "found a number that doesn't end")
    }

    private mutating func take(
        _ count: UInt64
    ) throws(ONNXInitializers.Malformed) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else {
            throw ONNXInitializers.Malformed(
                description: "found \(rest.count) bytes where a field needs \(count)"
            )
        }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private mutating func skip(
        _ count: UInt64,
        _ field: UInt64
    ) throws(ONNXInitializers.Malformed) -> Field {
        _ = try take(count)
        return .fixed(field)
    }
}
