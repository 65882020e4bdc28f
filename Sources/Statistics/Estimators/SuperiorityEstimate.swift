/// How likely a value of one sample exceeds one of another, ties counted as halves, and how far that may be off.
///
/// Unlike the null distribution of the ``MannWhitneyTest``, its standard error supposes neither distributions of one shape nor of one spread,
/// and the estimate is asymptotically linear, so that it can be looked at any time by a ``ConfidenceSequence`` about ½.
/// E. Brunner and U. Munzel, "The nonparametric Behrens-Fisher problem", Biometrical Journal 42 (2000),
/// doi:10.1002/(SICI)1521-4036(200001)42:1<17::AID-BIMJ17>3.0.CO;2-U.
public struct SuperiorityEstimate: Equatable, Sendable {
    /// P(X > Y) + ½ P(X = Y) for a value X of the first sample and Y of the second.
    public let value: Double
    /// Its standard error.
    public let standardError: Double
    /// How many values both samples have.
    public let count: Int

    /// Compares two raw samples of at least two values each.
    ///
    /// Takes O(n log n) time for n values.
    /// - Throws: `noVariance` where all values of one sample exceed all of the other's, or all are equal: then it is not known how far it is off.
    public init(_ first: [Double], _ second: [Double]) throws(StatisticsError) {
        try Require.sample(first.span, "first", atLeast: 2)
        try Require.sample(second.span, "second", atLeast: 2)
        let (n, m) = (Double(first.count), Double(second.count))
        let pooled = Ranks.of(first + second).ranks
        // The share of the other sample that lies below each value.
        let above = zip(pooled.prefix(first.count), Ranks.of(first).ranks).map { ($0 - $1) / m }
        let below = zip(pooled.suffix(second.count), Ranks.of(second).ranks).map { ($0 - $1) / n }
        let (a, b) = (try Summary(above), try Summary(below))
        let variance = a.variance / n + b.variance / m
        guard variance > 0 else { throw .noVariance(argument: "placements") }
        (value, standardError, count) = (a.mean, variance.squareRoot(), first.count + second.count)
    }
}
