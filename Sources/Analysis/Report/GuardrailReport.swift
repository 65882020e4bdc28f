import Experiments
package import Statistics
import Text

/// A metric that must not get worse by more than a margin.
package struct GuardrailReport: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable {
        /// It is shown not to be worse by the margin.
        case held
        /// It is shown to be worse by more than the margin.
        case broken
        /// Neither is shown.
        case open
    }

    package let metric: String
    package let treatment: String
    /// In units of the metric; of a relative one, what it comes to at the control's value as measured.
    package let margin: Double
    /// As a share of the control's value; nil of a margin in units of the metric.
    package let relativeMargin: Double?
    /// What was found: the lift where the margin is relative, else the difference; nil where it cannot be told.
    package let estimate: Double?
    /// What the data allow it to be.
    ///
    /// Of a lift it has no bounds where the control may be zero; the outcome does not rest on it.
    package let interval: ConfidenceInterval?
    package let outcome: Outcome
    /// Of the test of a relative margin, two-sided: against being worse by just that; nil of a margin in units of the metric.
    package let pValue: Double?
    /// How figures of the metric are written.
    package let scale: FigureScale
    /// Why nothing was found, where that is so.
    package let problem: String?

    /// The outcome for every treatment, whether or not it could be compared: what cannot be told is not shown to be held.
    static func all(_ plan: Plan, _ metrics: [MetricReport], treatments: some Sequence<String>) -> [GuardrailReport] {
        plan.guardrails.flatMap { guardrail in
            let metric = metrics.first { $0.name == guardrail.metric.text }
            return treatments.map { treatment in
                guard let metric, let comparison = metric.comparisons.first(where: { $0.treatment == treatment }) else {
                    return GuardrailReport(guardrail.metric.text, of: treatment, margin: guardrail.margin, metric)
                }
                return GuardrailReport(comparison, of: metric, margin: guardrail.margin)
            }
        }
    }

    /// That a treatment was not compared, and why.
    private init(_ name: String, of treatment: String, margin: Plan.Amount, _ metric: MetricReport?) {
        self.metric = name
        self.treatment = treatment
        scale = metric?.scale ?? .plain
        let base = metric?.groups.first?.mean ?? 0
        self.margin = margin.isRelative ? margin.value * abs(base) : margin.value
        relativeMargin = margin.isRelative ? margin.value : nil
        (estimate, interval, outcome, pValue) = (nil, nil, .open, nil)
        let problems = metric?.problems ?? []
        problem = problems.first { $0.hasPrefix("\(treatment) is not compared") } ?? problems.first ?? "\(treatment) is not compared"
    }

    /// Holds what was found against a margin.
    ///
    /// One in units of the metric is held against the interval of the difference: on either side that is a test at half of one minus its level. A
    /// share of the control's mean is as uncertain as that mean. So it is no number that the difference is held against: tested is whether
    /// treatment - (1 - margin) · control is above zero, with the variance of both (``MarginEvidence``). The interval of the lift, which
    /// is shown beside it, lies above -margin exactly then, if it has bounds at all.
    private init(_ comparison: MetricReport.Comparison, of metric: MetricReport, margin: Plan.Amount) {
        let base = comparison.values(in: metric.groups).control ?? 0
        self.metric = metric.name
        treatment = comparison.treatment
        scale = metric.scale
        self.margin = margin.isRelative ? margin.value * abs(base) : margin.value
        relativeMargin = margin.isRelative ? margin.value : nil
        estimate = margin.isRelative ? comparison.lift : comparison.difference
        interval = margin.isRelative ? comparison.liftInterval : comparison.interval
        let found =
            margin.isRelative
            ? comparison.margin?.outcome(margin: margin.value, higherIsBetter: metric.higherIsBetter)
            : nil
        pValue = found?.pValue
        problem = comparison.margin == nil ? "it is tested by ranks, which tell no difference that a margin could be held against" : nil
        outcome =
            found?.outcome
            ?? (margin.isRelative ? nil : interval).map { interval in
                let (low, high) = metric.higherIsBetter ? (interval.low, interval.high) : (-interval.high, -interval.low)
                return low > -margin.value ? .held : high < -margin.value ? .broken : .open
            } ?? .open
    }
}

extension GuardrailReport {
    /// What was found, in a cell of a table: `-1.2 %` of a relative margin.
    package var found: String { estimate.map { relativeMargin == nil ? scale.cell($0) : Figures.percent($0) } ?? "–" }

    /// Its interval.
    package var range: String { interval.map { relativeMargin == nil ? scale.cell($0) : $0.relativeRange } ?? "–" }

    /// By how much it may be worse.
    package var allowed: String { relativeMargin.map { Figures.percent($0) } ?? scale.cell(margin) }

    /// What percentages are shares of; nil where there are none.
    package var base: String? { relativeMargin == nil ? nil : "of the control's value" }

    /// What is to be said of it: why nothing was found, or what it was decided by where no interval shows that.
    package var note: String? {
        guard problem == nil, let pValue, !(interval?.low.isFinite ?? false) else { return problem }
        let why = interval == nil && estimate != nil ? "the treatment is 0, and nothing in it varies" : "the control may be zero"
        return "\(why), so the margin is tested by itself: \(Figures.pValue(pValue))"
    }

    /// In a line: `minutes of b: held (difference -1.2 %, interval -2.1 % to -0.3 %, may be worse by 5 %, of the control's value)`.
    package var text: String {
        if let problem { return "\(metric) of \(treatment): \(outcome.rawValue) (\(problem); may be worse by \(allowed))" }
        let figures = ["difference \(found)", "interval \(range)", "may be worse by \(allowed)", base, note].compactMap(\.self)
        return "\(metric) of \(treatment): \(outcome.rawValue) (\(figures.joined(separator: ", ")))"
    }
}
