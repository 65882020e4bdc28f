/// How many devices an experiment has dealt each variant, beside what was intended.
package struct Tally: Hashable, Sendable {
    /// One variant's line.
    package struct Line: Hashable, Sendable {
        /// The variant's value.
        package let value: String
        /// The devices that were dealt it.
        package internal(set) var count: UInt64
        /// The devices that were dealt it and count for nothing, because they are given forced values.
        package internal(set) var excluded: UInt64 = 0
        /// How many the weights in force at the time would have given exactly.
        package internal(set) var expected: Double
        /// How far the count may be off: the variant's share of one block for each epoch.
        package internal(set) var tolerance: UInt64
        /// The percentage of new devices it gets now; `nil` when it is closed to them.
        package let intendedPercent: Double?
    }

    /// A line for each value that was ever a variant, in the order they appeared.
    package private(set) var lines: [Line]
    /// How many devices were dealt a variant and are not there any more.
    package private(set) var missing: UInt64 = 0
    /// What is out of balance, in a sentence; nil while all that were dealt a variant are there, and no count is further off than
    /// unfinished blocks explain.
    package var imbalance: String? {
        guard missing == 0 else {
            return missing == 1
                ? "A device that was dealt a variant is missing." : "\(missing) devices that were dealt a variant are missing."
        }
        return lines.first { abs(Double($0.count + $0.excluded) - $0.expected) > Double($0.tolerance) }.map {
            let count = $0.count + $0.excluded
            return "'\($0.value)' has \(count) \(count == 1 ? "device" : "devices") where \($0.expected) were intended, "
                + "give or take \($0.tolerance)."
        }
    }
    /// The devices in the experiment.
    package var total: UInt64 { lines.reduce(0) { $0 + $1.count } }

    init(experiment: Experiment) {
        let allocation = experiment.allocation
        lines = experiment.values.map { value in
            let index = allocation.variants.firstIndex { $0.value == value }
            return Line(value: value, count: 0, expected: 0, tolerance: 0, intendedPercent: index.map(allocation.percent))
        }
    }

    mutating func add(value: String, count: UInt64, expected: Double, tolerance: UInt64) {
        guard let index = lines.firstIndex(where: { $0.value == value }) else { return }
        lines[index].count += count
        lines[index].expected += expected
        lines[index].tolerance += tolerance
    }

    /// Takes away what was dealt between two moments, by the tallies up to them.
    mutating func remove(from earlier: Tally, to later: Tally) {
        for index in lines.indices {
            let count = later.lines[index].count - earlier.lines[index].count
            lines[index].count -= count
            missing += count
        }
    }

    /// Takes one device out of what counts; it still has its place in its block.
    mutating func exclude(value: String) {
        guard let index = lines.firstIndex(where: { $0.value == value && $0.count > 0 }) else { return }
        lines[index].count -= 1
        lines[index].excluded += 1
    }

    /// Puts other counts in the place of those worked out: the devices as somebody counted them.
    package mutating func replaceCounts(by counts: [String: UInt64]) {
        for index in lines.indices { lines[index].count = counts[lines[index].value, default: 0] }
    }
}
