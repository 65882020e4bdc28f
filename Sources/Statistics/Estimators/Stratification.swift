/// A treatment and its control compared within strata: epochs of other weights, countries that were dealt by themselves.
///
/// Where both the variants' shares and what units do differ from stratum to stratum, the difference of the means over all units is no effect
/// of the treatment (Simpson's paradox). Here each variant's mean is put together from those within the strata, by the same shares for both:
/// n₁n₀/(n₁ + n₀), by which least squares on the variant and the stratum weighs them. They are the best there are for an effect that is alike
/// in all strata; else the effect counts where both variants were. J. D. Angrist, "Estimating the labor market impact of voluntary military
/// service using Social Security data on military applicants", Econometrica 66 (1998), doi:10.2307/2998558; of shares these are the weights of
/// N. Mantel and W. Haenszel (1959). ``PostStratification`` weighs by the population instead, and pays for strata with few units of a variant.
///
/// The result are co-moments whose means and variances are those of the estimate, so whatever takes co-moments goes on from there; ``effect(on:)`` knows
/// as well how far the strata let their variance be known.
public struct Stratification: Equatable, Sendable {
    /// One stratum.
    public struct Stratum: Equatable, Sendable {
        /// The treated units in it.
        public let treatment: CoMoments
        /// The control units in it.
        public let control: CoMoments

        /// A stratum of units that were measured alike.
        public init(treatment: CoMoments, control: CoMoments) { (self.treatment, self.control) = (treatment, control) }

        fileprivate var weight: Double { Stratification.weight(treatment.count, control.count) }
        fileprivate var units: Int { treatment.count + control.count }
    }

    /// The treatment as if its units had come by the strata's shares.
    ///
    /// Its `count` is one more than the degrees of freedom that the strata leave, its covariances are such that they give the variance of the
    /// means.
    public let treatment: CoMoments
    /// The control, likewise.
    public let control: CoMoments
    /// The strata that were compared.
    public let strata: Int
    /// The units in them.
    public let units: Int
    /// The units of strata with fewer than two units of either variant, of which no variance is known.
    public let unitsLeftOut: Int
    /// How many units would tell as much if all had been dealt as those of the first stratum: the clock of a sequential test.
    ///
    /// As long as there is one stratum these are its units; a change of shares does not set the clock.
    public let equivalentUnits: Double

    /// A stratum that was compared, and how it counts.
    private struct Part: Equatable {
        let share: Double
        let stratum: Stratum
    }

    private let parts: [Part]

    /// Puts strata together, in the order in which they came.
    ///
    /// - Throws: `noOverlap` where no stratum has two units of both variants, `countMismatch` where strata differ in their columns.
    public init(_ strata: [Stratum]) throws(StatisticsError) {
        guard let columns = strata.first?.treatment.columns else { throw .empty(argument: "strata") }
        for (index, stratum) in strata.enumerated() {
            for (name, side) in [("treatment", stratum.treatment), ("control", stratum.control)] where side.columns != columns {
                throw .countMismatch(argument: "strata[\(index)].\(name)", count: side.columns, expected: columns)
            }
        }
        let used = strata.filter { $0.treatment.count > 1 && $0.control.count > 1 }
        guard let first = used.first else { throw .noOverlap(argument: "strata") }
        let total = used.reduce(0) { $0 + $1.weight }
        let parts = used.map { Part(share: $0.weight / total, stratum: $0) }
        treatment = try Stratification.combine(parts, \.treatment)
        control = try Stratification.combine(parts, \.control)
        self.parts = parts
        self.strata = used.count
        units = used.reduce(0) { $0 + $1.units }
        unitsLeftOut = strata.reduce(0) { $0 + $1.units } - units
        equivalentUnits = total / first.weight * Double(first.units)
    }

    /// How much so many units of two samples tell of their difference: n₁n₀/(n₁ + n₀).
    static func weight(_ first: Int, _ second: Int) -> Double { Double(first) * (Double(second) / (Double(first) + Double(second))) }

    /// The effect on a measure, its degrees of freedom by Satterthwaite over all strata of both variants.
    ///
    /// A stratum of few units from which most of the variance comes leaves no more of them than it has itself, however many units there are in others.
    public func effect(on measure: Measure) throws(StatisticsError) -> Effect {
        try Effect(
            treatment: estimate(treatment.linearized(measure), \.treatment), control: estimate(control.linearized(measure), \.control))
    }

    /// The effect on a measure freed of what covariates from before foretold of it: every column that it does not use is one.
    public func adjustedEffect(on measure: Measure) throws(StatisticsError) -> Effect {
        let cuped = try CUPED(treatment: treatment, control: control, outcome: measure)
        let covariates = zip(CUPED.others(than: measure, of: treatment.columns), cuped.slopes)
        func adjusted(
            _ side: CoMoments, _ value: Double, _ variant: KeyPath<Stratum, CoMoments>
        ) throws(StatisticsError) -> Estimate {
            var terms = try side.linearized(measure).terms
            for (column, slope) in covariates { terms.append(CoMoments.Term(column: column, weight: -slope)) }
            return estimate((value, terms), variant)
        }
        return try Effect(
            treatment: adjusted(treatment, cuped.variants[1].mean, \.treatment),
            control: adjusted(control, cuped.variants[0].mean, \.control))
    }

    private func estimate(
        _ measured: (value: Double, terms: [CoMoments.Term]), _ variant: KeyPath<Stratum, CoMoments>
    ) -> Estimate {
        Estimate(
            validated: measured.value,
            parts: parts.map { part in
                let units = part.stratum[keyPath: variant]
                let variance = units.covariance(measured.terms, measured.terms) / Double(units.count)
                return (part.share * part.share * variance, Double(units.count - 1))
            })
    }

    private static func combine(_ parts: [Part], _ variant: KeyPath<Stratum, CoMoments>) throws(StatisticsError) -> CoMoments {
        var freedom = 0
        var means: [Double] = []
        var variances: [Double] = []
        for part in parts {
            let (share, units) = (part.share, part.stratum[keyPath: variant])
            if means.isEmpty {
                means = units.means.map { _ in 0 }
                variances = units.products.map { _ in 0 }
            }
            freedom += units.count - 1
            let size = units.columns
            for i in 0..<size {
                means[i] += share * units.means[i]
                for j in 0..<size { variances[i * size + j] += share * share * units.covariance(i, j) / Double(units.count) }
            }
        }
        return try CoMoments(derived: freedom + 1, means: means, covariances: variances.map { $0 * Double(freedom + 1) })
    }
}
