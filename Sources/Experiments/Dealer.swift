import Randomization

/// An experiment made ready for serving: its epochs' blocks, laid out so that an ordinal finds its variant by arithmetic alone.
package struct Dealer: Sendable {
    /// The experiment that is dealt.
    package let experiment: Experiment
    private let blocks: [PermutedBlocks]

    /// Prepares an experiment.
    ///
    /// O(epochs × variants).
    package init(_ experiment: Experiment) {
        self.experiment = experiment
        blocks = experiment.epochs.enumerated().map { index, epoch in
            PermutedBlocks(counts: epoch.allocation.shares.counts, key: experiment.secret.key, epoch: UInt64(index))
        }
    }

    /// What the device of an ordinal is served: the index of an epoch and of a variant in it, or nothing.
    func deal(_ ordinal: Ordinal) -> (epoch: Int, variant: Int)? {
        var index = experiment.epochs.count - 1
        while index >= 0 {
            if let position = experiment.epochs[index].position(of: ordinal) { return (index, blocks[index].arm(at: position)) }
            index -= 1
        }
        return nil
    }

    /// Where the device of an ordinal stands, with the reasons.
    package func placement(of ordinal: Ordinal) -> Placement {
        guard let first = experiment.firstOrdinal else { return .notStarted }
        guard ordinal >= first else { return .olderThanExperiment }
        let deal = self.deal(ordinal).flatMap { dealt -> Placement.Deal? in
            let epoch = experiment.epochs[dealt.epoch]
            guard let position = epoch.position(of: ordinal) else { return nil }
            let (block, place) = blocks[dealt.epoch].place(of: position)
            return Placement.Deal(
                epoch: dealt.epoch, position: position, block: block, place: place, blockSize: blocks[dealt.epoch].blockSize,
                value: epoch.allocation.variants[dealt.variant].value)
        }
        if experiment.state == .finished {
            return experiment.winner.map { .winner(value: $0, deal) } ?? .finished(deal)
        }
        return deal.map { .dealt(value: $0.value, $0) } ?? .cameDuringPause
    }

    /// How the devices below an ordinal were spread over the variants, epoch by epoch.
    ///
    /// Arithmetic, except for the last, unfinished block of each epoch: O(epochs × block size), whatever the number of devices.
    /// - Parameter missing: ordinals that no device has, in ascending order; they were dealt, but count for nothing.
    package func tally(below next: Ordinal, missing: [Range<Ordinal>] = []) -> Tally {
        var tally = dealt(below: next)
        for range in missing where range.lowerBound < next {
            tally.remove(from: dealt(below: range.lowerBound), to: dealt(below: min(range.upperBound, next)))
        }
        return tally
    }

    private func dealt(below next: Ordinal) -> Tally {
        var tally = Tally(experiment: experiment)
        for (epoch, blocks) in zip(experiment.epochs, blocks) {
            let admitted = epoch.admitted(below: next)
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
