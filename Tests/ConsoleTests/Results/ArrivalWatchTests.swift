import Console
import Events
import Experiments
import Testing

@Suite struct ArrivalWatchTests {
    // An experiment that was started with one weight in four for 'b', and went on with halves.
    private func epochs() throws -> [Epoch] {
        var experiment = Experiment(
            key: try ExperimentKey("price"), allocation: try Allocation([Variant("a", weight: 3), Variant("b", weight: 1)]),
            created: Timestamp(milliseconds: 0))
        try experiment.start(at: 0, now: Timestamp(milliseconds: 0))
        try experiment.reallocate(
            Allocation([Variant("a", weight: 1), Variant("b", weight: 1)]), at: 8000, now: Timestamp(milliseconds: 1))
        return experiment.epochs
    }

    private func watch(_ first: (Int, Int), _ second: (Int, Int)) throws -> ArrivalWatch {
        try ArrivalWatch(
            [
                Arrivals(epoch: 0, variant: "a", units: first.0), Arrivals(epoch: 0, variant: "b", units: first.1),
                Arrivals(epoch: 1, variant: "a", units: second.0), Arrivals(epoch: 1, variant: "b", units: second.1),
            ], epochs: epochs(), active: "visit")
    }

    @Test func `Each epoch is held against its own weights`() throws {
        let right = try watch((6000, 2000), (1000, 1000))
        #expect(right.pValue == 1 && right.logEvidence < 0)
        #expect(right.counts.map(\.units) == [7000, 3000] && right.counts.map(\.expected) == [7000, 3000])
        if case .sound = right.signal {} else { Issue.record("\(right.signal)") }
        // The totals are as the weights together make them, and yet each epoch is off.
        let swapped = try watch((5500, 2500), (1500, 500))
        #expect(swapped.counts.map(\.units) == [7000, 3000] && swapped.pValue < 1e-6)
    }

    @Test func `Units that are lost in one variant are an alarm, and a few are not`() throws {
        let lost = try watch((6000, 1600), (1000, 800))
        guard case .alarming(let text) = lost.signal else { return #expect(Bool(false), "\(lost.signal)") }
        #expect(text.contains("visit") && text.contains("b 2,400 of"))
        if case .alarming = try watch((6000, 1990), (1000, 995)).signal { Issue.record("too early") }
        #expect(try watch((0, 0), (0, 0)).pValue == 1)
    }

    // A third of one variant is lost: some two hundred devices are enough to tell, which no prior near the weights believes so soon.
    @Test func `A great loss is found among few units, and a small one among many`() throws {
        for second in [(100, 27), (150, 51), (10_000, 9_300)] {
            let watch = try watch((0, 0), second)
            guard case .alarming = watch.signal else { return #expect(Bool(false), "\(second): p \(watch.pValue)") }
        }
        for second in [(30, 20), (100, 80), (10_000, 9_900)] {
            if case .alarming = try watch((0, 0), second).signal { Issue.record("\(second)") }
        }
    }
}
