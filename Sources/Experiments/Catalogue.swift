/// All experiments, and the layers and holdouts they are in, each in the order they were made.
package struct Catalogue: Hashable, Sendable {
    /// The experiments, the oldest first.
    package private(set) var experiments: [Experiment] = []
    /// The layers, the oldest first.
    package internal(set) var layers: [Layer] = []
    /// The holdouts, the oldest first.
    package internal(set) var holdouts: [Holdout] = []

    /// A catalogue of the given experiments, whose keys must differ, and of what they are in.
    package init(
        _ experiments: [Experiment] = [], layers: [Layer] = [], holdouts: [Holdout] = []
    ) throws(ExperimentError) {
        for holdout in holdouts { try add(holdout) }
        for layer in layers { try add(layer) }
        for experiment in experiments { try add(experiment) }
    }

    private init() {}

    /// A catalogue without experiments.
    package static let empty = Catalogue()

    /// The experiment of a key.
    package func experiment(_ key: ExperimentKey) throws(ExperimentError) -> Experiment {
        guard let experiment = experiments.first(where: { $0.key == key }) else { throw .unknownKey(key) }
        return experiment
    }

    /// Adds an experiment under a new key.
    package mutating func add(_ experiment: Experiment) throws(ExperimentError) {
        guard !experiments.contains(where: { $0.key == experiment.key }) else { throw .duplicateKey(experiment.key) }
        if let slots = experiment.layer { _ = try layer(slots.layer) }
        if let name = experiment.holdout { _ = try holdout(name) }
        var experiment = experiment
        if experiment.targeting != nil, experiment.targetSequence == nil {
            experiment.targetSequence = 1 + (experiments.compactMap(\.targetSequence).max() ?? 0)
        }
        experiments.append(experiment)
    }

    /// Puts the experiment that was added last in another place.
    mutating func moveLast(to index: Int) {
        guard let last = experiments.popLast() else { return }
        experiments.insert(last, at: min(index, experiments.count))
    }

    /// Takes a draft out, of which no device knows; its key may be used again.
    package mutating func removeDraft(_ key: ExperimentKey) throws(ExperimentError) {
        let state = try experiment(key).state
        guard state == .draft else { throw .wrongState(key, state: state, change: "deleted") }
        experiments.removeAll { $0.key == key }
    }

    /// Changes the experiment of a key; a change that throws leaves the catalogue as it was.
    package mutating func change(
        _ key: ExperimentKey, _ change: (inout Experiment) throws -> Void
    ) throws {
        guard let index = experiments.firstIndex(where: { $0.key == key }) else { throw ExperimentError.unknownKey(key) }
        var changed = experiments[index]
        try change(&changed)
        experiments[index] = changed
    }

    /// Forces nobody any more of those who are to be forgotten: what stood for each of them, and what stands for it from now on, if anything.
    package mutating func forget(_ units: [String: String?]) {
        for index in experiments.indices { experiments[index].forget(units) }
    }
}
