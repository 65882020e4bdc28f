import Analysis
import Experiments
import HTTPServer
import Text

/// How an experiment stands, at a glance.
struct ExperimentStanding: Sendable {
    /// Whether it says what is to be known of it.
    let hasPlan: Bool
    let isFinished: Bool
    /// What is thought of it, once there are results.
    var verdict: VerdictRule?
    /// How far it is on the way to its planned size, once there are results.
    var size: PlannedSize?

    init(_ experiment: Experiment, results: LiveResults?) {
        hasPlan = experiment.plan != nil
        isFinished = experiment.state == .finished
        verdict = hasPlan ? results?.verdict(of: experiment.key)?.rule : nil
        size = hasPlan ? results?.results(of: experiment.key)?.size : nil
    }

    /// The verdict as a chip.
    var verdictChip: HTML {
        guard hasPlan else { return "<span class=\"quiet\">no plan</span>" }
        guard let verdict else { return "<span class=\"quiet\">no results yet</span>" }
        if isFinished, verdict.decision == .keepRunning { return "<span class=\"quiet\">ended without a verdict</span>" }
        let style =
            switch verdict.decision {
            case .ship: "running"
            case .doNotShip, .invalid: "alarm"
            case .keepRunning: ""
            }
        let variant: HTML? = verdict.variant.map { ": \($0)" }
        return "<span class=\"chip \(style)\">\(verdict.decision.rawValue)\(variant)</span>"
    }

    /// What the verdict was on an experiment that is finished, in a sentence.
    var lastVerdict: String {
        guard hasPlan else { return "It had no plan, so there was no verdict." }
        guard let verdict, verdict.decision != .keepRunning else { return "It ended without a verdict." }
        return "The verdict was “\(verdict.decision.rawValue)\(verdict.variant.map { " ‘\($0)’" } ?? "")”."
    }

    /// How long it takes to the planned size, or how far it is where that is not known; nil if no size is planned.
    var timeLeft: HTML? {
        guard let size, let planned = size.planned, !isFinished else { return nil }
        let counts = "\(Figures.count(size.units)) of \(Figures.counted(planned, "unit", "units"))"
        let text = size.isReached == true ? "planned size reached" : size.timeLeft ?? counts
        return " <span class=\"quiet summary\">\(text)</span>"
    }
}
