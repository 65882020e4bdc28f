extension Table {
    /// How many rows are exact copies of earlier ones, in the columns that were kept.
    ///
    /// Rows are told apart by 128 bits of keyed hash: among a hundred million rows the chance of one mistake is below 10⁻²².
    package var copies: Int {
        let columns = kept
        var seen = Set<Fingerprint>(minimumCapacity: rows)
        return (0..<rows).count { row in
            var (first, second) = (Hasher(), Hasher())
            second.combine(1)
            for column in columns {
                column.hash(row, into: &first)
                column.hash(row, into: &second)
            }
            return !seen.insert(Fingerprint(first: first.finalize(), second: second.finalize())).inserted
        }
    }

    private struct Fingerprint: Hashable {
        let first: Int
        let second: Int
    }
}
