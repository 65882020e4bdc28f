import Experiments
import FoundationEssentials
import SeededRandom
import Testing

@Suite struct ExperimentTests {
    @Test func `devices older than the experiment know nothing of it`() throws {
        var experiment = try draft()
        #expect(experiment.values(0..<10).allSatisfy { $0 == nil })
        try experiment.start(at: 5, now: noon)
        #expect(experiment.values(0..<5).allSatisfy { $0 == nil })
        #expect(experiment.values(5..<50).allSatisfy { $0 != nil })
        #expect(Dealer(experiment).tally(below: 5).total == 0)
        #expect(Dealer(experiment).tally(below: 8).lines.map(\.count) == [1, 1, 1])
    }

    @Test func `a change of weights leaves every earlier value as it was`() throws {
        var experiment = try draft()
        try experiment.start(at: 0, now: noon)
        let before = experiment.values(0..<100)
        try experiment.reallocate(allocation(["a": 75, "d": 25]), at: 100, now: noon)
        #expect(experiment.values(0..<100) == before)
        #expect(Set(experiment.values(100..<500)) == ["a", "d"])
        let lines = Dealer(experiment).tally(below: 500).lines
        #expect(lines.map(\.value) == ["a", "b", "c", "d"])
        // 300 + 34, 33 or 33 of the first hundred, and 100 of the 400 that followed.
        #expect(lines[3].count == 100 && lines[0].count == 300 + UInt64(before.count { $0 == "a" }))
        #expect(lines.map(\.intendedPercent) == [75, nil, nil, 25])
    }

    @Test func `a pause admits nobody, takes nothing, and does not break a block`() throws {
        var experiment = try draft("price", ["10": 75, "20": 10, "50": 5, "5": 10])
        try experiment.start(at: 0, now: noon)
        let before = experiment.values(0..<7)
        try experiment.pause(at: 7)
        #expect(experiment.values(0..<7) == before)
        #expect(Dealer(experiment).placement(of: 8) == .cameDuringPause)
        try experiment.resume(at: 11)
        #expect(experiment.values(7..<11).allSatisfy { $0 == nil })
        let after = experiment.values(11..<24)
        #expect(experiment.values(0..<7) == before)
        // 7 before the pause and 13 after it are one block.
        let dealt = (before + after).compactMap { $0 }
        #expect(["10", "20", "50", "5"].map { value in dealt.count { $0 == value } } == [15, 2, 1, 2])
        #expect(Dealer(experiment).tally(below: 24).lines.map(\.count) == [15, 2, 1, 2])
    }

    @Test func `weights may change during a pause and hold from the resumption on`() throws {
        var experiment = try draft()
        try experiment.start(at: 0, now: noon)
        try experiment.pause(at: 10)
        try experiment.reallocate(allocation(["x": 1, "y": 1]), at: 12, now: noon)
        #expect(experiment.value(12) == nil)
        try experiment.resume(at: 20)
        #expect(experiment.values(10..<20).allSatisfy { $0 == nil })
        #expect(Set(experiment.values(20..<40)) == ["x", "y"])
        #expect(experiment.values(0..<10).allSatisfy { ["a", "b", "c"].contains($0) })
    }

    @Test func `finishing ends it for everyone, and a winner goes to all who are not older`() throws {
        var ended = try draft()
        try ended.start(at: 5, now: noon)
        try ended.pause(at: 10)
        var won = ended
        try ended.finish(at: 20, now: noon)
        #expect(ended.values(0..<40).allSatisfy { $0 == nil })
        try won.finish(winner: "b", at: 20, now: noon)
        #expect(won.values(0..<5).allSatisfy { $0 == nil })
        #expect(won.values(5..<40).allSatisfy { $0 == "b" })
        #expect(Dealer(won).tally(below: 40).total == 5)
        #expect(throws: ExperimentError.unknownWinner(try key("color"), value: "z")) {
            var experiment = try draft()
            try experiment.start(at: 0, now: noon)
            try experiment.finish(winner: "z", at: 1, now: noon)
        }
    }

    @Test func `each state allows only its own changes`() throws {
        typealias Change = (inout Experiment) throws -> Void
        let changes: [(name: String, from: Set<ExperimentState>, apply: Change)] = [
            ("start", [.draft], { try $0.start(at: 9, now: noon) }),
            ("pause", [.running], { try $0.pause(at: 9) }),
            ("resume", [.paused], { try $0.resume(at: 9) }),
            ("reallocate", [.draft, .running, .paused], { try $0.reallocate(try allocation(["a": 1, "b": 2]), at: 9, now: noon) }),
            ("finish", [.running, .paused], { try $0.finish(at: 9, now: noon) }),
        ]
        let paths: [ExperimentState: [Change]] = [
            .draft: [], .running: [changes[0].apply], .paused: [changes[0].apply, changes[1].apply],
            .finished: [changes[0].apply, changes[4].apply],
        ]
        for (state, path) in paths {
            for change in changes {
                var experiment = try draft()
                for step in path { try step(&experiment) }
                #expect(experiment.state == state)
                let before = experiment
                if change.from.contains(state) {
                    try change.apply(&experiment)
                } else {
                    #expect(throws: ExperimentError.self, "\(change.name) while \(state)") { try change.apply(&experiment) }
                    #expect(experiment == before)
                }
            }
        }
    }

    @Test func `an experiment is the same after it was stored`() throws {
        var experiment = try draft("price", ["10": 75, "20": 10, "50": 5, "5": 10])
        try experiment.start(at: 3, now: noon)
        try experiment.pause(at: 30)
        try experiment.resume(at: 44)
        try experiment.reallocate(allocation(["10": 1, "7": 2]), at: 60, now: noon)
        let stored = try JSONDecoder().decode(Experiment.self, from: JSONEncoder().encode(experiment))
        #expect(stored == experiment)
        #expect(stored.values(0..<200) == experiment.values(0..<200))
    }

    @Test func `what a finished experiment was judged by stays`() throws {
        var experiment = try draft()
        let (plan, other) = ("facts: {f: }\nmetrics: {m: {kind: mean, of: f}}", "facts: {g: }\nmetrics: {m: {kind: mean, of: g}}")
        #expect(throws: ExperimentError.noPlan(experiment.key)) { try experiment.removePlan() }
        try experiment.analyse(by: other)
        try experiment.removePlan()
        #expect(experiment.plan == nil)
        try experiment.start(at: 0, now: noon)
        try experiment.analyse(by: plan)
        try experiment.finish(at: 9, now: noon)
        let before = experiment
        for change in [other, nil] { #expect(throws: ExperimentError.self) { try experiment.analyse(by: change) } }
        #expect(throws: ExperimentError.self) { try experiment.removePlan() }
        try experiment.analyse(by: plan)
        #expect(experiment == before)
        // One that an earlier version took and this one cannot read may be put right.
        let written = String(decoding: try JSONEncoder().encode(experiment), as: UTF8.self)
        let unread = try JSONDecoder().decode(Experiment.self, from: Data(written.replacing("metrics:", with: "metricks:").utf8))
        #expect(unread.plan != experiment.plan && unread.state == .finished)
        var mended = unread
        #expect(throws: ExperimentError.self) { try mended.analyse(by: nil) }
        try mended.analyse(by: plan)
        #expect(mended.plan == plan)
        #expect(throws: ExperimentError.self) { try mended.analyse(by: other) }
    }

    // Any sequence of changes at any moments: values never change, and each is what was dealt when its device came.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `no history of changes ever changes a value`(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var experiment = try draft(secret: seed)
        var given: [String?] = []
        for _ in 0..<30 {
            let next = Ordinal(given.count)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: try? experiment.start(at: next, now: noon)
            case 1: try? experiment.pause(at: next)
            case 2: try? experiment.resume(at: next)
            case 3:
                let weights = ["a", "b", "c", "d"].shuffled(using: &random).prefix(Int.random(in: 2...4, using: &random))
                let variants = weights.map { Variant($0, weight: Double(Int.random(in: 1...9, using: &random))) }
                try? experiment.reallocate(Allocation(variants), at: next, now: noon)
            default: break
            }
            for _ in 0..<Int.random(in: 0..<40, using: &random) { given.append(experiment.value(Ordinal(given.count))) }
            #expect(experiment.values(0..<Ordinal(given.count)) == given)
            let tally = Dealer(experiment).tally(below: Ordinal(given.count))
            for line in tally.lines { #expect(Int(line.count) == given.count { $0 == line.value }) }
            #expect(tally.imbalance == nil)
            // Some of them are lost.
            let first = Int.random(in: 0...given.count, using: &random)
            let last = Int.random(in: first...given.count, using: &random)
            let rest = Dealer(experiment).tally(below: Ordinal(given.count), missing: [Ordinal(first)..<Ordinal(last)])
            let there = given[..<first] + given[last...]
            for line in rest.lines { #expect(Int(line.count) == there.count { $0 == line.value }) }
            #expect(Int(rest.missing) == given[first..<last].count { $0 != nil })
            #expect((rest.imbalance == nil) == given[first..<last].allSatisfy { $0 == nil })
        }
    }
}
