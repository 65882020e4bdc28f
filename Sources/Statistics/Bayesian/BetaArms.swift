internal import Glibc

/// What is believed about the proportions of several arms: which is best, and what choosing another would cost.
///
/// No answer is simulated: each is one integral of a positive, log-concave function, so that a chance of 1e-12 is as precise as one of a half.
public struct BetaArms: Equatable, Sendable {
    /// The beliefs about the arms, the control first.
    public let arms: [Beta]

    /// Beliefs about two arms or more.
    public init(_ arms: [Beta]) throws(StatisticsError) {
        guard arms.count >= 2 else { throw .tooFew(argument: "arms", count: arms.count, needed: 2) }
        self.arms = arms
    }

    /// Beliefs after these trials, one prior for all arms.
    public init(_ proportions: [Proportion], prior: Beta = .uniform) throws(StatisticsError) {
        try self.init(proportions.map { Beta(posteriorOf: $0, prior: prior) })
    }

    /// The probability that one arm's proportion exceeds another's.
    public func chance(of arm: Int, toBeat other: Int) throws(StatisticsError) -> Double {
        try require(arm, "arm")
        try require(other, "other")
        guard arm != other else { return 0 }
        return best(arm, among: [other])
    }

    /// The probability that an arm's proportion exceeds all others.
    public func chanceToBeBest(_ arm: Int) throws(StatisticsError) -> Double {
        try require(arm, "arm")
        return best(arm, among: arms.indices.filter { $0 != arm })
    }

    /// What is lost on average by choosing an arm, in the proportion's own units: E[max of the others - this, where that is positive].
    public func expectedLoss(of arm: Int) throws(StatisticsError) -> Double {
        try require(arm, "arm")
        let others = arms.indices.filter { $0 != arm }
        // E[(M - X)⁺] is the integral of P(X < x < M) over x.
        return LogitIntegral.over(0...1, from: arms[arm]) { low, high in
            let x = UnitPoint(low, high)
            let allBelow = others.reduce(0) { $0 + arms[$1].logCDF(x) }
            let tails = others.map { arms[$0].logSurvival(x) }
            return arms[arm].logCDF(x) + (others.count == 1 ? tails[0] : Self.logComplement(allBelow, tails))
        }
    }

    /// The expected difference of two arms' proportions.
    public func expectedUplift(of arm: Int, over other: Int) throws(StatisticsError) -> Double {
        try require(arm, "arm")
        try require(other, "other")
        let (a, b) = (arms[arm], arms[other])
        return (a.alpha * b.beta - b.alpha * a.beta) / ((a.alpha + a.beta) * (b.alpha + b.beta))
    }

    /// An interval that holds the difference of two arms' proportions with this probability, the rest shared by both tails.
    public func credibleInterval(of arm: Int, less other: Int, level: Double = 0.95) throws(StatisticsError) -> CredibleInterval {
        try require(arm, "arm")
        try require(other, "other")
        try Require.properProbability(level, "level")
        let tail = (1 - level) / 2
        let low = try quantile(tail) { below($0, arms[arm], arms[other]) }
        // The upper tail is the lower one of the difference turned round.
        let high = try -quantile(tail) { below($0, arms[other], arms[arm]) }
        return CredibleInterval(low: low, high: high, level: level)
    }

    private func quantile(_ p: Double, _ cdf: (Double) -> Double) throws(StatisticsError) -> Double {
        guard let root = Root.find(between: -1, and: 1, tolerance: 1e-15, { cdf($0) - p }) else {
            throw .noConvergence(computation: "credible interval")
        }
        return root
    }

    private func best(_ arm: Int, among others: [Int]) -> Double {
        min(
            1,
            LogitIntegral.over(0...1, from: arms[arm]) { low, high in
                let x = UnitPoint(low, high)
                return others.reduce(arms[arm].logDensity(x)) { $0 + arms[$1].logCDF(x) }
            })
    }

    /// P(X - Y ≤ d), the sum over Y of what lies below; where d moves X past its end, the tail of Y is known.
    private func below(_ d: Double, _ x: Beta, _ y: Beta) -> Double {
        if d <= -1 { return 0 }
        if d >= 1 { return 1 }
        let range = max(0, -d)...min(1, 1 - d)
        let certain = d > 0 ? y.survival(1 - d) : 0
        let inner = LogitIntegral.over(range, from: y) { low, high in
            let v = d < 0 ? UnitPoint(low - d, high) : UnitPoint(low, high + d)
            let moved = d < 0 ? UnitPoint(low, high - d) : UnitPoint(low + d, high)
            return y.logDensity(v) + x.logCDF(moved)
        }
        return min(1, certain + inner)
    }

    /// log(1 - Π Fᵢ) from log Π Fᵢ, or where that is near 1, from the sum of the small tails.
    private static func logComplement(_ logProduct: Double, _ logSurvivals: [Double]) -> Double {
        if logProduct < -1e-3 { return log(-expm1(logProduct)) }
        // log Π Fᵢ = Σ log1p(-Sᵢ), with each Sᵢ precise.
        let product = logSurvivals.reduce(0) { $0 + log1p(-exp($1)) }
        if product < -1e-290 { return log(-expm1(product)) }
        let largest = logSurvivals.max() ?? -.infinity
        guard largest > -.infinity else { return largest }
        return largest + log(logSurvivals.reduce(0) { $0 + exp($1 - largest) })
    }

    private func require(_ arm: Int, _ argument: String) throws(StatisticsError) {
        guard arms.indices.contains(arm) else {
            throw .outOfRange(argument: argument, value: Double(arm), expected: "one of the \(arms.count) arms, from 0")
        }
    }
}

/// A number between 0 and 1 by its distances from both ends, so that neither is lost to rounding.
private struct UnitPoint {
    let low: Double
    let high: Double

    init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }
}

extension Beta {
    private var mirrored: Beta { Beta(validatedAlpha: beta, beta: alpha) }
    fileprivate func logDensity(_ x: UnitPoint) -> Double { x.high < 0.5 ? mirrored.logDensity(x.high) : logDensity(x.low) }
    fileprivate func logCDF(_ x: UnitPoint) -> Double { x.high < 0.5 ? mirrored.logSurvival(x.high) : logCDF(x.low) }
    fileprivate func logSurvival(_ x: UnitPoint) -> Double { x.high < 0.5 ? mirrored.logCDF(x.high) : logSurvival(x.low) }
}

/// Integrals over an interval within 0...1 of a log-concave function, on a logistic scale where it fades out at both ends.
private enum LogitIntegral {
    /// The function is given its argument's distances from both ends of the interval.
    static func over(_ range: ClosedRange<Double>, from law: Beta, _ f: (_ low: Double, _ high: Double) -> Double) -> Double {
        let length = range.upperBound - range.lowerBound
        guard length > 0 else { return 0 }
        let mean = law.alpha / (law.alpha + law.beta)
        let start = min(max((mean - range.lowerBound) / length, 0.01), 0.99)
        let spread = (1 / law.alpha + 1 / law.beta).squareRoot()
        return exp(
            PositiveIntegral.log(from: log(start / (1 - start)), scale: min(1, spread)) { w in
                // x = low + length / (1 + e⁻ʷ), dx = length e⁻ʷ / (1 + e⁻ʷ)² dw
                let tail = exp(-abs(w))
                let (near, far) = (length * tail / (1 + tail), length / (1 + tail))
                guard near > 0 else { return -.infinity }
                return (w < 0 ? f(near, far) : f(far, near)) - abs(w) - 2 * log1p(tail) + log(length)
            })
    }
}
