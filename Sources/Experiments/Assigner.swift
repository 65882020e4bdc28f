/// A catalogue made ready for serving: a device's ordinal in, its answer out.
///
/// Immutable, so any number of threads may ask at once; a change to the catalogue makes a new one. A class, as is what it serves: of a structure
/// the reference counts of all that is in it are counted up and down by every thread that asks, which then wait for each other.
package final class Assigner: Sendable {
    /// The experiments as they were when this was made.
    package let catalogue: Catalogue
    /// One dealer for each experiment, in the catalogue's order.
    package let dealers: [Dealer]
    private let served: [Served]
    /// How the layers and holdouts of those that are served part devices, each once.
    private let partitions: [Partition]
    /// Whom the experiments are for that newcomers may join.
    private let targets: [Target]

    /// A sequence of devices for which an experiment is, and who joins it.
    private struct Target: Sendable {
        let sequence: UInt32
        let targeting: Targeting
        let isOpen: Bool
        let units: UnitSequence
        let devices: TargetedDevices
    }

    /// How many different hands there are, a bound for ``hand(of:)``; nil if they cannot be numbered.
    ///
    /// A hand is all that a device is dealt, over all experiments: devices with the same hand get the same answer.
    public let hands: Int?

    /// Prepares a catalogue.
    ///
    /// O(experiments × epochs × variants).
    /// - Parameter members: the devices for which the targeted experiments are.
    package init(_ catalogue: Catalogue, members: MemberSets = MemberSets()) {
        self.catalogue = catalogue
        dealers = catalogue.experiments.map { experiment in
            Dealer(
                experiment, sequence: catalogue.sequence(of: experiment, members: experiment.targetSequence.map(members.devices)),
                release: catalogue.cover(of: experiment)?.holdout.released)
        }
        targets = dealers.compactMap { dealer in
            guard let sequence = dealer.experiment.targetSequence, let targeting = dealer.experiment.targeting else { return nil }
            return Target(
                sequence: sequence, targeting: targeting, isOpen: dealer.experiment.takesMembers, units: dealer.sequence,
                devices: members.devices(of: sequence))
        }
        var partitions: [Partition] = []
        let served = dealers.compactMap { Served($0, &partitions) }
        (self.served, self.partitions) = (served, partitions)
        hands = served.reduce(1) { hands, one in
            hands.flatMap { hands in
                let (product, overflow) = hands.multipliedReportingOverflow(by: one.members.count)
                return overflow ? nil : product
            }
        }
    }

    /// The number of the hand that the device of an ordinal is dealt.
    ///
    /// O(experiments); allocates nothing.
    /// - Precondition: hands can be numbered: ``hands`` is not nil.
    public func hand(of ordinal: Ordinal) -> Int {
        withChoices(of: ordinal) { choice in
            var hand = 0
            for index in served.indices { hand = hand * served[index].members.count + choice(index) }
            return hand
        }
    }

    /// Gives what tells which of its members each of those served answers a device.
    ///
    /// A layer in which there are several of them is looked at once, and one that nobody asks for is not.
    private func withChoices<Result>(of ordinal: Ordinal, _ body: ((Int) -> Int) -> Result) -> Result {
        guard !partitions.isEmpty else { return body { served[$0].choice(of: ordinal) { nil } } }
        return withUnsafeTemporaryAllocation(of: Partition.Place?.self, capacity: partitions.count) { places in
            places.initialize(repeating: nil)
            return body { index in
                served[index].choice(of: ordinal) {
                    let partition = served[index].partition
                    guard partition >= 0 else { return nil }
                    if let place = places[partition] { return place }
                    let place = partitions[partition].place(of: ordinal)
                    places[partition] = place
                    return place
                }
            }
        }
    }

    /// Appends what the device of an ordinal is answered: a JSON object of experiment keys and values, `{}` for a device in none.
    ///
    /// O(experiments); allocates nothing beyond the growth of `answer` where nothing is forced.
    package func appendAnswer(for ordinal: Ordinal, forced: ForcedValues = [:], to answer: inout [UInt8]) {
        guard forced.isEmpty else {
            let members = values(for: ordinal, forced: forced).map {
                JSONText.quoted($0.key.text) + [UInt8(ascii: ":")] + JSONText.quoted($0.value)
            }
            answer.append(UInt8(ascii: "{"))
            answer.append(contentsOf: members.joined(separator: [UInt8(ascii: ",")]))
            answer.append(UInt8(ascii: "}"))
            return
        }
        answer.append(UInt8(ascii: "{"))
        withChoices(of: ordinal) { choice in
            var isFirst = true
            for index in served.indices {
                let choice = choice(index)
                guard choice > 0 else { continue }
                if !isFirst { answer.append(UInt8(ascii: ",")) }
                isFirst = false
                answer.append(contentsOf: served[index].members[choice])
            }
        }
        answer.append(UInt8(ascii: "}"))
    }

    /// What the device of an ordinal is served: the keys and values of ``appendAnswer(for:forced:to:)``.
    package func values(for ordinal: Ordinal, forced: ForcedValues = [:]) -> [(key: ExperimentKey, value: String)] {
        dealers.compactMap { dealer in
            let key = dealer.experiment.key
            return dealer.placement(of: ordinal, forced: forced[key]).value.map { (key, $0) }
        }
    }

    // MARK: Targeting

    /// Whether newcomers may join the sequence of an experiment that is only for some.
    package var isTargeted: Bool { targets.contains { $0.isOpen } }

    /// The sequences that a newcomer joins of whom this is known.
    package func sequences(for attributes: Attributes) -> [UInt32] {
        targets.filter { $0.isOpen && $0.targeting.matches(attributes) }.map(\.sequence)
    }

    /// Takes a device into a sequence that it joined, and numbers it if the holdout and the layer let it in.
    ///
    /// - Returns: whether that could be done: devices must be taken in in the order of their ordinals.
    package func admit(_ ordinal: Ordinal, to sequence: UInt32) -> Bool {
        // One that belongs to no experiment any more was a draft's.
        guard let target = targets.first(where: { $0.sequence == sequence }) else { return true }
        guard target.devices.matching.insert(ordinal) else { return false }
        return !target.units.admits(ordinal) || target.devices.units.insert(ordinal)
    }

    /// The dealer of an experiment.
    package func dealer(_ key: ExperimentKey) throws(ExperimentError) -> Dealer {
        guard let dealer = dealers.first(where: { $0.experiment.key == key }) else { throw .unknownKey(key) }
        return dealer
    }
}

/// An experiment that can have something to serve, with its answers written out beforehand.
private final class Served: Sendable {
    let dealer: Dealer
    let first: Ordinal
    /// What a device can be answered: nothing, or `"key":"value"` as JSON, each value once however many epochs have it.
    let members: [[UInt8]]
    /// Where among the members each epoch's variants are; empty if everybody gets the winner, the last of the members.
    private let places: [[Int]]
    /// Which partition its devices are in; -1 if in none.
    let partition: Int

    init?(_ dealer: Dealer, _ partitions: inout [Partition]) {
        let experiment = dealer.experiment
        guard let first = experiment.firstOrdinal, experiment.state != .finished || experiment.winner != nil else { return nil }
        self.dealer = dealer
        self.first = first
        if let own = dealer.sequence.partition {
            if !partitions.contains(own) { partitions.append(own) }
            partition = partitions.firstIndex(of: own) ?? -1
        } else {
            partition = -1
        }
        let key = JSONText.quoted(experiment.key.text) + [UInt8(ascii: ":")]
        if let winner = experiment.winner {
            (members, places) = ([[], key + JSONText.quoted(winner)], [])
            return
        }
        var members: [[UInt8]] = [[]]
        var known: [String: Int] = [:]
        var places: [[Int]] = []
        for epoch in experiment.epochs {
            places.append(
                epoch.allocation.variants.map { variant in
                    if let place = known[variant.value] { return place }
                    known[variant.value] = members.count
                    members.append(key + JSONText.quoted(variant.value))
                    return members.count - 1
                })
        }
        (self.members, self.places) = (members, places)
    }

    /// Which of the members the device of an ordinal is answered; 0 is nothing.
    ///
    /// - Parameter place: gives where the partition has the device.
    func choice(of ordinal: Ordinal, place: () -> Partition.Place?) -> Int {
        guard ordinal >= first else { return 0 }
        if places.isEmpty { return dealer.sequence.givesWinner(to: ordinal, place: place) ? members.count - 1 : 0 }
        guard let dealt = dealer.deal(ordinal, place: place) else { return 0 }
        return places[dealt.epoch][dealt.variant]
    }
}
