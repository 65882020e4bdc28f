internal import Glibc

/// The mixture of likelihood ratios of a normal statistic z over normally spread effects.
///
/// `ratio` is the variance of the spread over that of the estimate, growing in proportion to the sample. At a true null hypothesis the
/// mixture is a nonnegative martingale of expectation 1, so by Ville's inequality it ever exceeds 1/α with probability at most α.
/// H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical Statistics 41 (1970),
/// doi:10.1214/aoms/1177696786; one-sided: S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, Annals of Statistics 49 (2021),
/// doi:10.1214/20-AOS1991.
struct NormalMixture {
    let ratio: Double

    /// A mixture; a ratio that the range of a double cannot hold in what follows is held at a bound, which changes nothing.
    init(ratio: Double) { self.ratio = min(ratio, 1e300) }

    /// The mixture after so many units that is narrowest, at this level, after `size`.
    init(count: Int, tunedFor size: Double, level: Double) {
        self.init(ratio: Double(count) / size * NormalMixture.tightest(level: level))
    }

    /// The mixture when `count` units gave an estimate with this standard error.
    init(count: Int, standardError: Double, _ tuning: ConfidenceSequence.Tuning) throws(StatisticsError) {
        switch tuning {
        case .sampleSize(let size, let level):
            try Require.positive(size, "tuning.sampleSize")
            try Require.properProbability(level, "tuning.level")
            self.init(count: count, tunedFor: size, level: level)
        case .effectSpread(let spread):
            try Require.positive(spread, "tuning.effectSpread")
            self.init(ratio: spread * spread / (standardError * standardError))
        }
    }

    /// log of the mixture; for one side the spread is half a normal.
    func logEvidence(_ z: Double, _ alternative: Alternative) -> Double {
        // The quadratic term is w²/2.
        let w = z * (ratio / (1 + ratio)).squareRoot()
        let base = -0.5 * log1p(ratio)
        switch alternative {
        case .twoSided: return base + 0.5 * w * w
        case .greater: return base + Self.half(w)
        case .less: return base + Self.half(-w)
        }
    }

    /// How large z may be before the mixture exceeds 1/α, in the direction of the alternative.
    func radius(_ alpha: Double, _ alternative: Alternative) throws(StatisticsError) -> Double {
        let limit = 0.5 * log1p(ratio) - log(alpha)
        let stretch = ((1 + ratio) / ratio).squareRoot()
        guard alternative != .twoSided else { return stretch * (2 * limit).squareRoot() }
        guard let w = Root.increasing(from: (2 * max(0.1, limit)).squareRoot(), step: 0.5, within: -1e6...1e6, { Self.half($0) - limit })
        else {
            throw .noConvergence(computation: "one-sided confidence sequence")
        }
        return stretch * w
    }

    /// log (2 Φ(w) exp(w²/2)), increasing.
    private static func half(_ w: Double) -> Double {
        0.693_147_180_559_945_31 + 0.5 * w * w + NormalKernel.logCDF(w)
    }

    /// n ρ² for the sample size n at which the two-sided sequence is to be narrowest.
    ///
    /// I. Waudby-Smith and others (2024), appendix B.2, without the term that is negligible.
    private static func tightest(level: Double) -> Double {
        let doubled = -2 * log1p(-level)
        return doubled + log1p(doubled)
    }
}
