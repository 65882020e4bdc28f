internal import CBoostMath
internal import Glibc

/// The probability that the largest of several correlated standard normal or t statistics lies beyond a threshold.
///
/// Sampled by importance: a statistic is drawn beyond the threshold, the others given it, and the Bonferroni bound is corrected by how many
/// lie beyond together. So the relative error is no larger in the far tail than in the body, about 0.1 % here, and the probability of
/// one statistic is exact. A. B. Owen, Y. Maximov and M. Chertkov, "Importance sampling the union of rare events", Electronic Journal of
/// Statistics 13 (2019), doi:10.1214/18-EJS1527. Points are a fixed lattice: the same question has the same answer.
struct JointTail: Sendable {
    private let correlation: [[Double]]
    /// Draws of the statistics, point after point; and how far out in the tail each point's leader lies, with a chi-square draw.
    private let draws: [Double]
    private let coordinates: [(tail: Double, square: Double, leader: Double)]
    private let degreesOfFreedom: Double
    private let twoSided: Bool
    private static let points = 1 << 14

    /// Statistics of this correlation, which must be positive semidefinite.
    init(correlation: [[Double]], degreesOfFreedom: Double, twoSided: Bool) throws(StatisticsError) {
        let size = correlation.count
        for (i, row) in correlation.enumerated() {
            guard row.count == size else { throw .countMismatch(argument: "correlation[\(i)]", count: row.count, expected: size) }
            for (j, value) in row.enumerated() {
                try Require.finite(value, "correlation[\(i)][\(j)]")
                let expected = i == j ? 1 : correlation[j].indices.contains(i) ? correlation[j][i] : .nan
                guard abs(value - expected) <= 1e-9, abs(value) <= 1 + 1e-12 else {
                    throw .outOfRange(argument: "correlation[\(i)][\(j)]", value: value, expected: "a symmetric matrix of correlations")
                }
            }
        }
        if degreesOfFreedom != .infinity { try Require.positive(degreesOfFreedom, "degreesOfFreedom") }
        (self.correlation, self.degreesOfFreedom, self.twoSided) = (correlation, degreesOfFreedom, twoSided)
        let factor = try Self.semidefiniteFactor(correlation)
        var lattice = Lattice(dimensions: size + 3)
        var (draws, coordinates): ([Double], [(tail: Double, square: Double, leader: Double)]) = ([], [])
        draws.reserveCapacity(Self.points * size)
        for point in 0..<Self.points {
            lattice.go(to: point)
            // Given t, (ν + t²) s² is chi-square with ν + 1 degrees of freedom.
            let square = degreesOfFreedom == .infinity ? 0 : 2 * boostmath_gamma_quantile((degreesOfFreedom + 1) / 2, lattice[1])
            coordinates.append((lattice[0], square, lattice[2]))
            let normals = (0..<size).map { Normal.standardQuantile(lattice[$0 + 3]) }
            for i in 0..<size {
                var z = 0.0
                for k in 0...i { z += factor[i][k] * normals[k] }
                draws.append(z)
            }
        }
        (self.draws, self.coordinates) = (draws, coordinates)
    }

    /// P(max |T| ≥ threshold), or of max T, over these of the statistics.
    func survival(_ threshold: Double, among members: [Int]) -> Double {
        guard twoSided == false || threshold > 0 else { return 1 }
        let single = (twoSided ? 2 : 1) * margin(threshold)
        guard members.count > 1, single > 0 else { return min(1, single) }
        let size = correlation.count
        var sum = 0.0
        for point in 0..<Self.points {
            // Each member leads equally often, as all have the same tail.
            let leader = members[Int(coordinates[point].leader * Double(members.count))]
            let (value, scale) = draw(coordinates[point], single / (twoSided ? 2 : 1))
            let (start, limit) = (point * size, threshold * scale)
            let shift = value * scale - draws[start + leader]
            var beyond = 1
            for other in members where other != leader {
                // The other statistic given the leader: its own draw moved by the leader's share in it.
                let z = draws[start + other] + correlation[leader][other] * shift
                if (twoSided ? abs(z) : z) >= limit { beyond += 1 }
            }
            sum += 1 / Double(beyond)
        }
        return min(1, single * Double(members.count) * sum / Double(Self.points))
    }

    /// P(T ≥ threshold) of a single statistic.
    private func margin(_ threshold: Double) -> Double {
        degreesOfFreedom == .infinity ? NormalKernel.cdf(-threshold) : StudentT(validated: degreesOfFreedom).survival(threshold)
    }

    /// A statistic beyond the threshold, and the estimated standard deviation that belongs to it.
    private func draw(_ coordinates: (tail: Double, square: Double, leader: Double), _ margin: Double) -> (value: Double, scale: Double) {
        let tail = coordinates.tail * margin
        guard degreesOfFreedom < .infinity else { return (-Normal.standardQuantile(tail), 1) }
        let value = -StudentT(validated: degreesOfFreedom).unguardedQuantile(tail)
        return (value, (coordinates.square / (degreesOfFreedom + value * value)).squareRoot())
    }

    /// A lower triangular L with L Lᵀ = R; columns that add nothing are zero.
    private static func semidefiniteFactor(_ matrix: [[Double]]) throws(StatisticsError) -> [[Double]] {
        let size = matrix.count
        var rows = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
        for j in 0..<size {
            var pivot = matrix[j][j]
            for k in 0..<j { pivot -= rows[j][k] * rows[j][k] }
            guard pivot > -1e-8 else {
                throw .outOfRange(argument: "correlation", value: pivot, expected: "a positive semidefinite matrix")
            }
            let root = max(0, pivot).squareRoot()
            rows[j][j] = root
            for i in j..<size where i > j {
                var rest = matrix[i][j]
                for k in 0..<j { rest -= rows[i][k] * rows[j][k] }
                if pivot > 1e-10 {
                    rows[i][j] = rest / root
                } else if abs(rest) > 1e-4 {
                    throw .outOfRange(argument: "correlation", value: rest, expected: "a positive semidefinite matrix")
                }
            }
        }
        return rows
    }
}

/// Richtmyer's lattice: multiples of the square roots of primes, folded so that the integrand is periodic.
private struct Lattice {
    private let steps: [Double]
    private var place = 0.0

    init(dimensions: Int) {
        var primes: [Int] = []
        var candidate = 2
        while primes.count < dimensions {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        steps = primes.map { Double($0).squareRoot() }
    }

    mutating func go(to point: Int) { place = Double(point) + 0.5 }

    /// A coordinate strictly between 0 and 1.
    subscript(_ dimension: Int) -> Double {
        let raw = place * steps[dimension]
        let unit = raw - raw.rounded(.down)
        return min(max(1 - abs(2 * unit - 1), 1e-15), 1 - 1e-15)
    }
}
