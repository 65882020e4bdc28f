import Statistics

/// What a margin that is a share of the control's value is held against: a treatment beside multiples of its control.
///
/// Each multiple has a test of its own, which divides by nothing: of estimates a t test of the linear combination (``ScaledDifference``), of
/// shares the score test of a ratio, for any look the confidence sequence of either. The interval of the lift holds those that are not
/// rejected; where that has no bounds, as the control may be zero, the tests still decide.
struct MarginEvidence: Sendable {
    private enum Source {
        case estimates(treatment: Estimate, control: Estimate, count: Int)
        case shares(StratifiedProportionTest, count: Int)
    }

    private let source: Source
    private let level: Double
    /// Of what may be looked at any time.
    private let tuning: ConfidenceSequence.Tuning?
    /// Those that the control's value may have.
    private let signs: [Double]

    /// Two shares, of which the first is the treatment's.
    ///
    /// - Parameter count: how many units both rest on.
    init(shares: StratifiedProportionTest, count: Int, level: Double, tuning: ConfidenceSequence.Tuning?) {
        (source, self.level, self.tuning) = (.shares(shares, count: count), level, tuning)
        signs = [1]
    }

    /// Two estimates.
    ///
    /// - Parameters:
    ///   - count: how many units both rest on.
    ///   - lift: the interval of the lift at this level, which has bounds where the control's value is not zero.
    init(
        treatment: Estimate, control: Estimate, count: Int, lift: ConfidenceInterval?, level: Double, tuning: ConfidenceSequence.Tuning?
    ) {
        (source, self.level, self.tuning) = (.estimates(treatment: treatment, control: control, count: count), level, tuning)
        let isSignKnown = lift.map { $0.low.isFinite && $0.high.isFinite } ?? false
        signs = isSignKnown ? [control.value < 0 ? -1 : 1] : [1, -1]
    }

    /// Whether a treatment is shown to be worse by less than a share of the control's value, by more, or neither; and the two-sided p-value.
    ///
    /// Worse by the share m of what is below zero is below 1 + m times it. Where the sign is not known, both must be shown.
    func outcome(margin: Double, higherIsBetter: Bool) -> (outcome: GuardrailReport.Outcome, pValue: Double)? {
        var (pValue, outcomes) = (0.0, Set<GuardrailReport.Outcome>())
        for sign in signs {
            guard let (statistic, p) = test(lift: (higherIsBetter ? -sign : sign) * margin) else { return nil }
            pValue = max(pValue, p)
            outcomes.insert((statistic > 0) == higherIsBetter ? .held : .broken)
        }
        guard let outcome = outcomes.first, outcomes.count == 1 else { return (.open, 1) }
        return (pValue < 1 - level ? outcome : .open, pValue)
    }

    /// How far the treatment is above 1 + `lift` times the control, and the p-value against its being just that.
    private func test(lift: Double) -> (statistic: Double, pValue: Double)? {
        switch source {
        case .shares(let test, let count):
            // No share is below zero.
            if lift < -1 { return (.infinity, 0) }
            let multiple = test.estimate - lift * test.second
            guard let tuning else { return (try? test.pValue(lift: lift)).map { (multiple, $0) } }
            return (try? TwoProportionSequence(test, count: count, tuning: tuning).pValue(lift: lift)).map { (multiple, $0) }
        case .estimates(let treatment, let control, let count):
            guard let test = try? ScaledDifference(treatment: treatment, control: control, lift: lift) else { return nil }
            guard let tuning else { return (test.statistic, test.pValue) }
            return (try? ConfidenceSequence(test, count: count, tuning: tuning)).map { (test.statistic, $0.pValue) }
        }
    }
}
