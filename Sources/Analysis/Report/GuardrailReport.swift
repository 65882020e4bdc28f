import Experiments
import Statistics

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
    /// In units of the metric.
    package let margin: Double
    package let outcome: Outcome

    /// The outcome for every treatment, from the interval of the difference.
    static func all(_ plan: Plan, _ metrics: [MetricReport]) -> [GuardrailReport] {
        plan.guardrails.flatMap { guardrail in
            guard let metric = metrics.first(where: { $0.name == guardrail.metric.text }) else { return [GuardrailReport]() }
            return metric.comparisons.map { comparison in
                let base = comparison.values(in: metric.groups).control ?? 0
                let margin = guardrail.margin.isRelative ? guardrail.margin.value * abs(base) : guardrail.margin.value
                guard let interval = comparison.interval else {
                    return GuardrailReport(metric: metric.name, treatment: comparison.treatment, margin: margin, outcome: .open)
                }
                // Turned so that low is bad.
                let (low, high) = metric.higherIsBetter ? (interval.low, interval.high) : (-interval.high, -interval.low)
                let outcome: Outcome = low > -margin ? .held : high < -margin ? .broken : .open
                return GuardrailReport(metric: metric.name, treatment: comparison.treatment, margin: margin, outcome: outcome)
            }
        }
    }
}
