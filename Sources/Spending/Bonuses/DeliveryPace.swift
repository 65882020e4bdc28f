/// When to try again to deliver what waits: each failure doubles the pause, up to a minute; success ends it.
package struct DeliveryPace: Hashable, Sendable {
    /// The pause after the first failure.
    package var first: Duration
    package var longest: Duration
    private var failures = 0

    package init(first: Duration = .seconds(1), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
    }

    /// How long to wait after another failure.
    package mutating func failed() -> Duration {
        failures += 1
        let doublings = min(failures - 1, 30)
        return min(longest, first * (1 << doublings))
    }

    /// The store is there again.
    package mutating func succeeded() { failures = 0 }
}
