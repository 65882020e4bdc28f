/// Finds a customer's row by id.
///
/// Ids that lie close together, as those that a database gives out, are places in an array; others are in a dictionary.
struct CustomerIndex: Sendable {
    private let first: Int64
    private let dense: [Int32]
    private let sparse: [Int64: Int32]

    /// - Parameter ids: all different; a customer's row is the id's place.
    init(_ ids: [Int64]) {
        let low = ids.min() ?? 0
        let (span, isTooWide) = (ids.max() ?? 0).subtractingReportingOverflow(low)
        if !isTooWide, span < Int64(ids.count) * 8 + 1024 {
            var dense = [Int32](repeating: -1, count: Int(span) + 1)
            for (row, id) in ids.enumerated() { dense[Int(id - low)] = Int32(row) }
            (first, self.dense, sparse) = (low, dense, [:])
        } else {
            (first, dense) = (0, [])
            sparse = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, Int32($0)) })
        }
    }

    subscript(id: Int64) -> Int? {
        if dense.isEmpty { return sparse[id].map(Int.init) }
        let (offset, isTooWide) = id.subtractingReportingOverflow(first)
        guard !isTooWide, offset >= 0, offset < dense.count, dense[Int(offset)] >= 0 else { return nil }
        return Int(dense[Int(offset)])
    }
}
