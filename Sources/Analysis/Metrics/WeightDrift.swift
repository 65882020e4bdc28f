import Statistics

/// Whether a change of weights has mixed what units do over time into a difference: Simpson's paradox.
///
/// Where the shares of the variants change and what units do changes with them, the difference of the means over all units is not the
/// treatment's. The difference within blocks is: in a block the shares do not change. What lies between the two is a sum of block means,
/// whose variance is known where time makes no difference.
struct WeightDrift {
    /// The difference of the means over all units, the first less the second.
    let pooled: Double
    /// The difference within blocks.
    let within: Double
    /// The standard error of what lies between the two, if time makes no difference.
    let standardError: Double

    /// How many standard errors are more than chance explains: 1 in 100 for a normal variable.
    private static let most = 2.576
    /// The share of the difference's variance below which what lies between cannot matter: blocks that are not full, and no other weights.
    private static let least = 0.01

    /// Nil where the weights stayed as they were, or too little is known block by block.
    init?(_ compositions: [BlockedDifference.Composition], _ first: Summary, _ second: Summary) {
        guard let blocked = try? BlockedDifference(compositions), first.count > 0, second.count > 0 else { return nil }
        let sums = compositions.reduce(into: (first: 0.0, second: 0.0)) { sums, part in
            sums.first += Double(part.blocks * part.first)
            sums.second += Double(part.blocks * part.second)
        }
        let variance = compositions.reduce(0) { sum, part in
            let (a, b) = (Double(part.blocks * part.first), Double(part.blocks * part.second))
            let share = (a + b) / (sums.first + sums.second)
            let (ofFirst, ofSecond) = (a / sums.first - share, b / sums.second - share)
            return sum + ofFirst * ofFirst * first.variance / a + ofSecond * ofSecond * second.variance / b
        }
        let whole = first.variance / Double(first.count) + second.variance / Double(second.count)
        guard variance > WeightDrift.least * whole else { return nil }
        (pooled, within, standardError) = (first.mean - second.mean, blocked.estimate, variance.squareRoot())
    }

    /// Whether more lies between the two than chance explains.
    var isMoreThanChance: Bool { abs(pooled - within) > WeightDrift.most * standardError }
}
