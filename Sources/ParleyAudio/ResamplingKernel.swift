/// The inner loop of a ``Resampler``: scalar products of the window with rows of the filter.
///
/// Lives only while both are lent to it. Positions up to ``lastPosition`` and phases below
/// `upsampling` stay within them.
struct ResamplingKernel {
    /// The last position whose row lies within the window; negative when there is none.
    let lastPosition: Int

    private let window: UnsafeRawBufferPointer
    private let rows: UnsafeRawBufferPointer
    private let rowByteCount: Int
    /// Grid points for each row; nil where each point has a row of its own.
    private let mixing: Float?
    private let lastRow: Int

    @inline(__always)
    init(
        _ filter: ResamplingFilter,
        _ upsampling: Int,
        _ window: UnsafeRawBufferPointer,
        _ rows: UnsafeRawBufferPointer
    ) {
        self.window = window
        self.rows = rows
        rowByteCount = filter.rowLength * MemoryLayout<Float>.stride
        lastPosition = window.count / MemoryLayout<Float>.stride - filter.rowLength
        lastRow = filter.rowCount - 1
        mixing = filter.isMixed ? Float(lastRow) / Float(upsampling) : nil
    }

    /// The output at one position of the window and one point of the grid after it.
    @inline(__always)
    func value(at position: Int, _ phase: Int) -> Float {
        guard let mixing else { return product(position, row: phase) }
        let exact = Float(phase) * mixing
        let row = min(Int(exact), lastRow - 1)
        let lower = product(position, row: row)
        let upper = product(position, row: row + 1)
        return lower + (upper - lower) * (exact - Float(row))
    }

    /// Overflow can't happen within a buffer, so the loop doesn't check for it: that halves its
    /// time.
    ///
    /// Multiply and add stay two operations: `addingProduct` is a library call for each lane where
    /// the target has no fused one.
    @inline(__always)
    private func product(_ position: Int, row: Int) -> Float {
        var left = position &* MemoryLayout<Float>.stride
        var right = row &* rowByteCount
        let end = right &+ rowByteCount
        var sum = SIMD8<Float>.zero
        while right < end {
            sum +=
                window.loadUnaligned(fromByteOffset: left, as: SIMD8<Float>.self)
                * rows.loadUnaligned(fromByteOffset: right, as: SIMD8<Float>.self)
            left &+= MemoryLayout<SIMD8<Float>>.stride
            right &+= MemoryLayout<SIMD8<Float>>.stride
        }
        return sum.sum()
    }
}
