import Experiments
import Randomization
import Testing

/// A holdout ends: what changes by it, for whom, and what does not.
@Suite struct HoldoutReleaseTests {
    private let next: Ordinal = 400

    // Under a holdout of 20 %: experiments that are finished, running and drafts, by themselves and in a layer of ten slots.
    private func catalogue() throws -> Catalogue {
        let holdout = try Holdout(name: key("global"), percent: 20, secret: SecretKey(low: 5, high: 55), created: noon)
        let layer = try Layer(name: key("layer"), slots: 10, holdout: key("global"), secret: SecretKey(low: 7, high: 77), created: noon)
        var catalogue = try Catalogue(layers: [layer], holdouts: [holdout])
        for (index, name) in ["won", "lost", "running", "draft"].enumerated() {
            try catalogue.add(draft(name, ["a": 2, "b": 1], secret: UInt64(index)), under: key("global"))
        }
        for (index, name) in ["layer-won", "layer-running", "layer-draft"].enumerated() {
            try catalogue.add(draft(name, ["a": 1, "b": 1], secret: UInt64(10 + index)), slots: [2, 3, 5][index], of: key("layer"))
        }
        try catalogue.add(draft("free", ["a": 1, "b": 1], secret: 20))
        for name in ["won", "lost", "running", "layer-won", "layer-running", "free"] {
            try catalogue.change(key(name)) { try $0.start(at: 100, now: noon) }
        }
        for name in ["won", "layer-won"] { try catalogue.change(key(name)) { try $0.finish(winner: "b", at: 300, now: noon) } }
        try catalogue.change(key("lost")) { try $0.finish(at: 300, now: noon) }
        return catalogue
    }

    private func released(_ catalogue: Catalogue) throws -> Catalogue {
        var catalogue = catalogue
        try catalogue.releaseHoldout(key("global"), at: next, now: noon)
        return catalogue
    }

    private func isHeldOut(_ ordinal: Ordinal, _ catalogue: Catalogue) throws -> Bool {
        guard case .heldOut = try Assigner(catalogue).dealer(key("running")).placement(of: ordinal) else { return false }
        return true
    }

    @Test func `those who are held out get the winners of what is not newer than they are, and nothing else changes for anybody`() throws {
        let before = try catalogue()
        let after = try released(before)
        let (old, new) = (Assigner(before), Assigner(after))
        var gained = 0
        for ordinal in 0..<next {
            let had = Dictionary(uniqueKeysWithValues: old.values(for: ordinal).map { ($0.key.text, $0.value) })
            let has = Dictionary(uniqueKeysWithValues: new.values(for: ordinal).map { ($0.key.text, $0.value) })
            if try isHeldOut(ordinal, before), ordinal >= 100 {
                #expect(has == had.merging(["won": "b", "layer-won": "b"]) { $1 })
                gained += 1
                let release = try after.holdout(key("global")).released
                #expect(try new.dealer(key("won")).placement(of: ordinal) == .winner(value: "b", nil, release))
                #expect(try new.dealer(key("running")).placement(of: ordinal) == .heldOut(key("global"), release))
            } else {
                #expect(has == had)
            }
        }
        #expect(gained == 60)
        let told = try old.release(of: key("global"), below: next)
        #expect(told.devices == 80)
        #expect(
            told.winners.map { [$0.key.text, $0.value] } == [["won", "b"], ["layer-won", "b"]]
                && told.winners.allSatisfy { $0.devices == 60 })
        #expect(told.running.map(\.text) == ["running", "layer-running"] && told.coming.map(\.text) == ["draft", "layer-draft"])
        #expect(try new.release(of: key("global"), below: next).winners == told.winners)
    }

    @Test func `experiments that had begun go on as they were, and their winner is for those who were held out too`() throws {
        let before = try catalogue()
        var after = try released(before)
        for name in ["running", "layer-running"] {
            let (old, new) = (try Assigner(before).dealer(key(name)), try Assigner(after).dealer(key(name)))
            // Also those who come after the release: blocks and tallies are as if there had been none.
            for ordinal in 0..<Ordinal(900) { #expect(old.placement(of: ordinal).value == new.placement(of: ordinal).value) }
            #expect(old.tally(below: 900) == new.tally(below: 900))
            try after.change(key(name)) { try $0.finish(winner: "a", at: 900, now: noon) }
            let finished = Assigner(after)
            for ordinal in 0..<Ordinal(1000) {
                let served = finished.values(for: ordinal).first { $0.key.text == name }?.value
                #expect(served == (ordinal < 100 ? nil : "a"))
            }
        }
    }

    @Test func `experiments that start afterwards are for everybody, exactly, and never meet those of their layer`() throws {
        var after = try released(catalogue())
        for name in ["draft", "layer-draft"] { try after.change(key(name)) { try $0.start(at: 450, now: noon) } }
        // Slots of one that is finished are another's.
        try after.add(draft("layer-late", ["a": 1, "b": 1], secret: 30), slots: 2, of: key("layer"))
        try after.change(key("layer-late")) { try $0.start(at: 450, now: noon) }
        let assigner = Assigner(after)
        let layered = ["layer-running", "layer-draft", "layer-late"]
        var counts: [String: [String: Int]] = [:]
        for ordinal in Ordinal(450)..<2450 {
            let values = Dictionary(uniqueKeysWithValues: assigner.values(for: ordinal).map { ($0.key.text, $0.value) })
            #expect(values["draft"] != nil)
            #expect(values.keys.count(where: layered.contains) <= 1)
            let isHeld = try isHeldOut(ordinal, after)
            #expect(values["layer-running"] == nil || !isHeld)
            for (key, value) in values { counts[key, default: [:]][value, default: 0] += 1 }
            for name in ["draft", "layer-draft", "layer-late"] {
                let dealt = counts[name] ?? [:]
                let size = name == "draft" ? 3 : 2
                let (total, minor) = (dealt.values.reduce(0, +), dealt["b"] ?? 0)
                #expect(minor >= total / size && minor <= (total + size - 1) / size)
            }
        }
        // Half of the slots: of those who were never held out, and of those who would have been.
        #expect(abs((counts["layer-draft"]?.values.reduce(0, +) ?? 0) - 1000) <= 10)
        #expect(abs((counts["layer-late"]?.values.reduce(0, +) ?? 0) - 400) <= 10)
        for name in ["draft", "layer-draft", "layer-late"] {
            let tally = try assigner.dealer(key(name)).tally(below: 2450)
            #expect(tally.imbalance == nil && tally.total == UInt64(counts[name]?.values.reduce(0, +) ?? 0))
        }
    }

    @Test func `whom it was for is asked all the same`() throws {
        var catalogue = try Catalogue(holdouts: [
            Holdout(name: key("global"), percent: 20, secret: SecretKey(low: 5, high: 55), created: noon)
        ])
        let adults = Targeting(["age": .compares([.init(sign: .atLeast, value: .number(18))])])
        let experiment = Experiment(
            key: try key("adults"), allocation: try allocation(["a": 1, "b": 1]), targeting: adults, secret: SecretKey(low: 1, high: 2),
            created: noon)
        try catalogue.add(experiment, under: key("global"))
        try catalogue.change(key("adults")) { try $0.start(at: 0, now: noon) }
        let members = MemberSets()
        let running = Assigner(catalogue, members: members)
        for ordinal in Ordinal(0)..<100 where ordinal.isMultiple(of: 2) { #expect(running.admit(ordinal, to: 1)) }
        try catalogue.change(key("adults")) { try $0.finish(winner: "b", at: 100, now: noon) }
        let finished = Assigner(catalogue, members: members)
        let told = try finished.release(of: key("global"), below: 100)
        try catalogue.releaseHoldout(key("global"), at: 100, now: noon)
        let released = Assigner(catalogue, members: members)
        var gained: UInt64 = 0
        for ordinal in Ordinal(0)..<100 {
            let (had, has) = (finished.values(for: ordinal).first?.value, released.values(for: ordinal).first?.value)
            #expect(has == (ordinal.isMultiple(of: 2) ? "b" : nil))
            if had != has { gained += 1 }
        }
        #expect(gained > 0 && told.winners.map(\.devices) == [gained])
    }

    @Test func `it ends once, and nothing new is under it then`() throws {
        var after = try released(catalogue())
        let name = try key("global")
        #expect(throws: ExperimentError.releasedHoldout(name)) { try after.releaseHoldout(name, at: 500, now: noon) }
        #expect(throws: ExperimentError.releasedHoldout(name)) { try after.add(draft("more", secret: 40), under: name) }
        #expect(throws: ExperimentError.releasedHoldout(name)) {
            try after.make(Layer(name: key("late"), holdout: name, created: noon))
        }
        #expect(throws: ExperimentError.inUse(name, by: try key("won"))) { try after.removeHoldout(name) }
        // What was confirmed is what is done: other winners are another matter, more devices are not.
        let before = Assigner(try catalogue())
        let seen = try before.release(of: name, below: 400).sight
        #expect(try before.release(of: name, below: 500).sight == seen)
        var other = try catalogue()
        try other.change(key("running")) { try $0.finish(winner: "a", at: 400, now: noon) }
        #expect(try Assigner(other).release(of: name, below: 400).sight != seen)
    }

    // An answer from a prepared hand, one written out, and a placement are the same, however layers and holdouts share their work.
    @Test func `every way to an answer says the same`() throws {
        var after = try released(catalogue())
        for name in ["draft", "layer-draft"] { try after.change(key(name)) { try $0.start(at: 450, now: noon) } }
        for assigner in [Assigner(try catalogue()), Assigner(after)] {
            var answers: [Int: String] = [:]
            for ordinal in Ordinal(0)..<900 {
                var bytes: [UInt8] = []
                assigner.appendAnswer(for: ordinal, to: &bytes)
                let text = String(decoding: bytes, as: UTF8.self)
                let values = assigner.values(for: ordinal).map { "\"\($0.key)\":\"\($0.value)\"" }
                #expect(text == "{\(values.joined(separator: ","))}")
                let hand = assigner.hand(of: ordinal)
                #expect(answers[hand, default: text] == text)
                answers[hand] = text
            }
        }
    }
}
