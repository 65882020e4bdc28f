/// All that a test is judged by: the groups' mean signals and their covariances.
///
/// Some four hundred bytes, whatever the groups' sizes.
package struct TestSummary: Sendable {
    /// Tells tests apart, whatever the order of their ids.
    package let fingerprint: UInt64
    /// Mean signals of the groups.
    let a1: [Double]
    let a2: [Double]
    let a: [Double]
    let b: [Double]
    /// Covariances of the means, row by row.
    let varianceOfA: [Double]
    let varianceOfB: [Double]

    /// Customers by which a group's covariances lean on the shop's: a group of three says little of its own.
    private static let borrowed = 100.0

    init(_ membership: Membership, shop covariance: [Double]) {
        fingerprint = membership.fingerprint
        var both = membership.groups[0]
        both.add(membership.groups[1])
        a1 = membership.groups[0].means
        a2 = membership.groups[1].means
        a = both.means
        b = membership.groups[2].means
        let (counted, treated) = (Double(max(1, both.count)), Double(max(1, membership.groups[2].count)))
        let (own, other) = (
            TestSummary.covariance(both, shop: covariance), TestSummary.covariance(membership.groups[2], shop: covariance)
        )
        (varianceOfA, varianceOfB) = TestSummary.variances(own, counted, other, treated)
    }

    private static func covariance(_ group: GroupMoments, shop: [Double]) -> [Double] {
        let own = Double(max(0, group.count - 1))
        return zip(group.covariance, shop).map { (own * $0 + borrowed * $1) / (own + borrowed) }
    }

    /// The covariances of the means of A and of B, from those of their customers.
    ///
    /// Where A and B do not differ more in their spread than chance makes them differ, both are taken to be as spread as all together. With
    /// a spread of its own B would have the smaller one just when few of its customers happen to fail to buy, so that its difference looks
    /// more certain when it is positive: signals are skewed. In what both share, that cancels out: covariances of a mean with the variance of
    /// all are the same for A and B. The more they do differ, the more each keeps its own.
    private static func variances(_ a: [Double], _ countOfA: Double, _ b: [Double], _ countOfB: Double) -> ([Double], [Double]) {
        let pooled = zip(a, b).map { ($0 * countOfA + $1 * countOfB) / (countOfA + countOfB) }
        let difference = (0..<Signal.count).reduce(0) { sum, signal in
            let place = signal * (Signal.count + 1)
            return pooled[place] > 0 ? sum + (b[place] - a[place]) / pooled[place] : sum
        }
        let relative = difference / Double(Signal.count)
        let chance = chanceOfSpread * (1 / countOfA + 1 / countOfB)
        let share = min(1, 4 * chance / max(relative * relative, 1e-300))
        func mix(_ own: [Double], _ count: Double) -> [Double] { zip(own, pooled).map { ((1 - share) * $0 + share * $1) / count } }
        return (mix(a, countOfA), mix(b, countOfB))
    }

    /// The variance, for one customer, of how far apart two groups' relative variances are by chance, averaged over the signals: half of a
    /// kurtosis of five less one, since signals go together.
    private static let chanceOfSpread = 2.0
}
