/// How many devices an experiment has dealt each variant, beside what was intended.
package struct Tally: Hashable, Sendable {
    /// One variant's line.
    package struct Line: Hashable, Sendable {
        /// The variant's value.
        package let value: String
        /// The devices that were dealt it.
        package internal(set) var count: UInt64
        /// How many the weights in force at the time would have given exactly.
        package internal(set) var expected: Double
        /// How far the count may be off: the variant's share of one block for each epoch.
        package internal(set) var tolerance: UInt64
        /// The percentage of new devices it gets now; `nil` when it is closed to them.
        package let intendedPercent: Double?
    }

    /// A line for each value that was ever a variant, in the order they appeared.
    package private(set) var lines: [Line]
    /// Whether no count is further off than unfinished blocks explain.
    ///
    /// It always is; if not, something is broken.
    package var isBalanced: Bool { lines.allSatisfy { abs(Double($0.count) - $0.expected) <= Double($0.tolerance) } }
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

    /// Puts other counts in the place of those worked out: the devices as somebody counted them.
    package mutating func replaceCounts(by counts: [String: UInt64]) {
        for index in lines.indices { lines[index].count = counts[lines[index].value, default: 0] }
    }
}
