import Experiments
import Foundation
import Testing

@Suite struct ForcedUnitTests {
    @Test func `a forced unit is given the value in every state but finished, whatever it is dealt`() throws {
        var experiment = try draft()
        try experiment.force("u", to: "b")
        func placement(_ ordinal: Ordinal) -> Placement { Dealer(experiment).placement(of: ordinal, forced: "b") }
        #expect(placement(0) == .forced(value: "b"))
        try experiment.start(at: 5, now: noon)
        #expect((0..<20).allSatisfy { placement($0) == .forced(value: "b") })
        try experiment.pause(at: 10)
        #expect(placement(12) == .forced(value: "b"))
        try experiment.finish(winner: "c", at: 20, now: noon)
        #expect(placement(6).value == "c")
        #expect(placement(2) == .olderThanExperiment)
    }

    @Test func `who was forced counts for nothing, and raises no alarm`() throws {
        var experiment = try draft("color", ["a": 1, "b": 1])
        try experiment.start(at: 2, now: noon)
        let dealer = Dealer(experiment)
        let excluded = (0..<Ordinal(12)).filter { dealer.placement(of: $0).value != "b" }
        let tally = dealer.tally(below: 12, excluding: excluded)
        #expect(tally.lines.map(\.count) == [0, 5])
        #expect(tally.lines.map(\.excluded) == [5, 0])
        #expect(tally.imbalance == nil && tally.total == 5)
        // Those that are missing are not counted twice.
        #expect(dealer.tally(below: 12, missing: [0..<12], excluding: excluded).lines.map(\.excluded) == [0, 0])
    }

    @Test func `released, a unit is forgotten in a draft and left out for ever in what was started`() throws {
        var experiment = try draft()
        try experiment.force("u", to: "b")
        try experiment.force("u", to: "c")
        #expect(experiment.forced == [ForcedUnit(unit: "u", value: "c")])
        try experiment.release("u")
        #expect(experiment.forced.isEmpty)
        #expect(throws: ExperimentError.notForced(experiment.key)) { try experiment.release("u") }
        try experiment.force("u", to: "a")
        try experiment.start(at: 0, now: noon)
        try experiment.release("u")
        #expect(experiment.forced == [ForcedUnit(unit: "u", value: nil)])
        #expect(throws: ExperimentError.notForced(experiment.key)) { try experiment.release("u") }
        let read = try JSONDecoder().decode(Experiment.self, from: JSONEncoder().encode(experiment))
        #expect(read == experiment)
    }

    @Test func `only values that are there can be forced, on so many units, while the experiment is not over`() throws {
        var experiment = try draft()
        #expect(throws: ExperimentError.unknownForcedValue(experiment.key, value: "z")) { try experiment.force("u", to: "z") }
        try experiment.force("u", to: "a")
        try experiment.reallocate(try allocation(["b": 1, "c": 1]), at: 0, now: noon)
        #expect(experiment.forced.isEmpty)
        for number in 0..<Experiment.mostForced { try experiment.force("u\(number)", to: "b") }
        #expect(throws: ExperimentError.tooManyForced(experiment.key)) { try experiment.force("more", to: "b") }
        try experiment.force("u7", to: "c")
        try experiment.start(at: 0, now: noon)
        try experiment.finish(at: 1, now: noon)
        #expect(throws: ExperimentError.self) { try experiment.force("u7", to: "b") }
    }

    @Test func `what was stored before there were forced values is read as before`() throws {
        let stored = try JSONEncoder().encode(draft())
        #expect(!String(decoding: stored, as: UTF8.self).contains("forced"))
        #expect(try JSONDecoder().decode(Experiment.self, from: stored).forced.isEmpty)
    }
}
