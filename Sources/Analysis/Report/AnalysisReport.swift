import Warehouse

/// What came out of a plan.
package struct AnalysisReport: Sendable {
    package let experiment: String
    package let question: String?
    /// The metric that decides.
    package let primaryMetric: String
    /// How many units every variant has, the control first.
    package let units: [(variant: String, count: Int)]
    /// Of each fact that a metric rests on, whether some unit of the experiment told it so that it counts, of whatever value.
    package let told: [String: Bool]
    package let checks: [Check]
    package let metrics: [MetricReport]
    package let guardrails: [GuardrailReport]
    package let verdict: Verdict
    /// How differences went, where times are known and charts are asked for.
    package let courses: [Course]
    /// What the warehouse was asked.
    package let statements: [(purpose: String, text: String)]
    /// In which dialect.
    let dialect: Dialect
}
