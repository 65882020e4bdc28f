/// Post-stratification: variants are compared within strata, and the strata put together by their share of the population.
///
/// L. W. Miratrix, J. S. Sekhon and B. Yu, "Adjusting treatment effect estimates by post-stratification in randomized experiments", Journal
/// of the Royal Statistical Society B 75 (2013), doi:10.1111/j.1467-9868.2012.01048.x. The variance is that given the strata's sizes.
public struct PostStratification: Sendable {
    /// A part of the population, known before the experiment.
    public struct Stratum: Sendable {
        /// The treated units in it.
        public let treatment: Summary
        /// The control units in it.
        public let control: Summary
        /// Its weight in the population; only the weights' proportions matter.
        public let weight: Double

        /// A stratum; without a weight, the units seen in it are its weight.
        public init(treatment: Summary, control: Summary, weight: Double? = nil) {
            (self.treatment, self.control) = (treatment, control)
            self.weight = weight ?? Double(treatment.count + control.count)
        }
    }

    /// The strata, in the order given.
    public let strata: [Stratum]
    /// The mean outcome of the treatment over the population.
    public let treatment: Estimate
    /// The mean outcome of the control over the population.
    public let control: Estimate

    /// Puts strata together; each has at least two units of either variant.
    public init(_ strata: [Stratum]) throws(StatisticsError) {
        guard !strata.isEmpty else { throw .empty(argument: "strata") }
        var total = 0.0
        for (index, stratum) in strata.enumerated() {
            try Require.count(stratum.treatment.count, "strata[\(index)].treatment", atLeast: 2)
            try Require.count(stratum.control.count, "strata[\(index)].control", atLeast: 2)
            try Require.positive(stratum.weight, "strata[\(index)].weight")
            total += stratum.weight
        }
        try Require.finite(total, "sum of weights")
        self.strata = strata
        treatment = Self.combine(strata.map { ($0.weight / total, $0.treatment) })
        control = Self.combine(strata.map { ($0.weight / total, $0.control) })
    }

    /// The effect of the treatment.
    public func effect(nullValue: Double = 0) throws(StatisticsError) -> Effect {
        try Effect(treatment: treatment, control: control, nullValue: nullValue)
    }

    /// The effect within each stratum.
    public func effects() throws(StatisticsError) -> [Effect] {
        var effects: [Effect] = []
        for stratum in strata { effects.append(try Effect(treatment: stratum.treatment, control: stratum.control)) }
        return effects
    }

    private static func combine(_ parts: [(share: Double, summary: Summary)]) -> Estimate {
        Estimate(
            validated: parts.reduce(0) { $0 + $1.share * $1.summary.mean },
            parts: parts.map { part in
                (part.share * part.share * part.summary.variance / Double(part.summary.count), Double(part.summary.count - 1))
            })
    }
}
