import Analysis
import Experiments
import HTTPServer

/// How an experiment stands, at a glance.
struct ExperimentStanding: Sendable {
    /// Whether it says what is to be known of it.
    let hasPlan: Bool
    /// What is thought of it, once there are results.
    var verdict: VerdictRule?

    init(_ experiment: Experiment, results: LiveResults?) {
        hasPlan = experiment.plan != nil
        verdict = hasPlan ? results?.verdict(of: experiment.key) : nil
    }

    /// The verdict as a chip.
    var verdictChip: HTML {
        guard hasPlan else { return "<span class=\"quiet\">no plan</span>" }
        guard let verdict else { return "<span class=\"quiet\">no results yet</span>" }
        let style =
            switch verdict.decision {
            case .ship: "running"
            case .doNotShip, .invalid: "alarm"
            case .keepRunning: ""
            }
        let variant: HTML? = verdict.variant.map { ": \($0)" }
        return "<span class=\"chip \(style)\">\(verdict.decision.rawValue)\(variant)</span>"
    }
}
