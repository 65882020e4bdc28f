/// What is measured of the units whose columns co-moments hold.
public enum Measure: Equatable, Sendable {
    /// The mean of a column.
    case mean(of: Int)
    /// The sum of a column over the sum of another: orders a session, revenue a click. The units are still what was randomised.
    case ratio(of: Int, to: Int)
}

extension CoMoments {
    /// The co-moments of measures: their values as means, the products by the delta method.
    ///
    /// A ratio R = x̄ / ȳ is replaced by the mean of (x - R y) / ȳ, which errs alike to first order. A. Deng, U. Knoblich and J. Lu,
    /// "Applying the delta method in metric analytics", KDD (2018), doi:10.1145/3219819.3219919. The mean of a denominator must not be
    /// zero. A plain mean passes through as it is.
    public func measuring(_ measures: [Measure]) throws(StatisticsError) -> CoMoments {
        try Require.count(count, "units", atLeast: 2)
        var values: [Double] = []
        // Each measure as a combination of at most two columns.
        var terms: [[(column: Int, weight: Double)]] = []
        for (index, measure) in measures.enumerated() {
            switch measure {
            case .mean(let column):
                try requireColumn(column, index)
                values.append(means[column])
                terms.append([(column, 1)])
            case .ratio(let numerator, let denominator):
                try requireColumn(numerator, index)
                try requireColumn(denominator, index)
                let below = means[denominator]
                let ratio = means[numerator] / below
                guard ratio.isFinite else {
                    throw .outOfRange(argument: "mean of column \(denominator)", value: below, expected: "a denominator other than zero")
                }
                values.append(ratio)
                terms.append([(numerator, 1 / below), (denominator, -ratio / below)])
            }
        }
        var covariances: [Double] = []
        for (i, left) in terms.enumerated() {
            for (j, right) in terms.enumerated() {
                var sum = 0.0
                for a in left {
                    for b in right { sum += a.weight * b.weight * covariance(a.column, b.column) }
                }
                // What is left of a variance after cancellation may fall below zero.
                covariances.append(i == j ? max(0, sum) : sum)
            }
        }
        return try CoMoments(derived: count, means: values, covariances: covariances)
    }

    /// The value of a measure and the variance between the units that it rests on: what any test of means takes.
    public func summary(of measure: Measure) throws(StatisticsError) -> Summary {
        try measuring([measure]).summary(0)
    }

    private func requireColumn(_ column: Int, _ index: Int) throws(StatisticsError) {
        guard means.indices.contains(column) else {
            throw .outOfRange(argument: "measures[\(index)]", value: Double(column), expected: "a column below \(columns)")
        }
    }
}
