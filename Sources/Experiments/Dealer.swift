import Randomization

/// An experiment made ready for serving: its epochs' blocks, laid out so that an ordinal finds its variant by arithmetic alone.
package struct Dealer: Sendable {
    /// The experiment that is dealt.
    package let experiment: Experiment
    /// The devices it can have, along which its blocks are laid.
    package let sequence: UnitSequence
    /// That of the holdout, if it was released.
    private let release: Holdout.Release?
    private let blocks: [PermutedBlocks]
    /// The spans of all epochs, the earliest first.
    private let stretches: [Stretch]

    /// A span of an epoch: plain numbers, so that no thread touches a reference count to find a device in it.
    private struct Stretch: Sendable {
        let epoch: Int
        let span: Int
        let first: Ordinal
        let end: Ordinal
        /// Where ranks follow from ordinals alone: what to take from a rank to have the position in the epoch's blocks.
        let offset: UInt64
    }

    /// Prepares an experiment.
    ///
    /// O(epochs × variants).
    ///
    /// - Parameter release: that of the experiment's holdout, for the reasons.
    package init(_ experiment: Experiment, sequence: UnitSequence = .all, release: Holdout.Release? = nil) {
        self.experiment = experiment
        self.sequence = sequence
        self.release = release
        blocks = experiment.epochs.enumerated().map { index, epoch in
            PermutedBlocks(counts: epoch.allocation.shares.counts, key: experiment.secret.key, epoch: UInt64(index))
        }
        stretches = experiment.epochs.enumerated().flatMap { index, epoch in
            epoch.spans.enumerated().map { span, ordinals in
                Stretch(
                    epoch: index, span: span, first: ordinals.first, end: ordinals.end ?? .max,
                    offset: sequence.isArithmetic ? epoch.offset(ofSpan: span, in: sequence) : 0)
            }
        }
    }

    /// What the device of an ordinal is served: the index of an epoch and of a variant in it, or nothing.
    ///
    /// - Parameter place: gives where the sequence's ``UnitSequence/partition`` has the device.
    func deal(_ ordinal: Ordinal, place: () -> Partition.Place?) -> (epoch: Int, variant: Int)? {
        guard let (epoch, position) = position(of: ordinal, place: place) else { return nil }
        return (epoch, blocks[epoch].arm(at: position))
    }

    /// The epoch that admitted a device, and the device's position in it.
    private func position(of ordinal: Ordinal, place: () -> Partition.Place?) -> (epoch: Int, position: UInt64)? {
        var index = stretches.count - 1
        while index >= 0 {
            let stretch = stretches[index]
            if ordinal >= stretch.first, ordinal < stretch.end {
                guard let rank = sequence.position(of: ordinal, place: place) else { return nil }
                if sequence.isArithmetic { return (stretch.epoch, rank &- stretch.offset) }
                // Of targeted devices the ranks are known when the devices are, which may be after this was made.
                let offset = experiment.epochs[stretch.epoch].offset(ofSpan: stretch.span, in: sequence)
                return (stretch.epoch, rank &- offset)
            }
            index -= 1
        }
        return nil
    }

    /// Where the device of an ordinal stands, with the reasons.
    ///
    /// - Parameter forced: the value that it is given whatever it is dealt, if it is a tester's.
    package func placement(of ordinal: Ordinal, forced: String? = nil) -> Placement {
        if let forced, experiment.state != .finished { return .forced(value: forced) }
        guard let first = experiment.firstOrdinal else { return .notStarted }
        guard ordinal >= first else { return .olderThanExperiment }
        let exclusion = sequence.exclusion(of: ordinal)
        if let holdout = experiment.holdout, exclusion == .heldOut {
            guard let winner = experiment.winner, givesWinner(to: ordinal) else { return .heldOut(holdout, release) }
            return .winner(value: winner, nil, release)
        }
        if exclusion == .notTargeted { return .notTargeted }
        let deal = self.place(of: ordinal)
        if experiment.state == .finished {
            return experiment.winner.map { .winner(value: $0, deal) } ?? .finished(deal)
        }
        if let layer = experiment.layer, exclusion == .otherSlot { return .otherSlot(layer) }
        return deal.map { .dealt(value: $0.value, $0) } ?? .cameDuringPause
    }

    /// Whether a device that is not older than the experiment is given the winner.
    func givesWinner(to ordinal: Ordinal) -> Bool { sequence.givesWinner(to: ordinal) { sequence.place(of: ordinal) } }

    /// The place from which a device was dealt its variant; nil if it was not.
    package func place(of ordinal: Ordinal) -> Placement.Deal? {
        guard let (epoch, position) = position(of: ordinal, place: { sequence.place(of: ordinal) }) else { return nil }
        let (block, place) = blocks[epoch].place(of: position)
        return Placement.Deal(
            epoch: epoch, position: position, block: block, place: place, blockSize: blocks[epoch].blockSize,
            value: experiment.epochs[epoch].allocation.variants[blocks[epoch].arm(at: position)].value)
    }

    /// How the devices below an ordinal were spread over the variants, epoch by epoch.
    ///
    /// Arithmetic, except for the last, unfinished block of each epoch: O(epochs × block size), whatever the number of devices.
    /// - Parameters:
    ///   - missing: ordinals that no device has, in ascending order; they were dealt, but count for nothing.
    ///   - excluded: devices that have their places and count for nothing, because they are given forced values.
    package func tally(below next: Ordinal, missing: [Range<Ordinal>] = [], excluding excluded: [Ordinal] = []) -> Tally {
        var tally = dealt(below: next)
        for range in missing where range.lowerBound < next {
            tally.remove(from: dealt(below: range.lowerBound), to: dealt(below: min(range.upperBound, next)))
        }
        for ordinal in excluded where ordinal < next && !missing.contains(where: { $0.contains(ordinal) }) {
            if let deal = place(of: ordinal) { tally.exclude(value: deal.value) }
        }
        return tally
    }

    private func dealt(below next: Ordinal) -> Tally {
        var tally = Tally(experiment: experiment)
        for (epoch, blocks) in zip(experiment.epochs, blocks) {
            let admitted = epoch.admitted(below: next, in: sequence)
            for (index, count) in blocks.tally(first: admitted).enumerated() {
                let allocation = epoch.allocation
                tally.add(
                    value: allocation.variants[index].value, count: count, expected: allocation.share(of: index) * Double(admitted),
                    tolerance: allocation.shares.counts[index])
            }
        }
        return tally
    }
}
