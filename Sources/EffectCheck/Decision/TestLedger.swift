/// The tests that were seen, as far as something is learnt from them: at most so many, chosen by their fingerprints.
///
/// Which tests are kept depends only on which were seen, not on how often or in which order: those with the lowest fingerprints, which are
/// as good as random. So memory is bounded, and asking again teaches nothing new.
package struct TestLedger: Sendable {
    package static let capacity = 2048

    private(set) var kept: [UInt64: TestSummary] = [:]
    private var highest: UInt64 = 0
    /// Changes since the belief was last learnt.
    private(set) var changes = 0

    /// Takes a test up, unless it is known or others come before it.
    mutating func add(_ test: TestSummary) {
        guard kept[test.fingerprint] == nil else { return }
        if kept.count >= Self.capacity {
            guard test.fingerprint < highest else { return }
            kept[highest] = nil
        }
        kept[test.fingerprint] = test
        changes += 1
        if kept.count == Self.capacity { highest = kept.keys.max() ?? 0 }
    }

    /// Whether enough is new to learn again.
    var isDue: Bool { changes >= max(5, kept.count / 10) }

    /// The tests in an order of their own, to learn from.
    mutating func take() -> [TestSummary] {
        changes = 0
        return kept.values.sorted { $0.fingerprint < $1.fingerprint }
    }
}
