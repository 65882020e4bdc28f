import Experiments
import Randomization
import Testing

@Suite struct HoldoutTests {
    private func holdout(_ percent: Double) throws -> Holdout {
        try Holdout(name: key("global"), percent: percent, secret: SecretKey(low: 5, high: 55), created: noon)
    }

    // Under a holdout of 5 %: an experiment by itself, and one with 60 of a layer's 100 slots; both running from an ordinal on.
    private func catalogue(from first: Ordinal = 0) throws -> Catalogue {
        let layer = try Layer(name: key("layer"), holdout: key("global"), secret: SecretKey(low: 7, high: 77), created: noon)
        var catalogue = try Catalogue(layers: [layer], holdouts: [holdout(5)])
        try catalogue.add(draft("alone", ["a": 2, "b": 1], secret: 1), under: key("global"))
        try catalogue.add(draft("layered", ["a": 2, "b": 1], secret: 2), slots: 60, of: key("layer"))
        try catalogue.add(draft("free", ["a": 2, "b": 1], secret: 3))
        for name in ["alone", "layered", "free"] { try catalogue.change(key(name)) { try $0.start(at: first, now: noon) } }
        return catalogue
    }

    @Test func `one of every twenty devices is in nothing under the holdout, and in all that is not`() throws {
        let assigner = Assigner(try catalogue())
        let (alone, layered) = (try assigner.dealer(key("alone")), try assigner.dealer(key("layered")))
        var held = 0
        for ordinal in 0..<Ordinal(2000) {
            let isHeld = alone.placement(of: ordinal) == .heldOut(try key("global"))
            if isHeld {
                held += 1
                #expect(layered.placement(of: ordinal) == .heldOut(try key("global")))
                #expect(assigner.values(for: ordinal).map(\.key.text) == ["free"])
                #expect(layered.sequence.slot(of: ordinal) == nil)
            } else {
                #expect(alone.placement(of: ordinal).value != nil)
            }
            if (ordinal + 1).isMultiple(of: 20) { #expect(held == Int(ordinal + 1) / 20) }
        }
    }

    @Test(arguments: [0, 33] as [Ordinal]) func `blocks are exact over the devices that are not held out`(_ first: Ordinal) throws {
        let assigner = Assigner(try catalogue(from: first))
        for name in ["alone", "layered"] {
            let dealer = try assigner.dealer(key(name))
            var (total, minor) = (0, 0)
            for ordinal in 0..<Ordinal(2000) {
                guard let value = dealer.placement(of: ordinal).value else { continue }
                total += 1
                if value == "b" { minor += 1 }
                #expect(minor >= total / 3 && minor <= (total + 2) / 3)
            }
            #expect(dealer.tally(below: 2000).total == UInt64(total))
            #expect(dealer.tally(below: 2000).imbalance == nil)
        }
    }

    @Test func `who is held out does not get the winner either`() throws {
        var catalogue = try catalogue()
        try catalogue.change(key("alone")) { try $0.finish(winner: "b", at: 100, now: noon) }
        let assigner = Assigner(catalogue)
        let dealer = try assigner.dealer(key("alone"))
        var held = 0
        for ordinal in 0..<Ordinal(200) {
            let served = assigner.values(for: ordinal).first { $0.key.text == "alone" }?.value
            #expect(served == dealer.placement(of: ordinal).value)
            if served == nil { held += 1 } else { #expect(served == "b") }
        }
        #expect(held == 10)
    }

    @Test func `a share that no small block makes exact is refused`() throws {
        for percent in [0, 100, -5, 0.5, 33.3, .nan] {
            #expect(throws: ExperimentError.self) { try holdout(percent) }
        }
        for (percent, held, size) in [(5, 1, 20), (12.5, 1, 8), (1, 1, 100), (40, 2, 5)] as [(Double, UInt64, UInt64)] {
            let holdout = try holdout(percent)
            #expect(holdout.held == held && holdout.blockSize == size)
        }
        var catalogue = try catalogue()
        #expect(throws: ExperimentError.inUse(try key("global"), by: try key("alone"))) { try catalogue.removeHoldout(key("global")) }
        #expect(throws: ExperimentError.unknownHoldout(try key("other"))) { try catalogue.add(draft("more"), under: key("other")) }
    }
}
