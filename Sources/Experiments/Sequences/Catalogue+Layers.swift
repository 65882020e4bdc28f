extension Catalogue {
    // MARK: Layers

    /// The layer of a name.
    package func layer(_ name: ExperimentKey) throws(ExperimentError) -> Layer {
        guard let layer = layers.first(where: { $0.name == name }) else { throw .unknownLayer(name) }
        return layer
    }

    /// Adds a layer under a new name.
    package mutating func add(_ layer: Layer) throws(ExperimentError) {
        guard !layers.contains(where: { $0.name == layer.name }) else { throw .duplicateLayer(layer.name) }
        if let name = layer.holdout { _ = try holdout(name) }
        layers.append(layer)
    }

    /// Adds a layer that is new, so under no holdout that has ended.
    package mutating func make(_ layer: Layer) throws(ExperimentError) {
        if let name = layer.holdout, try holdout(name).released != nil { throw .releasedHoldout(name) }
        try add(layer)
    }

    /// Takes out a layer in which no experiment ever was.
    package mutating func removeLayer(_ name: ExperimentKey) throws(ExperimentError) {
        _ = try layer(name)
        if let user = experiments.first(where: { $0.layer?.layer == name }) { throw .inUse(name, by: user.key) }
        layers.removeAll { $0.name == name }
    }

    /// The slots of a layer that no experiment has which is not finished.
    package func freeSlots(of layer: Layer) -> [UInt64] {
        let taken = Set(experiments.filter { $0.state != .finished && $0.layer?.layer == layer.name }.flatMap { $0.layer?.slots ?? [] })
        return (0..<layer.slots).filter { !taken.contains($0) }
    }

    /// Adds an experiment and gives it free slots of a layer: the lowest ones.
    package mutating func add(_ experiment: Experiment, slots count: Int, of name: ExperimentKey) throws(ExperimentError) {
        let layer = try layer(name)
        let free = freeSlots(of: layer)
        guard count >= 1, count <= Int(layer.slots) else { throw .slotShare(count, layer: name, slots: layer.slots) }
        guard count <= free.count else { throw .noRoom(layer: name, wanted: count, free: free.count) }
        var experiment = experiment
        experiment.layer = LayerSlots(layer: name, slots: Array(free.prefix(count)), of: layer.slots)
        experiment.holdout = layer.holdout
        try add(experiment)
    }

    // MARK: Holdouts

    /// The holdout of a name.
    package func holdout(_ name: ExperimentKey) throws(ExperimentError) -> Holdout {
        guard let holdout = holdouts.first(where: { $0.name == name }) else { throw .unknownHoldout(name) }
        return holdout
    }

    /// Adds a holdout under a new name.
    package mutating func add(_ holdout: Holdout) throws(ExperimentError) {
        guard !holdouts.contains(where: { $0.name == holdout.name }) else { throw .duplicateHoldout(holdout.name) }
        holdouts.append(holdout)
    }

    /// Takes out a holdout under which nothing ever was.
    package mutating func removeHoldout(_ name: ExperimentKey) throws(ExperimentError) {
        _ = try holdout(name)
        if let user = experiments.first(where: { $0.holdout == name })?.key ?? layers.first(where: { $0.holdout == name })?.name {
            throw .inUse(name, by: user)
        }
        holdouts.removeAll { $0.name == name }
    }

    /// Adds an experiment that devices of a holdout are not in.
    package mutating func add(_ experiment: Experiment, under name: ExperimentKey) throws(ExperimentError) {
        guard try holdout(name).released == nil else { throw .releasedHoldout(name) }
        var experiment = experiment
        experiment.holdout = name
        try add(experiment)
    }

    /// Lets the devices of a holdout go, from the next ordinal on; what that means for whom is for ``HoldoutRelease`` to say.
    package mutating func releaseHoldout(_ name: ExperimentKey, at next: Ordinal, now: Timestamp) throws(ExperimentError) {
        var holdout = try holdout(name)
        try holdout.release(at: next, now: now)
        holdouts = holdouts.map { $0.name == name ? holdout : $0 }
    }

    /// The holdout under which an experiment is, and whether it takes in the devices of it: one that had nobody before the release does.
    package func cover(of experiment: Experiment) -> (holdout: Holdout, admitsHeldOut: Bool)? {
        // `add` has seen to it that it is there.
        guard let name = experiment.holdout, let holdout = holdouts.first(where: { $0.name == name }) else { return nil }
        guard let release = holdout.released else { return (holdout, false) }
        return (holdout, experiment.firstOrdinal.map { $0 >= release.ordinal } ?? true)
    }

    // MARK: Sequences

    /// The devices that an experiment can have.
    ///
    /// - Parameter members: those that it targets, if it does.
    func sequence(of experiment: Experiment, members: TargetedDevices?) -> UnitSequence {
        let cover = cover(of: experiment)
        let layer = experiment.layer.flatMap { slots in layers.first { $0.name == slots.layer }.map { (layer: $0, slots: slots.slots) } }
        return UnitSequence(
            holdout: cover?.holdout, admittingHeldOut: cover?.admitsHeldOut ?? false, layer: layer, members: members)
    }
}
