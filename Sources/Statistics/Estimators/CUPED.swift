/// CUPED: an outcome freed of what covariates from before the experiment foretold of it.
///
/// A. Deng, Y. Xu, R. Kohavi and T. Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data",
/// WSDM (2013), doi:10.1145/2433396.2433413; for ratios by the delta method (section 4.4). The result is a summary for each variant, so
/// any test of means takes it from there. All that is needed are co-moments: a warehouse can aggregate them.
public struct CUPED: Sendable {
    /// From which variation the slopes are estimated.
    public enum Slopes: String, Sendable, CaseIterable {
        /// From all the units as one sample, as in the paper.
        case pooled
        /// From the variation within the variants alone: these are the slopes of a regression on the variant and the covariates.
        case withinVariants
    }

    /// Each variant's adjusted mean and the variance that is left, in the order given.
    public let variants: [Summary]
    /// Each variant's value and variance before the adjustment.
    public let unadjusted: [Summary]
    /// What a unit of each covariate is worth in the outcome.
    public let slopes: [Double]

    /// Adjusts an outcome for covariates that the treatment cannot have touched.
    ///
    /// Without `covariates`, every column that the outcome does not use is one. Each variant holds at least two units. A covariate
    /// that does not vary or depends on the others is an error that names it.
    public init(
        variants: [CoMoments], outcome: Measure = .mean(of: 0), covariates: [Measure]? = nil, slopes: Slopes = .pooled
    ) throws(StatisticsError) {
        guard let first = variants.first else { throw .empty(argument: "variants") }
        for (index, variant) in variants.enumerated() where variant.columns != first.columns {
            throw .countMismatch(argument: "variants[\(index)]", count: variant.columns, expected: first.columns)
        }
        let measures = [outcome] + (covariates ?? Self.others(than: outcome, of: first.columns).map { .mean(of: $0) })
        guard measures.count > 1 else { throw .empty(argument: "covariates") }
        var all = CoMoments(columns: first.columns)
        var parts: [CoMoments] = []
        for variant in variants {
            all.merge(variant)
            parts.append(try variant.measuring(measures))
        }
        let whole = try all.measuring(measures)
        let theta = try Self.solve(slopes == .pooled ? [whole] : parts)
        var adjusted: [Summary] = []
        for part in parts {
            var (mean, spread) = (part.means[0], part[0, 0])
            for (i, slope) in theta.enumerated() {
                mean -= slope * (part.means[i + 1] - whole.means[i + 1])
                spread -= 2 * slope * part[0, i + 1]
                for (j, other) in theta.enumerated() { spread += slope * other * part[i + 1, j + 1] }
            }
            adjusted.append(
                Summary(mean: mean, squaredDeviations: Rounding.explains(spread, leftOf: part[0, 0]) ? 0 : spread, count: part.count))
        }
        self.variants = adjusted
        self.slopes = theta
        unadjusted = parts.map { $0.summary(0) }
    }

    /// Adjusts the outcome of a treatment and its control.
    public init(
        treatment: CoMoments, control: CoMoments, outcome: Measure = .mean(of: 0), covariates: [Measure]? = nil, slopes: Slopes = .pooled
    ) throws(StatisticsError) {
        try self.init(variants: [control, treatment], outcome: outcome, covariates: covariates, slopes: slopes)
    }

    /// The effect of a variant against another, by their places; from a treatment and its control, 1 against 0.
    public func effect(of treatment: Int = 1, against control: Int = 0, nullValue: Double = 0) throws(StatisticsError) -> Effect {
        for (name, index) in [("treatment", treatment), ("control", control)] where !variants.indices.contains(index) {
            throw .outOfRange(argument: name, value: Double(index), expected: "a variant below \(variants.count)")
        }
        return try Effect(treatment: variants[treatment], control: variants[control], nullValue: nullValue)
    }

    /// The share of the variance within the variants that the covariates took away; 0 where there was none.
    public var varianceReduction: Double {
        let before = unadjusted.reduce(0) { $0 + $1.squaredDeviations }
        return before > 0 ? 1 - variants.reduce(0) { $0 + $1.squaredDeviations } / before : 0
    }

    /// The columns that an outcome does not use.
    static func others(than outcome: Measure, of columns: Int) -> [Int] {
        let used =
            switch outcome {
            case .mean(let column): [column]
            case .ratio(let numerator, let denominator, _): [numerator, denominator]
            }
        return (0..<columns).filter { !used.contains($0) }
    }

    /// The slopes of column 0 on the rest, from products added over the parts.
    static func solve(_ parts: [CoMoments]) throws(StatisticsError) -> [Double] {
        guard let first = parts.first else { return [] }
        let size = first.columns - 1
        func sum(_ i: Int, _ j: Int) -> DoubleDouble { parts.reduce(DoubleDouble.zero) { $0 + DoubleDouble($1[i, j]) } }
        for j in 0..<size where !(sum(j + 1, j + 1).high > 0) { throw .noVariance(argument: "covariates[\(j)]") }
        do {
            let matrix = (0..<(size * size)).map { sum($0 / size + 1, $0 % size + 1) }
            // The products are doubles: what is left of a square at 1e-12 of it is rounding.
            let factor = try Cholesky(matrix, size: size, tolerance: 1e-12)
            return factor.solve((0..<size).map { sum($0 + 1, 0) }).map(\.rounded)
        } catch {
            throw .collinear(argument: "covariates[\(error.column)]")
        }
    }
}
