/// The means and the matrix of co-deviations of several columns measured on the same units, mergeable: what regression and CUPED need.
public struct CoMoments: Equatable, Sendable {
    /// How many units there are.
    public private(set) var count: Int
    /// The mean of each column.
    public private(set) var means: [Double]
    /// Σ (x - mean x)(y - mean y) for every pair of columns, row by row.
    public private(set) var products: [Double]

    /// The co-moments of no units, with this many columns.
    public init(columns: Int) {
        (count, means, products) = (0, Array(repeating: 0, count: columns), Array(repeating: 0, count: columns * columns))
    }

    /// The co-moments of raw columns of one length; every value must be finite.
    public init(_ columns: [[Double]]) throws(StatisticsError) {
        self.init(columns: columns.count)
        guard let length = columns.first?.count else { return }
        for (index, column) in columns.enumerated() {
            guard column.count == length else { throw .countMismatch(argument: "columns[\(index)]", count: column.count, expected: length) }
            try Require.finite(column.span, "columns[\(index)]")
        }
        for start in stride(from: 0, to: length, by: Lanes.block) {
            merge(CoMoments(columns, rows: start..<min(start + Lanes.block, length)))
        }
        for index in columns.indices where !(means[index].isFinite && self[index, index].isFinite) {
            throw .outOfRange(argument: "columns[\(index)]", value: columns[index][0], expected: "values whose squares can be added")
        }
    }

    /// Co-moments from a warehouse's aggregates: means, and covariances with n - 1 below the line, row by row.
    public init(count: Int, means: [Double], covariances: [Double]) throws(StatisticsError) {
        try Require.positive(count, "count")
        let expected = means.count * means.count
        guard covariances.count == expected else {
            throw .countMismatch(argument: "covariances", count: covariances.count, expected: expected)
        }
        try Require.finite(means.span, "means")
        try Require.finite(covariances.span, "covariances")
        self.count = count
        self.means = means
        products = covariances.map { $0 * Double(count - 1) }
        try Require.finite(products.span, "covariances")
        for i in means.indices {
            guard self[i, i] >= 0 else {
                throw .outOfRange(argument: "covariances", value: covariance(i, i), expected: "variances that are not negative")
            }
            for j in 0..<i {
                let scale = self[i, i].squareRoot() * self[j, j].squareRoot()
                guard abs(self[i, j] - self[j, i]) <= 1e-9 * scale, abs(self[i, j]) <= (1 + 1e-9) * scale else {
                    throw .outOfRange(
                        argument: "covariances[\(i)][\(j)]", value: covariance(i, j), expected: "a symmetric matrix of covariances")
                }
            }
        }
    }

    private init(_ columns: [[Double]], rows: Range<Int>) {
        self.init(columns: columns.count)
        count = rows.count
        let n = Double(count)
        var centers: [Double] = []
        for column in columns {
            let first = column[rows.lowerBound]
            centers.append(first + column.withUnsafeBufferPointer { Lanes.sum(UnsafeBufferPointer(rebasing: $0[rows]), minus: first) } / n)
        }
        for i in columns.indices {
            for j in columns.indices where j >= i {
                let (sx, sy, sxy) = columns[i].withUnsafeBufferPointer { x in
                    columns[j].withUnsafeBufferPointer { y in
                        Lanes.products(
                            UnsafeBufferPointer(rebasing: x[rows]), minus: centers[i], UnsafeBufferPointer(rebasing: y[rows]),
                            minus: centers[j])
                    }
                }
                if i == j { means[i] = centers[i] + sx / n }
                // A square that is left over is not negative, however it is rounded.
                self[i, j] = i == j ? max(0, sxy - sx * sy / n) : sxy - sx * sy / n
                self[j, i] = self[i, j]
            }
        }
    }

    /// Takes in the units that other co-moments stand for; both must have the same columns.
    public mutating func merge(_ other: CoMoments) {
        precondition(other.means.count == means.count, "co-moments of different columns cannot be merged")
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (a, b) = (Double(count), Double(other.count))
        let deltas = zip(other.means, means).map { $0 - $1 }
        for i in means.indices {
            for j in means.indices {
                self[i, j] += other[i, j] + deltas[i] * deltas[j] * (a * b / (a + b))
            }
        }
        for i in means.indices { means[i] += deltas[i] * (b / (a + b)) }
        count += other.count
    }

    /// How many columns there are.
    public var columns: Int { means.count }

    /// Σ (x - mean x)(y - mean y) for the columns `i` and `j`.
    public private(set) subscript(_ i: Int, _ j: Int) -> Double {
        get { products[i * means.count + j] }
        set { products[i * means.count + j] = newValue }
    }

    /// The covariance of two columns, n - 1 below the line; 0 for fewer than two units.
    public func covariance(_ i: Int, _ j: Int) -> Double {
        count > 1 ? self[i, j] / Double(count - 1) : 0
    }

    /// The correlation of two columns; `nil` where one of them does not vary.
    public func correlation(_ i: Int, _ j: Int) -> Double? {
        let scale = (self[i, i] * self[j, j]).squareRoot()
        return scale > 0 ? self[i, j] / scale : nil
    }

    /// One column alone.
    public func summary(_ i: Int) -> Summary {
        Summary(mean: means[i], squaredDeviations: self[i, i], count: count)
    }
}
