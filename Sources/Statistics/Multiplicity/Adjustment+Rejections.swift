extension Adjustment {
    /// Which null hypotheses are rejected, in the order given.
    public func rejections(_ pValues: [Double], significance: Double = 0.05) throws(StatisticsError) -> [Bool] {
        try Require.properProbability(significance, "significance")
        // A p-value on the boundary, such as the seventh of ten at 0.035, may be a rounding above it once it is multiplied.
        return try adjust(pValues).map { $0 <= significance * (1 + 1e-12) }
    }

    /// The level at which each effect's own interval is to be computed, so that the intervals keep what the adjustment promises.
    ///
    /// For Bonferroni and Šidák all intervals hold together with the probability `level`. For Benjamini's methods the share of intervals that
    /// miss, among those of rejected hypotheses, is at most 1 - level on average, and the others get none: Y. Benjamini and D. Yekutieli,
    /// "False discovery rate-adjusted multiple confidence intervals", JASA 100 (2005), doi:10.1198/016214504000001907. The other methods go
    /// by steps and have no intervals of this form.
    public func intervalLevels(_ pValues: [Double], level: Double = 0.95) throws(StatisticsError) -> [Double?] {
        try Require.properProbability(level, "level")
        let rejected = try rejections(pValues, significance: 1 - level)
        let count = Double(pValues.count)
        switch self {
        case .none, .bonferroni, .sidak:
            let own = significance(alpha: 1 - level, comparisons: pValues.count).map { 1 - $0 }
            return pValues.map { _ in own }
        case .benjaminiHochberg, .benjaminiYekutieli:
            let harmonic = self == .benjaminiHochberg ? 1 : pValues.indices.reduce(0) { $0 + 1 / Double($1 + 1) }
            let miss = (1 - level) * Double(rejected.count { $0 }) / (count * harmonic)
            return rejected.map { $0 ? 1 - miss : nil }
        case .holm, .holmSidak, .hochberg, .hommel:
            return pValues.map { _ in nil }
        }
    }
}
