internal import Glibc
internal import Statistics

/// How well each possible effect explains what a test shows, relative to none.
package struct TestLikelihood: Sendable {
    /// The difference of B from what it would have been, and its covariance.
    let difference: [Double]
    let covariance: [Double]
    /// For each kind, the information on its size, and the score at zero: the logarithm of the likelihood ratio of a lift d is
    /// `score · d − information · d² / 2`.
    let information: [Double]
    let score: [Double]
    /// The same for an effect of no particular kind, and its probability of raising revenue.
    let shapeless: Double
    let shapelessPositive: Double

    /// One that is known, of a difference that is not.
    package init(information: [Double], score: [Double], shapeless: Double, shapelessPositive: Double) {
        (difference, covariance) = ([], [])
        (self.information, self.score, self.shapeless, self.shapelessPositive) = (information, score, shapeless, shapelessPositive)
    }

    init(_ test: TestSummary, _ directions: EffectDirections, _ belief: EffectBelief) {
        let size = Signal.count
        var expected = test.a
        var spread = test.varianceOfA
        if let level = belief.level {
            // The level that A and B share: the tests' common one, corrected by what this test's groups A show.
            var sum = test.varianceOfA
            for i in 0..<size { sum[i * size + i] += belief.levelVariance[i] }
            let factored = SmallMatrix(sum, size: size)
            let weighed = factored.solve(zip(test.a, level).map { $0 - $1 })
            expected = (0..<size).map { level[$0] + belief.levelVariance[$0] * weighed[$0] }
            for j in 0..<size {
                var column = [Double](repeating: 0, count: size)
                column[j] = belief.levelVariance[j]
                let solved = factored.solve(column)
                for i in 0..<size {
                    spread[i * size + j] = (i == j ? belief.levelVariance[i] : 0) - belief.levelVariance[i] * solved[i]
                }
            }
        }
        difference = zip(test.b, expected).map { $0 - $1 }
        covariance = zip(test.varianceOfB, spread).map { $0 + $1 }
        let factored = SmallMatrix(covariance, size: size)
        let white = factored.whitened(difference)
        var (information, score) = ([Double](), [Double]())
        for vector in directions.vectors {
            let direction = factored.whitened(vector)
            information.append(direction.reduce(0) { $0 + $1 * $1 })
            score.append(zip(direction, white).reduce(0) { $0 + $1.0 * $1.1 })
        }
        self.information = information
        self.score = score

        // No particular kind: any signal may have moved by what a lift of ten per cent of any kind would do to it.
        let freedom = (0..<size).map { signal in
            let largest = directions.vectors.reduce(0.0) { max($0, abs($1[signal])) } * 0.1
            return max(largest * largest, 1e-12)
        }
        var wide = covariance
        for i in 0..<size { wide[i * size + i] += freedom[i] }
        let widened = SmallMatrix(wide, size: size)
        let whiteWide = widened.whitened(difference)
        shapeless =
            0.5 * (white.reduce(0) { $0 + $1 * $1 } - whiteWide.reduce(0) { $0 + $1 * $1 })
            + 0.5 * (factored.logDeterminant - widened.logDeterminant)
        let solved = widened.solve(difference)
        var unit = [Double](repeating: 0, count: size)
        unit[Signal.revenue] = freedom[Signal.revenue]
        let mean = freedom[Signal.revenue] * solved[Signal.revenue]
        let variance = freedom[Signal.revenue] * (1 - widened.solve(unit)[Signal.revenue])
        shapelessPositive = variance > 0 ? Normal.standard.cdf(mean / variance.squareRoot()) : 0.5
    }

    /// The largest lift of a kind that the test could not tell from none.
    func resolution(_ kind: Int) -> Double { 1 / max(information[kind], 1e-12).squareRoot() }
}
