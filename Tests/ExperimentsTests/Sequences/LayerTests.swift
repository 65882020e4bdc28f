import Experiments
import Randomization
import Testing

@Suite struct LayerTests {
    private func layer(_ name: String = "layer", slots: Int = 100, holdout: String? = nil, secret: UInt64 = 7) throws -> Layer {
        try Layer(
            name: key(name), slots: slots, holdout: holdout.map { try key($0) }, secret: SecretKey(low: secret, high: 77), created: noon)
    }

    // A catalogue with one layer and experiments that have so many slots of it, all running from an ordinal on.
    private func catalogue(
        _ shares: KeyValuePairs<String, Int>, weights: KeyValuePairs<String, Double> = ["a": 2, "b": 1], from first: Ordinal = 0
    ) throws -> Catalogue {
        var catalogue = try Catalogue(layers: [layer()])
        for (index, share) in shares.enumerated() {
            try catalogue.add(draft(share.key, weights, secret: UInt64(index)), slots: share.value, of: key("layer"))
            try catalogue.change(key(share.key)) { try $0.start(at: first, now: noon) }
        }
        return catalogue
    }

    @Test func `no device is in two experiments of a layer, and each has its share of every block`() throws {
        let assigner = Assigner(try catalogue(["one": 50, "two": 30, "three": 15]))
        var counts: [String: Int] = [:]
        for ordinal in 0..<Ordinal(2000) {
            let served = assigner.values(for: ordinal)
            #expect(served.count <= 1)
            if let key = served.first?.key { counts[key.text, default: 0] += 1 }
            guard (ordinal + 1).isMultiple(of: 100) else { continue }
            let blocks = Int(ordinal + 1) / 100
            #expect(counts == ["one": 50 * blocks, "two": 30 * blocks, "three": 15 * blocks])
        }
    }

    @Test(arguments: [0, 1, 37, 100, 250] as [Ordinal])
    func `blocks are exact over the devices that are really in, wherever the experiment begins`(_ first: Ordinal) throws {
        let dealer = try Assigner(catalogue(["one": 13, "two": 60], from: first)).dealer(key("two"))
        var counts = ["a": 0, "b": 0]
        for ordinal in first..<first + 700 {
            guard let value = dealer.placement(of: ordinal).value else { continue }
            counts[value, default: 0] += 1
            let (whole, rest) = (counts["a", default: 0] + counts["b", default: 0]).quotientAndRemainder(dividingBy: 3)
            #expect(counts["b", default: 0] >= whole && counts["b", default: 0] <= whole + (rest == 0 ? 0 : 1))
        }
        let tally = dealer.tally(below: first + 700)
        #expect(tally.lines.map { Int($0.count) } == ["a", "b"].map { counts[$0] })
        #expect(tally.imbalance == nil)
    }

    @Test func `pauses and new weights keep every value and every block inside a slot`() throws {
        var catalogue = try catalogue(["one": 40, "two": 60])
        let name = try key("two")
        func values(_ ordinals: Range<Ordinal>) throws -> [String?] {
            let dealer = try Assigner(catalogue).dealer(name)
            return ordinals.map { dealer.placement(of: $0).value }
        }
        let before = try values(0..<333)
        try catalogue.change(name) { try $0.pause(at: 333) }
        try catalogue.change(name) { try $0.resume(at: 401) }
        let resumed = try values(0..<777)
        try catalogue.change(name) { try $0.reallocate(allocation(["b": 1, "c": 3]), at: 777, now: noon) }
        let after = try values(0..<1200)
        #expect(Array(after.prefix(333)) == before && Array(after.prefix(777)) == resumed)
        #expect(after[333..<401].allSatisfy { $0 == nil })
        for (span, exact) in [(0..<777, ["a": 2, "b": 1]), (777..<1200, ["b": 1, "c": 3])] {
            let dealt = after[span].compactMap(\.self)
            for (value, share) in exact {
                let size = exact.values.reduce(0, +)
                let whole = dealt.count / size * share
                #expect((whole...whole + share).contains(dealt.count { $0 == value }))
            }
        }
        #expect(try Assigner(catalogue).dealer(name).tally(below: 1200).imbalance == nil)
    }

    @Test func `a finished experiment frees its slots for newer devices, who may get its winner too`() throws {
        var catalogue = try catalogue(["one": 50, "two": 50])
        let (one, three) = (try key("one"), try key("three"))
        #expect(throws: ExperimentError.noRoom(layer: try key("layer"), wanted: 10, free: 0)) {
            try catalogue.add(draft("three"), slots: 10, of: key("layer"))
        }
        try catalogue.change(one) { try $0.finish(winner: "b", at: 500, now: noon) }
        try catalogue.add(draft("three", secret: 3), slots: 50, of: key("layer"))
        try catalogue.change(three) { try $0.start(at: 600, now: noon) }
        #expect(try catalogue.experiment(three).layer == catalogue.experiment(one).layer)
        let assigner = Assigner(catalogue)
        for ordinal in 0..<Ordinal(1200) {
            let values = Dictionary(uniqueKeysWithValues: assigner.values(for: ordinal).map { ($0.key.text, $0.value) })
            // A winner is no experiment any more: it goes to everybody, in whatever slot.
            #expect(values["one"] == "b")
            #expect(values["three"] == nil || (ordinal >= 600 && values["two"] == nil))
            #expect((values["two"] != nil) != (ordinal >= 600 && values["three"] != nil) || ordinal < 600)
        }
    }

    @Test func `a device in another slot is told so, and its slot stays`() throws {
        let dealer = try Assigner(catalogue(["one": 50, "two": 50])).dealer(key("two"))
        let slots = try #require(dealer.experiment.layer)
        #expect(slots.slots == Array(50..<100))
        for ordinal in 0..<Ordinal(300) {
            let slot = try #require(dealer.sequence.slot(of: ordinal))
            if slot < 50 {
                #expect(dealer.placement(of: ordinal) == .otherSlot(slots))
            } else {
                #expect(dealer.placement(of: ordinal).value != nil)
            }
        }
    }

    // Slots of two layers over 100,000 devices, in 4 × 5 cells whose margins blocks fix: the chi-square quantile at 1 - 1e-3 with 12 degrees of
    // freedom is 32.91.
    @Test(arguments: 0..<4) func `two layers are independent of each other`(_ run: UInt64) throws {
        var catalogue = try Catalogue(layers: [layer("left", slots: 4, secret: 100 + run), layer("right", slots: 5, secret: 200 + run)])
        try catalogue.add(draft("l"), slots: 1, of: key("left"))
        try catalogue.add(draft("r"), slots: 1, of: key("right"))
        let assigner = Assigner(catalogue)
        let (left, right) = (try assigner.dealer(key("l")).sequence, try assigner.dealer(key("r")).sequence)
        var cells = [Double](repeating: 0, count: 20)
        for ordinal in 0..<Ordinal(100_000) {
            let cell = Int(try #require(left.slot(of: ordinal))) * 5 + Int(try #require(right.slot(of: ordinal)))
            cells[cell] += 1
        }
        let chiSquare = cells.reduce(0) { $0 + ($1 - 5000) * ($1 - 5000) / 5000 }
        #expect(chiSquare < 32.91)
    }

    // Over 2 × 2 cells of the same expectation: the quantile at 1 - 1e-3 with 3 degrees of freedom is 16.27.
    @Test(arguments: 0..<4) func `variants in two layers are independent of each other`(_ run: UInt64) throws {
        var catalogue = try Catalogue(layers: [layer("left", slots: 2, secret: run), layer("right", slots: 2, secret: 50 + run)])
        for (name, layer) in [("x", "left"), ("y", "right")] {
            try catalogue.add(draft(name, ["a": 1, "b": 1], secret: name == "x" ? run : 90 + run), slots: 1, of: key(layer))
            try catalogue.change(key(name)) { try $0.start(at: 0, now: noon) }
        }
        let assigner = Assigner(catalogue)
        var cells: [String: Double] = [:]
        for ordinal in 0..<Ordinal(100_000) {
            let values = assigner.values(for: ordinal)
            if values.count == 2 { cells[values.map(\.value).joined(), default: 0] += 1 }
        }
        let expected = cells.values.reduce(0, +) / 4
        #expect(cells.count == 4 && cells.values.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected } < 16.27)
    }

    @Test func `a layer keeps its rules`() throws {
        for slots in [0, 1, 129] as [Int] { #expect(throws: ExperimentError.slotCount(slots)) { try layer(slots: slots) } }
        var catalogue = try Catalogue(layers: [layer()])
        #expect(throws: ExperimentError.duplicateLayer(try key("layer"))) { try catalogue.add(layer()) }
        #expect(throws: ExperimentError.unknownLayer(try key("other"))) { try catalogue.add(draft(), slots: 1, of: key("other")) }
        for count in [0, 101] {
            #expect(throws: ExperimentError.slotShare(count, layer: try key("layer"), slots: 100)) {
                try catalogue.add(draft(), slots: count, of: key("layer"))
            }
        }
        try catalogue.add(draft("user"), slots: 1, of: key("layer"))
        #expect(throws: ExperimentError.inUse(try key("layer"), by: try key("user"))) { try catalogue.removeLayer(key("layer")) }
        try catalogue.removeDraft(key("user"))
        try catalogue.removeLayer(key("layer"))
        #expect(catalogue.layers.isEmpty)
    }
}
