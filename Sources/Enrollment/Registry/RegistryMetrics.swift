/// What the registry counted since it was opened, and how it stands now.
package struct RegistryMetrics: Sendable, Hashable {
    /// Transactions of first contacts.
    package var batches: UInt64 = 0
    /// Devices that this server enrolled.
    package var enrolled: UInt64 = 0
    /// Times the store failed, attempts to recover included.
    package var failures: UInt64 = 0
    /// How long transactions took, from begin to durable.
    package var commits = LatencyHistogram()
    /// First contacts that wait for an answer now.
    package var waiting = 0
    /// Devices known now.
    package var devices = 0
    /// Bytes of memory that the known devices take, slack included.
    package var indexBytes = 0
}

/// Durations counted in classes, as Prometheus wants them.
package struct LatencyHistogram: Sendable, Hashable {
    /// The upper bounds of the classes, in seconds; what is longer than the last is in ``count`` only.
    package static let bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

    /// How many were at most as long as each bound.
    package private(set) var cumulative = [UInt64](repeating: 0, count: bounds.count)
    package private(set) var count: UInt64 = 0
    /// The sum in seconds.
    package private(set) var sum = 0.0

    package init() {}

    package mutating func record(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        count += 1
        sum += seconds
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { cumulative[index] += 1 }
    }
}
