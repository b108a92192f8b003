internal import CSilero
package import ParleyEngine

/// The network's weights, rearranged for the kernel.
///
/// Checked by eye and not by the compiler: after its making the model behind the pointer is only
/// read.
package final class SileroModel: @unchecked Sendable {
    /// Which instructions its arithmetic uses.
    package enum Instructions: String, CaseIterable, Sendable {
        case base, avx2, avx512

        /// The best that this machine has.
        package static var best: Instructions { Instructions(silero_best_instructions()) }

        fileprivate init(_ instructions: silero_instructions) {
            switch instructions {
            case SILERO_AVX512: self = .avx512
            case SILERO_AVX2: self = .avx2
            default: self = .base
            }
        }

        fileprivate var value: silero_instructions {
            switch self {
            case .base: SILERO_BASE
            case .avx2: SILERO_AVX2
            case .avx512: SILERO_AVX512
            }
        }
    }

    let pointer: OpaquePointer

    /// Reads the weights.
    ///
    /// - Parameters:
    ///   - bytes: `silero_vad_16k_op15.onnx` of silero-vad 6.
    ///   - name: What errors call them: the file's path.
    ///   - instructions: What to compute with; where the machine lacks them, the best that it has.
    /// - Throws: ``EngineError/Fault/load``, with what was found and what was expected.
    package init(
        onnx bytes: [UInt8],
        name: String,
        instructions: Instructions = .best
    ) throws(EngineError) {
        let arrays: [[Float]]
        do throws(ONNXInitializers.Malformed) {
            arrays = try Self.arrays(in: try ONNXInitializers(bytes))
        } catch {
            throw EngineError(.load, "\(name) is not the Silero model: \(error.description)")
        }
        guard let pointer = Self.makeModel(arrays, instructions) else {
            throw EngineError(.load, "\(name) doesn't fit into memory")
        }
        self.pointer = pointer
    }

    deinit {
        silero_model_free(pointer)
    }

    /// Which instructions its arithmetic uses.
    package var instructions: Instructions { Instructions(silero_model_instructions(pointer)) }

    /// Names and shapes, in the order of `silero_weights`.
    private static let layout: [(name: String, shape: [Int])] = [
        ("model.encoder.0.reparam_conv.weight", [128, 129, 3]),
        ("model.encoder.0.reparam_conv.bias", [128]),
        ("model.encoder.1.reparam_conv.weight", [64, 128, 3]),
        ("model.encoder.1.reparam_conv.bias", [64]),
        ("model.encoder.2.reparam_conv.weight", [64, 64, 3]),
        ("model.encoder.2.reparam_conv.bias", [64]),
        ("model.encoder.3.reparam_conv.weight", [128, 64, 3]),
        ("model.encoder.3.reparam_conv.bias", [128]),
        ("model.decoder.rnn.weight_ih", [512, 128]),
        ("model.decoder.rnn.weight_hh", [512, 128]),
        ("model.decoder.rnn.bias_ih", [512]),
        ("model.decoder.rnn.bias_hh", [512]),
        ("model.decoder.decoder.2.weight", [1, 128, 1]),
        ("model.decoder.decoder.2.bias", [1]),
    ]

    private static func arrays(
        in initializers: ONNXInitializers
    ) throws(ONNXInitializers.Malformed) -> [[Float]] {
        var arrays: [[Float]] = []
        for (name, shape) in layout { arrays.append(try initializers.floats(name, shape: shape)) }
        return arrays
    }

    private static func makeModel(
        _ arrays: [[Float]],
        _ instructions: Instructions
    ) -> OpaquePointer? {
        withPointers(arrays[...], []) { all in
            var weights = silero_weights(
                convolution1_weight: all[0],
                convolution1_bias: all[1],
                convolution2_weight: all[2],
                convolution2_bias: all[3],
                convolution3_weight: all[4],
                convolution3_bias: all[5],
                convolution4_weight: all[6],
                convolution4_bias: all[7],
                recurrent_input_weight: all[8],
                recurrent_hidden_weight: all[9],
                recurrent_input_bias: all[10],
                recurrent_hidden_bias: all[11],
                output_weight: all[12],
                output_bias: all[13]
            )
            return silero_model_create(&weights, instructions.value)
        }
    }

    /// Lends all arrays at once.
    private static func withPointers<Result>(
        _ arrays: ArraySlice<[Float]>,
        _ pointers: [UnsafePointer<Float>?],
        _ body: ([UnsafePointer<Float>?]) -> Result
    ) -> Result {
        guard let first = arrays.first else { return body(pointers) }
        return first.withUnsafeBufferPointer { buffer in
            withPointers(arrays.dropFirst(), pointers + [buffer.baseAddress], body)
        }
    }
}
