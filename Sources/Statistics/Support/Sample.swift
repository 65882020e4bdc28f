/// Checks of samples; each names the argument and, where there is one, the place of the value it rejects.
extension Require {
    /// The first value that is not finite, as an error.
    static func finite(_ values: Span<Double>, _ argument: String) throws(StatisticsError) {
        // x - x is zero for every finite x and NaN for the others, so one sum tells all.
        var lanes = SIMD8<Double>.zero
        let whole = values.count & ~7
        var i = 0
        values.withUnsafeBufferPointer { pointer in
            while i < whole {
                let block = UnsafeRawPointer(pointer.baseAddress! + i).loadUnaligned(as: SIMD8<Double>.self)
                lanes += block - block
                i += 8
            }
        }
        var check = lanes.sum()
        while i < values.count {
            check += values[i] - values[i]
            i += 1
        }
        guard check != 0 else { return }
        for i in values.indices {
            if values[i].isNaN { throw .notANumber(argument: argument, index: i) }
            if values[i].isInfinite { throw .infinite(argument: argument, index: i) }
        }
    }

    /// At least `needed` values, all of them finite.
    static func sample(_ values: Span<Double>, _ argument: String, atLeast needed: Int) throws(StatisticsError) {
        try count(values.count, argument, atLeast: needed)
        try finite(values, argument)
    }

    static func count(_ count: Int, _ argument: String, atLeast needed: Int) throws(StatisticsError) {
        guard count > 0 else { throw .empty(argument: argument) }
        guard count >= needed else { throw .tooFew(argument: argument, count: count, needed: needed) }
    }

    /// The differences within pairs, first less second.
    static func differences(_ first: Span<Double>, _ second: Span<Double>, atLeast needed: Int) throws(StatisticsError) -> [Double] {
        guard first.count == second.count else { throw .countMismatch(argument: "second", count: second.count, expected: first.count) }
        try sample(first, "first", atLeast: needed)
        try sample(second, "second", atLeast: needed)
        let differences = [Double](unsafeUninitializedCapacity: first.count) { buffer, initialized in
            for i in first.indices { buffer.initializeElement(at: i, to: first[i] - second[i]) }
            initialized = first.count
        }
        try finite(differences.span, "difference within pairs")
        return differences
    }
}

extension [Double] {
    /// A copy of the values.
    init(copying values: Span<Double>) {
        self = values.withUnsafeBufferPointer { [Double]($0) }
    }
}
