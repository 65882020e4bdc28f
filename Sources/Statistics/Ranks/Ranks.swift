/// Ranks of a sample, ties sharing the mean of theirs.
enum Ranks {
    /// The rank of each value, from 1, and Σ t³ - t over the groups of equal values.
    static func of(_ values: [Double]) -> (ranks: [Double], ties: Double) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var ties = 0.0
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for position in start..<end { ranks[order[position]] = 0.5 * Double(start + end + 1) }
            let t = Double(end - start)
            ties += t * (t * t - 1)
            start = end
        }
        return (ranks, ties)
    }
}
