import Statistics

/// What is known of one metric in one variant, or in a part of it.
struct GroupMoments {
    /// The means and co-deviations of the metric's columns.
    let moments: CoMoments
    /// The extremes of the first column; infinite where there are no units.
    let minimum: Double
    let maximum: Double
    /// How many units have a value below zero.
    let negatives: Int
    /// How many units have a value, but do not belong to the metric's population.
    let outside: Int
    /// How many units have more than the metric's cap; 0 without one.
    let beyond: Int
    /// The sum of the first column.
    let sum: Double
    /// The moments of each stratum; empty where units are not compared within strata.
    let strata: [ExactText?: CoMoments]

    var count: Int { moments.count }

    init(
        moments: CoMoments, minimum: Double?, maximum: Double?, negatives: Int, outside: Int, beyond: Int, sum: Double,
        strata: [ExactText?: CoMoments] = [:]
    ) {
        (self.moments, self.strata) = (moments, strata)
        self.minimum = minimum ?? .infinity
        self.maximum = maximum ?? -.infinity
        (self.negatives, self.outside, self.beyond, self.sum) = (negatives, outside, beyond, sum)
    }

    /// Of no units.
    init(empty columns: Int) {
        self.init(moments: CoMoments(columns: columns), minimum: nil, maximum: nil, negatives: 0, outside: 0, beyond: 0, sum: 0)
    }

    /// The same units as those of one stratum.
    func all(in stratum: ExactText?) -> GroupMoments {
        GroupMoments(
            moments: moments, minimum: minimum, maximum: maximum, negatives: negatives, outside: outside, beyond: beyond, sum: sum,
            strata: [stratum: moments])
    }

    /// These units and others.
    func merged(with other: GroupMoments) -> GroupMoments {
        func both(_ a: CoMoments, _ b: CoMoments) -> CoMoments {
            var a = a
            a.merge(b)
            return a
        }
        return GroupMoments(
            moments: both(moments, other.moments), minimum: min(minimum, other.minimum), maximum: max(maximum, other.maximum),
            negatives: negatives + other.negatives, outside: outside + other.outside, beyond: beyond + other.beyond,
            sum: sum + other.sum, strata: strata.merging(other.strata, uniquingKeysWith: both))
    }
}

extension CoMoments {
    /// From sums of deviations from centres near the means, which lose nothing to a large common part.
    ///
    /// - Parameters:
    ///   - first: the mean of the first column, where it is known to the last digit.
    ///   - isConstant: whether all values of the first column are that; then nothing of it varies, not even by a rounding.
    /// - Throws: `infinite` where a sum of squares is no number any more, for what is left of it may look like no variance at all, or shows that
    ///   a value was too large to be taken as it is.
    init(
        count: Int, centers: [Double], sums: [Double], products: [Double], first: Double? = nil, isConstant: Bool = false
    ) throws(StatisticsError) {
        let (n, size) = (Double(count), centers.count)
        guard count > 0 else {
            self.init(columns: size)
            return
        }
        func covariance(_ i: Int, _ j: Int) -> Double {
            guard count > 1, !(isConstant && (i == 0 || j == 0)) else { return 0 }
            return (products[i * size + j] - sums[i] * sums[j] / n) / (n - 1)
        }
        // Unless all are the same, one that is taken for the greatest is half of that away from any centre, or another value is.
        let most = ValueLimits.greatest * ValueLimits.greatest / 4
        for index in 0..<(size * size) {
            let isTooLarge = index / size == index % size && products[index] >= most
            if isTooLarge || !covariance(index / size, index % size).isFinite { throw .infinite(argument: "covariances", index: index) }
        }
        let deviations = (0..<size).map { max(0, covariance($0, $0)).squareRoot() }
        let covariances = (0..<(size * size)).map { index in
            let (i, j) = (index / size, index % size)
            // Of a column that does not vary only roundings are left, which may be greater than its deviation allows.
            let most = deviations[i] * deviations[j]
            return i == j ? max(0, covariance(i, j)) : min(max(covariance(i, j), -most), most)
        }
        var means = zip(centers, sums).map { center, sum in
            let mean = center + sum / n
            // Where a centre and the deviations from it cancel, what is left is a rounding, and no number to divide by.
            return abs(mean) <= 1e-12 * abs(center) ? 0 : mean
        }
        if let first { means[0] = first }
        try self.init(count: count, means: means, covariances: covariances)
    }

    /// Those of a ratio whose first column holds what is beyond `base` times the second, without what roundings have left in it.
    ///
    /// - Parameter isNothing: whether there is nothing above the line, so that the first column is what was taken out of that.
    func cleaned(beyond base: Double, isNothing: Bool) throws(StatisticsError) -> CoMoments {
        guard count > 1 else { return self }
        let below = summary(1)
        let rounding = 1e-13 * abs(base) * (below.variance + below.mean * below.mean).squareRoot()
        // A number that all have beyond it varies no more than nothing does, but it is no rounding.
        guard isNothing || covariance(0, 0).squareRoot() <= rounding else { return self }
        let multiple = isNothing ? -base : 0
        func source(_ i: Int) -> (column: Int, multiple: Double) { i == 0 ? (1, multiple) : (i, 1) }
        let covariances = (0..<(columns * columns)).map { index in
            let (i, j) = (source(index / columns), source(index % columns))
            return i.multiple * j.multiple * covariance(i.column, j.column)
        }
        let first = isNothing ? multiple * means[1] : abs(means[0]) <= rounding ? 0 : means[0]
        return try CoMoments(count: count, means: [first] + means.dropFirst(), covariances: covariances)
    }
}
