/// How many devices an experiment has dealt each variant, beside what was intended.
public struct Tally: Hashable, Sendable {
    /// One variant's line.
    public struct Line: Hashable, Sendable {
        /// The variant's value.
        public let value: String
        /// The devices that were dealt it.
        public internal(set) var count: UInt64
        /// How many the weights in force at the time would have given exactly.
        public internal(set) var expected: Double
        /// The share of new devices it gets now, from 0 to 1; `nil` when it is closed to them.
        public let intendedShare: Double?
    }

    /// A line for each value that was ever a variant, in the order they appeared.
    public private(set) var lines: [Line]
    /// The devices in the experiment.
    public var total: UInt64 { lines.reduce(0) { $0 + $1.count } }

    init(experiment: Experiment) {
        let allocation = experiment.allocation
        lines = experiment.values.map { value in
            let index = allocation.variants.firstIndex { $0.value == value }
            return Line(value: value, count: 0, expected: 0, intendedShare: index.map(allocation.share))
        }
    }

    mutating func add(value: String, count: UInt64, expected: Double) {
        guard let index = lines.firstIndex(where: { $0.value == value }) else { return }
        lines[index].count += count
        lines[index].expected += expected
    }
}
