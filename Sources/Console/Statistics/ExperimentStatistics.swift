package import Experiments

/// What the statistics page shows of one experiment: how its devices were spread, beside what was intended.
package struct ExperimentStatistics: Sendable, Hashable {
    /// One variant's line.
    package struct Variant: Sendable, Hashable {
        package let value: String
        package let devices: UInt64
        /// Of the experiment's devices; nil while there are none.
        package let percent: Double?
        /// Of new devices; nil for a variant that is closed to them.
        package let intendedPercent: Double?
        /// How many devices the weights in force when each came would have given exactly.
        package let expectedDevices: Double
        /// The share that was intended of the devices that came, by the weights in force when each came; nil while there are none.
        package let expectedPercent: Double?
    }

    package let key: ExperimentKey
    package let summary: String
    package let state: ExperimentState
    package let started: Timestamp?
    package let finished: Timestamp?
    package let winner: String?
    package let devices: UInt64
    /// Devices that have their places and count for nothing, because they are or were given forced values.
    package let excluded: UInt64
    /// The number of devices after which the spread is exact again.
    package let blockSize: UInt64
    /// What is wrong if devices that were dealt a variant are missing, or a variant is further off than unfinished blocks explain.
    package let imbalance: String?
    package let variants: [Variant]

    /// Counts the devices below the next ordinal.
    ///
    /// - Parameters:
    ///   - missing: ordinals below it that no device has.
    ///   - excluded: devices that count for nothing.
    ///   - counted: how many devices were served each value, where they were counted one by one; otherwise they are worked out.
    package init(
        _ dealer: Dealer, below next: Ordinal, missing: [Range<Ordinal>] = [], excluding excluded: [Ordinal] = [],
        counted: [String: UInt64]? = nil
    ) {
        let experiment = dealer.experiment
        var tally = dealer.tally(below: next, missing: missing, excluding: excluded)
        if let counted { tally.replaceCounts(by: counted) }
        let total = tally.total
        // Those with forced values were dealt too.
        let expected = tally.lines.reduce(0) { $0 + $1.expected }
        key = experiment.key
        summary = experiment.summary
        state = experiment.state
        started = experiment.started
        finished = experiment.finished
        winner = experiment.winner
        devices = total
        self.excluded = tally.lines.reduce(0) { $0 + $1.excluded }
        blockSize = experiment.allocation.blockSize
        imbalance = tally.imbalance
        variants = tally.lines.map { line in
            Variant(
                value: line.value, devices: line.count, percent: total == 0 ? nil : 100 * Double(line.count) / Double(total),
                intendedPercent: line.intendedPercent, expectedDevices: line.expected,
                expectedPercent: expected > 0 ? 100 * line.expected / expected : nil
            )
        }
    }
}
