/// What an experiment is made in, which is for ever once it is started.
package enum ExperimentScope: Hashable, Sendable {
    /// Nothing: for every new device.
    case everybody
    /// So many slots of a layer, under whose holdout it is then too.
    case slots(Int, of: ExperimentKey)
    /// A holdout.
    case under(ExperimentKey)
}

extension Catalogue {
    /// Adds an experiment under a new key.
    package mutating func add(_ experiment: Experiment, in scope: ExperimentScope) throws(ExperimentError) {
        switch scope {
        case .everybody: try add(experiment)
        case .slots(let count, let layer): try add(experiment, slots: count, of: layer)
        case .under(let holdout): try add(experiment, under: holdout)
        }
    }

    /// Puts a draft in the place of the draft of the same key, of which no device knows; testers' values stay where they are values still.
    package mutating func replaceDraft(by experiment: Experiment, in scope: ExperimentScope) throws(ExperimentError) {
        let old = try self.experiment(experiment.key)
        guard old.state == .draft else { throw .wrongState(old.key, state: old.state, change: "edited") }
        var changed = self
        try changed.removeDraft(old.key)
        try changed.add(experiment.forcing(old.forced), in: scope)
        changed.moveLast(to: experiments.firstIndex { $0.key == old.key } ?? experiments.count)
        self = changed
    }
}
