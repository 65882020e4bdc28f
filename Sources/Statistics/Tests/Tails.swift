/// p-values from a reference distribution.
enum Tails {
    /// The tail of a symmetric distribution beyond a statistic.
    static func symmetric<D: ContinuousDistribution>(_ law: D, _ statistic: Double, _ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: min(1, 2 * law.survival(abs(statistic)))
        case .less: law.cdf(statistic)
        case .greater: law.survival(statistic)
        }
    }

    /// The natural logarithm of the same, which goes on where a double would be zero.
    static func logSymmetric<D: ContinuousDistribution>(_ law: D, _ statistic: Double, _ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: min(0, law.logSurvival(abs(statistic)) + 0.693_147_180_559_945_31)
        case .less: law.logCDF(statistic)
        case .greater: law.logSurvival(statistic)
        }
    }
}
