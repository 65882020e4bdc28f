/// What is measured of the units whose columns co-moments hold.
public enum Measure: Equatable, Sendable {
    /// The mean of a column.
    case mean(of: Int)
    /// The sum of a column over the sum of another, and `above` more: orders a session, revenue a click. The units are still what was randomised.
    ///
    /// Where a numerator is nearly a multiple of its denominator, as what orders cost that cost nearly the same, the variance is a small difference of
    /// large numbers. No digit is lost if the column holds what a unit has beyond a multiple near the ratio, x - `above` · y; see ``CoMoments/base(ofRatio:to:)``.
    case ratio(of: Int, to: Int, above: Double = 0)
}

extension CoMoments {
    /// The share of a number that its rounding may have made.
    private static let rounding = 1e-12

    /// A multiple of the denominators near the ratio of two sums: what ``Measure/ratio(of:to:above:)`` is above.
    public static func base(ofRatio numerators: [Double], to denominators: [Double]) -> Double {
        let base = numerators.reduce(0, +) / denominators.reduce(0, +)
        return base.isFinite ? base : 0
    }

    /// The co-moments of measures: their values as means, the products by the delta method.
    ///
    /// A ratio R = x̄ / ȳ is replaced by the mean of (x - R y) / ȳ, which errs alike to first order. A. Deng, U. Knoblich and J. Lu,
    /// "Applying the delta method in metric analytics", KDD (2018), doi:10.1145/3219819.3219919. The mean of a denominator must not be
    /// zero. A plain mean passes through as it is.
    public func measuring(_ measures: [Measure]) throws(StatisticsError) -> CoMoments {
        try Require.count(count, "units", atLeast: 2)
        var values: [Double] = []
        var combinations: [[Term]] = []
        for (index, measure) in measures.enumerated() {
            let (value, terms) = try linearized(measure, index)
            values.append(value)
            combinations.append(terms)
        }
        var covariances: [Double] = []
        for left in combinations {
            for right in combinations { covariances.append(covariance(left, right)) }
        }
        return try CoMoments(derived: count, means: values, covariances: covariances)
    }

    /// A column's part in a combination of several.
    struct Term: Equatable {
        let column: Int
        let weight: Double
    }

    /// A measure's value, and the combination of columns that errs as it does, to first order.
    ///
    /// - Parameter index: which of several measures it is, for errors.
    func linearized(_ measure: Measure, _ index: Int = 0) throws(StatisticsError) -> (value: Double, terms: [Term]) {
        switch measure {
        case .mean(let column):
            try requireColumn(column, index)
            return (means[column], [Term(column: column, weight: 1)])
        case .ratio(let numerator, let denominator, let base):
            try requireColumn(numerator, index)
            try requireColumn(denominator, index)
            let below = means[denominator]
            let rest = means[numerator] / below
            guard (base + rest).isFinite else {
                throw .outOfRange(argument: "mean of column \(denominator)", value: below, expected: "a denominator other than zero")
            }
            // What is left where the one takes the other away is a rounding.
            let value = abs(base + rest) <= CoMoments.rounding * abs(base) ? 0 : base + rest
            return (value, [Term(column: numerator, weight: 1 / below), Term(column: denominator, weight: -rest / below)])
        }
    }

    /// The covariance of two combinations of columns; of one with itself, nothing less than zero, and nothing that roundings alone may have left.
    func covariance(_ left: [Term], _ right: [Term]) -> Double {
        var (sum, magnitude) = (0.0, 0.0)
        for a in left {
            for b in right {
                let part = a.weight * b.weight * covariance(a.column, b.column)
                sum += part
                magnitude += abs(part)
            }
        }
        guard left == right else { return sum }
        return sum <= CoMoments.rounding * 0.01 * magnitude ? 0 : sum
    }

    /// The value of a measure alone.
    public func value(of measure: Measure) throws(StatisticsError) -> Double { try linearized(measure).value }

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
