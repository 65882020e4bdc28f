internal import Statistics

/// What was found about a test, and from what.
package struct EffectFinding: Sendable {
    /// A figure with its interval of 95 per cent, whose ends are infinite where nothing is known of how uncertain it is.
    package struct Estimate: Sendable {
        package let value: Double
        package let low: Double
        package let high: Double

        package var hasEnds: Bool { low.isFinite && high.isFinite }

        init(_ value: Double, standardError: Double) {
            self.value = value
            low = value - 1.959_963_984_540_054 * standardError
            high = value + 1.959_963_984_540_054 * standardError
        }

        func scaled(by factor: Double) -> Estimate {
            Estimate(value: value * factor, low: low * factor, high: high * factor)
        }

        fileprivate init(value: Double, low: Double, high: Double) {
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
    /// The same as a share of the groups A; nil if they spent nothing.
    package let adjustedLift: Estimate?
    /// The relative lift where each customer counts by how predictable they are.
    package let steadyLift: Estimate
    /// B less A as it is, by Welch's t test, and its one-sided p-value; without ends, and 1, where a group alone does not tell how it varies.
    package let naive: Estimate
    package let naivePValue: Double
    /// The second group A less the first, adjusted, and how surprising that is; without ends, and 1, where one of them is empty, since each
    /// customer counts once.
    package let betweenA: Estimate
    package let betweenAPValue: Double
    package let groups: [Group]
    /// B less A before the pilot, in standard deviations; nil where customers did not vary.
    package let imbalance: Double?
    package let oddities: Oddities
}

extension EffectFinding {
    init(
        _ membership: Membership, _ summary: TestSummary, _ likelihood: TestLikelihood, _ belief: EffectBelief, rule: DecisionRule,
        table: SignalTable, directions: EffectDirections
    ) {
        var a = membership.groups[0]
        a.add(membership.groups[1])
        let b = membership.groups[2]
        // What one customer did in a week is told from nothing by no size of effect, however odd the week was.
        let isJudged = b.count > 1
        let posterior = isJudged ? EffectPosterior(likelihood, belief) : .undecidable(belief)
        let combined = CombinedTest(likelihood)
        self.posterior = posterior
        self.belief = belief
        pValue = combined.pValue
        kinds = combined.statistics
        signals = (0..<Signal.count).map { likelihood.difference[$0] / likelihood.covariance[$0 * Signal.count + $0].squareRoot() }
        switch rule {
        case _ where !isJudged:
            hasEffect = false
            reason = "Group B is a single customer, and what one customer spends shows no effect of a pilot."
        case .likelier:
            hasEffect = posterior.positive > 0.5
            reason = EffectFinding.reason(posterior)
        case .significance(let alpha):
            hasEffect = combined.pValue < alpha
            reason = "The one-sided p-value \(EffectFinding.short(combined.pValue)) is \(hasEffect ? "below" : "not below") \(alpha)."
        }
        let unit = table.unit
        let revenue = Signal.revenue
        let error = likelihood.covariance[revenue * Signal.count + revenue].squareRoot()
        adjusted = Estimate(likelihood.difference[revenue], standardError: error).scaled(by: unit)
        let base = a.mean(SignalTable.pilotLane)
        adjustedLift = base > 0 ? adjusted.scaled(by: 1 / (base * unit)) : nil
        let steady = directions.vectors[0][0]
        steadyLift = Estimate(likelihood.difference[0], standardError: likelihood.covariance[0].squareRoot())
            .scaled(by: steady > 0 ? 1 / steady : 0)
        (naive, naivePValue) = EffectFinding.naive(a, b, unit: unit)
        let gap = summary.a2[revenue] - summary.a1[revenue]
        let perCustomer = summary.varianceOfA[revenue * Signal.count + revenue] * Double(a.count)
        let gapError = membership.groups.prefix(2).reduce(0) { $0 + perCustomer / Double($1.count) }.squareRoot()
        betweenA = Estimate(gap, standardError: gapError).scaled(by: unit)
        betweenAPValue = gapError > 0 ? min(1, 2 * Normal.standard.survival(abs(gap / gapError))) : 1
        groups = membership.groups.map { Group($0, unit: unit) }
        imbalance = EffectFinding.imbalance(a, b)
        oddities = membership.oddities
    }

    /// The difference of what was spent, as somebody would compare it who knows nothing else.
    private static func naive(_ a: GroupMoments, _ b: GroupMoments, unit: Double) -> (Estimate, pValue: Double) {
        let (lane, difference) = (SignalTable.pilotLane, b.mean(SignalTable.pilotLane) - a.mean(SignalTable.pilotLane))
        func summary(_ group: GroupMoments) throws(StatisticsError) -> Summary {
            try Summary(mean: group.mean(lane), variance: group.variance(lane), count: group.count)
        }
        guard let test = try? WelchTTest(summary(b), summary(a)), let interval = try? test.confidenceInterval(level: 0.95) else {
            return (Estimate(difference, standardError: .infinity).scaled(by: unit), 1)
        }
        return (Estimate(value: difference, low: interval.low, high: interval.high).scaled(by: unit), test.pValue(.greater))
    }

    /// How far apart the groups were before the pilot; a group of one has no deviation of its own.
    private static func imbalance(_ a: GroupMoments, _ b: GroupMoments) -> Double? {
        let before = SignalTable.beforeLane
        let variances = [a, b].filter { $0.count > 1 }.map { $0.variance(before) }
        let deviation = (variances.reduce(0, +) / Double(max(1, variances.count))).squareRoot()
        return deviation > 0 ? (b.mean(before) - a.mean(before)) / deviation : nil
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
