internal import Statistics

/// What was found about a test, and from what.
package struct EffectFinding: Sendable {
    /// A figure with its interval of 95 per cent.
    package struct Estimate: Sendable {
        package let value: Double
        package let low: Double
        package let high: Double

        init(_ value: Double, standardError: Double) {
            self.value = value
            low = value - 1.959_963_984_540_054 * standardError
            high = value + 1.959_963_984_540_054 * standardError
        }

        func scaled(by factor: Double) -> Estimate {
            Estimate(value: value * factor, low: low * factor, high: high * factor)
        }

        private init(value: Double, low: Double, high: Double) {
            (self.value, self.low, self.high) = (value, low, high)
        }
    }

    /// Who is in a group.
    package struct Group: Sendable {
        package let customers: Int
        /// Revenue per person in the pilot, and before it in a window of the same length.
        package let pilot: Double
        package let before: Double
        package let shareOfGenderOne: Double
        package let age: Double
        /// Customers whose sum in the pilot was cut.
        package let cut: Int
    }

    package let hasEffect: Bool
    /// Why it was decided so, in one sentence.
    package let reason: String
    package let posterior: EffectPosterior
    package let belief: EffectBelief
    /// One-sided, of no effect.
    package let pValue: Double
    /// B less what was expected, in standard errors: by signal, and for the best combination of signals for each kind of effect.
    package let signals: [Double]
    package let kinds: [Double]
    /// Revenue per person, B less what it would have been: adjusted for what was expected of each customer.
    package let adjusted: Estimate
    /// The same as a share of the groups A.
    package let adjustedLift: Estimate
    /// The relative lift where each customer counts by how predictable they are.
    package let steadyLift: Estimate
    /// B less A as it is.
    package let naive: Estimate
    package let naivePValue: Double
    /// The second group A less the first, adjusted, and how surprising that is.
    package let betweenA: Estimate
    package let betweenAPValue: Double
    package let groups: [Group]
    /// B less A before the pilot, in standard deviations.
    package let imbalance: Double
    package let oddities: Oddities
}

extension EffectFinding {
    init(
        _ membership: Membership, _ summary: TestSummary, _ likelihood: TestLikelihood, _ belief: EffectBelief, rule: DecisionRule,
        table: SignalTable, directions: EffectDirections
    ) {
        let posterior = EffectPosterior(likelihood, belief)
        let combined = CombinedTest(likelihood)
        self.posterior = posterior
        self.belief = belief
        pValue = combined.pValue
        kinds = combined.statistics
        signals = (0..<Signal.count).map { likelihood.difference[$0] / likelihood.covariance[$0 * Signal.count + $0].squareRoot() }
        switch rule {
        case .likelier:
            hasEffect = posterior.positive > 0.5
            reason = EffectFinding.reason(posterior)
        case .significance(let alpha):
            hasEffect = combined.pValue < alpha
            reason = "The one-sided p-value \(EffectFinding.short(combined.pValue)) is \(hasEffect ? "below" : "not below") \(alpha)."
        }
        var a = membership.groups[0]
        a.add(membership.groups[1])
        let b = membership.groups[2]
        let unit = table.unit
        let revenue = Signal.revenue
        let error = likelihood.covariance[revenue * Signal.count + revenue].squareRoot()
        adjusted = Estimate(likelihood.difference[revenue], standardError: error).scaled(by: unit)
        let base = a.mean(SignalTable.pilotLane)
        adjustedLift = adjusted.scaled(by: base > 0 ? 1 / (base * unit) : 0)
        let steady = directions.vectors[0][0]
        steadyLift = Estimate(likelihood.difference[0], standardError: likelihood.covariance[0].squareRoot())
            .scaled(by: steady > 0 ? 1 / steady : 0)
        let lane = SignalTable.pilotLane
        let naiveError = (a.variance(lane) / Double(max(1, a.count)) + b.variance(lane) / Double(max(1, b.count))).squareRoot()
        let naiveDifference = b.mean(lane) - base
        naive = Estimate(naiveDifference, standardError: naiveError).scaled(by: unit)
        naivePValue = naiveError > 0 ? Normal.standard.survival(naiveDifference / naiveError) : 1
        let gap = summary.a2[revenue] - summary.a1[revenue]
        let perCustomer = summary.varianceOfA[revenue * Signal.count + revenue] * Double(a.count)
        let gapError = membership.groups.prefix(2).reduce(0) { $0 + perCustomer / Double(max(1, $1.count)) }.squareRoot()
        betweenA = Estimate(gap, standardError: gapError).scaled(by: unit)
        betweenAPValue = gapError > 0 ? min(1, 2 * Normal.standard.survival(abs(gap / gapError))) : 1
        groups = membership.groups.map { Group($0, unit: unit) }
        let before = SignalTable.beforeLane
        let deviation = ((a.variance(before) + b.variance(before)) / 2).squareRoot()
        imbalance = deviation > 0 ? (b.mean(before) - a.mean(before)) / deviation : 0
        oddities = membership.oddities
    }

    private static func reason(_ posterior: EffectPosterior) -> String {
        let share = short(posterior.positive)
        return posterior.positive > 0.5
            ? "A positive effect has the probability \(share): it is likelier than not."
            : "A positive effect has the probability \(share), no effect \(short(posterior.zero)), a negative one \(short(posterior.negative))."
    }

    private static func short(_ number: Double) -> String {
        let thousandths = Int((number * 1000).rounded())
        return thousandths == 0 && number > 0 ? "below 0.001" : String(Double(thousandths) / 1000)
    }
}

extension EffectFinding.Group {
    init(_ moments: GroupMoments, unit: Double) {
        let count = Double(max(1, moments.count))
        customers = moments.count
        pilot = moments.mean(SignalTable.pilotLane) * unit
        before = moments.mean(SignalTable.beforeLane) * unit
        shareOfGenderOne = Double(moments.people.ofGenderOne) / count
        age = Double(moments.people.ages) / count
        cut = moments.people.cut
    }
}
