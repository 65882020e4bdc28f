extension Table {
    /// How many rows are exact copies of earlier ones, in the columns that were kept.
    ///
    /// Rows are told apart by 128 bits of keyed hash: among a hundred million rows the chance of one mistake is below 10⁻²².
    package var copies: Int {
        let (first, second) = (FieldHash(), FieldHash())
        var prints = [Fingerprint](repeating: Fingerprint(first: 0, second: 0), count: rows)
        prints.withUnsafeMutableBufferPointer { prints in
            for column in kept {
                column.forEach { row, field in
                    prints[row].first = first.hash(field, after: prints[row].first)
                    prints[row].second = second.hash(field, after: prints[row].second)
                }
            }
        }
        return prints.count - Set(prints).count
    }

    private struct Fingerprint: Hashable {
        var first: UInt64
        var second: UInt64

        func hash(into hasher: inout Hasher) { hasher.combine(first) }
    }
}
