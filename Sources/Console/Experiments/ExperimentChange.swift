import Enrollment
import Experiments

/// A change that somebody makes to an experiment: the same from the API and from the pages.
enum ExperimentChange: Sendable, Hashable {
    case start
    case pause
    case resume
    case reallocate(Allocation)
    case finish(winner: String?)
    /// With the plan that was seen, if that matters.
    case plan(String?, seen: PlanSight? = nil)
    case removePlan(seen: PlanSight? = nil)

    /// What the audit log calls a change of the plan.
    static let planAction = "change plan"

    /// What the audit log calls it.
    var action: String {
        switch self {
        case .start: "start"
        case .pause: "pause"
        case .resume: "resume"
        case .reallocate: "change variants"
        case .finish: "finish"
        case .plan, .removePlan: ExperimentChange.planAction
        }
    }

    func apply(to experiment: inout Experiment, _ context: ChangeContext) throws {
        switch self {
        case .start: try experiment.start(at: context.nextOrdinal, now: context.now)
        case .pause: try experiment.pause(at: context.nextOrdinal)
        case .resume: try experiment.resume(at: context.nextOrdinal)
        case .reallocate(let allocation): try experiment.reallocate(allocation, at: context.nextOrdinal, now: context.now)
        case .finish(let winner): try experiment.finish(winner: winner, at: context.nextOrdinal, now: context.now)
        case .plan(let text, let seen):
            try seen?.check(experiment)
            try experiment.analyse(by: text)
        case .removePlan(let seen):
            // Where there is none, that says more than that it is another.
            if experiment.plan != nil { try seen?.check(experiment) }
            try experiment.removePlan()
        }
    }
}

extension Registry {
    /// Makes a change, and gives the experiment as it is then.
    ///
    /// - Parameter sight: what the one who changes it saw; the change is refused if it is not so any more.
    func make(
        _ change: ExperimentChange, of key: ExperimentKey, actor: String, sight: ExperimentSight? = nil
    ) async throws -> Experiment {
        try await self.change(actor: actor, action: change.action) { catalogue, context in
            if let sight { try sight.check(catalogue.experiment(key)) }
            try catalogue.change(key) { try change.apply(to: &$0, context) }
            return try catalogue.experiment(key)
        }
    }
}
