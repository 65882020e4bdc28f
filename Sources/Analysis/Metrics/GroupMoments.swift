import Statistics

/// What is known of one metric in one variant, or in one segment of it.
struct GroupMoments {
    /// The means and co-deviations of the metric's columns.
    var moments: CoMoments
    /// The extremes of the first column; infinite where there are no units.
    var minimum: Double
    var maximum: Double
    /// How many units have a value below zero.
    var negatives: Int
    /// The sum of the first column.
    var sum: Double

    var count: Int { moments.count }

    /// From sums of deviations from centres near the means, which lose nothing to a large common part.
    init(
        count: Int, centers: [Double], sums: [Double], products: [Double], minimum: Double?, maximum: Double?, negatives: Int,
        sum: Double
    ) throws(StatisticsError) {
        let n = Double(count)
        let means = zip(centers, sums).map { $0 + ($1 / n) }
        let size = centers.count
        let covariances = (0..<(size * size)).map { index in
            let (i, j) = (index / size, index % size)
            guard count > 1 else { return 0.0 }
            let product = (products[index] - sums[i] * sums[j] / n) / (n - 1)
            return i == j ? max(0, product) : product
        }
        moments = count > 0 ? try CoMoments(count: count, means: means, covariances: covariances) : CoMoments(columns: size)
        self.minimum = minimum ?? .infinity
        self.maximum = maximum ?? -.infinity
        self.negatives = negatives
        self.sum = sum
    }

    /// Of no units.
    init(empty columns: Int) {
        (moments, minimum, maximum, negatives, sum) = (CoMoments(columns: columns), .infinity, -.infinity, 0, 0)
    }

    mutating func merge(_ other: GroupMoments) {
        moments.merge(other.moments)
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        negatives += other.negatives
        sum += other.sum
    }
}
