/// Values added up by cluster: where clusters were randomised, they are the units, and the values of one may depend on each other.
public struct ClusterSums: Sendable {
    /// The co-moments of the clusters: column 0 is the sum of a cluster's values, column 1 their number.
    public let moments: CoMoments
    /// The mean of all values, and the moments of what is beyond it: sums of values with a large common part are nearly multiples of their number.
    private let base: Double
    private let beyond: CoMoments

    /// Adds up values by the cluster that each belongs to.
    public init(_ values: [Double], clusters: [Int]) throws(StatisticsError) {
        guard values.count == clusters.count else {
            throw .countMismatch(argument: "clusters", count: clusters.count, expected: values.count)
        }
        try Require.sample(values.span, "values", atLeast: 2)
        var places: [Int: Int] = [:]
        var (sums, sizes): ([Double], [Double]) = ([], [])
        for (value, cluster) in zip(values, clusters) {
            if let place = places[cluster] {
                sums[place] += value
                sizes[place] += 1
            } else {
                places[cluster] = sums.count
                sums.append(value)
                sizes.append(1)
            }
        }
        try Require.count(sums.count, "clusters", atLeast: 2)
        var rests = sums.map { _ in 0.0 }
        moments = try CoMoments([sums, sizes])
        base = CoMoments.base(ofRatio: sums, to: sizes)
        for (value, cluster) in zip(values, clusters) { if let place = places[cluster] { rests[place] += value - base } }
        beyond = try CoMoments([rests, sizes])
    }

    /// The mean over all values, with a standard error that holds for clusters: a ratio of two sums, by the delta method.
    ///
    /// It equals the cluster-robust standard error of a regression on a constant, C / (C - 1) included. A. Deng, J. Lu and J. Litz,
    /// "Trustworthy analysis of online A/B tests", WSDM (2017), doi:10.1145/3018661.3018677.
    public func estimate() throws(StatisticsError) -> Estimate {
        try Estimate(beyond.summary(of: .ratio(of: 0, to: 1, above: base)), "clusters")
    }
}
