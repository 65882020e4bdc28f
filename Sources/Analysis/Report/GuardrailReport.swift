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
    /// What the data allow it to be, which the margin is held against.
    package let interval: ConfidenceInterval?
    package let outcome: Outcome
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
        (estimate, interval, outcome) = (nil, nil, .open)
        let problems = metric?.problems ?? []
        problem = problems.first { $0.hasPrefix("\(treatment) is not compared") } ?? problems.first ?? "\(treatment) is not compared"
    }

    /// Holds what was found against a margin, by an interval: on either side it is a test at half of one minus its level.
    ///
    /// A share of the control's mean is as uncertain as that mean. So it is no number that the difference is held against: tested is whether
    /// treatment - (1 - margin) · control is above zero, with the variance of both, which is whether Fieller's interval of the lift
    /// (``RelativeLift``; Koopman's for shares, that of the confidence sequence for any look) lies above -margin. Where the control may be
    /// zero that interval has no bounds, and neither has the margin: then nothing is shown.
    private init(_ comparison: MetricReport.Comparison, of metric: MetricReport, margin: Plan.Amount) {
        let base = comparison.values(in: metric.groups).control ?? 0
        self.metric = metric.name
        treatment = comparison.treatment
        scale = metric.scale
        self.margin = margin.isRelative ? margin.value * abs(base) : margin.value
        relativeMargin = margin.isRelative ? margin.value : nil
        estimate = margin.isRelative ? comparison.lift : comparison.difference
        interval = margin.isRelative ? comparison.liftInterval : comparison.interval
        problem = nil
        // Of a control below zero a positive lift is a fall.
        let isRise = !margin.isRelative || base > 0
        outcome =
            interval.map { interval in
                let (low, high) = metric.higherIsBetter == isRise ? (interval.low, interval.high) : (-interval.high, -interval.low)
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

    /// In a line: `minutes of b: held (difference -1.2 %, interval -2.1 % to -0.3 %, may be worse by 5 %, of the control's value)`.
    package var text: String {
        if let problem { return "\(metric) of \(treatment): \(outcome.rawValue) (\(problem); may be worse by \(allowed))" }
        let figures = ["difference \(found)", "interval \(range)", "may be worse by \(allowed)", base].compactMap(\.self)
        return "\(metric) of \(treatment): \(outcome.rawValue) (\(figures.joined(separator: ", ")))"
    }
}
