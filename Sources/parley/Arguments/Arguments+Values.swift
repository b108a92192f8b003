extension Arguments {
    /// A whole number within a range.
    ///
    /// - Throws: ``UsageError`` for anything else.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = text(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw UsageError(
                "--\(name) is \"\(text)\"; expected a whole number from \(range.lowerBound) "
                    + "to \(range.upperBound)"
            )
        }
        return value
    }

    /// A number of seconds within a range, also with a fraction.
    ///
    /// - Throws: ``UsageError`` for anything else.
    func seconds(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Duration? {
        guard let text = text(name) else { return nil }
        guard let value = Double(text), value.isFinite, range.contains(value) else {
            throw UsageError(
                "--\(name) is \"\(text)\"; expected seconds from \(range.lowerBound) "
                    + "to \(range.upperBound)"
            )
        }
        return .microseconds(Int64(value * 1_000_000))
    }

    /// Refuses operands, for commands that take none.
    ///
    /// - Throws: ``UsageError`` that names the first one.
    func expectNoOperands() throws(UsageError) {
        guard let first = operands.first else { return }
        throw UsageError("unexpected argument \"\(first)\"")
    }

    /// Refuses what stands after `--`, for commands that pass nothing on.
    ///
    /// - Throws: ``UsageError`` when there is something.
    func expectNoRest() throws(UsageError) {
        guard rest != nil else { return }
        throw UsageError("nothing may follow \"--\" here")
    }
}
