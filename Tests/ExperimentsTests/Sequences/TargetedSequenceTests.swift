import Experiments
import Randomization
import Testing

@Suite struct TargetedSequenceTests {
    private let adults = Targeting(["age": .compares([.init(sign: .atLeast, value: .number(18))])])
    private let germans = Targeting(["country": .isIn([.text("DE")])])

    private func experiment(_ name: String, _ targeting: Targeting, secret: UInt64) throws -> Experiment {
        Experiment(
            key: try key(name), allocation: try allocation(["a": 2, "b": 1]), targeting: targeting,
            secret: SecretKey(low: secret, high: 99), created: noon)
    }

    // What is known of a device: the same in every run, in no relation to the blocks.
    private func attributes(_ ordinal: Ordinal) throws -> Attributes {
        let hash = SipHash.hash64(ordinal, 1, 2, key: SecretKey(low: 3, high: 4))
        return try Attributes(["age": .number(Double(hash % 60)), "country": .text(hash >> 32 % 3 == 0 ? "DE" : "FI")])
    }

    // Devices as a registry takes them in: each joins what it matches at its first contact.
    private func enroll(_ ordinals: Range<Ordinal>, _ catalogue: Catalogue, _ members: MemberSets) throws -> Assigner {
        let assigner = Assigner(catalogue, members: members)
        for ordinal in ordinals {
            for sequence in try assigner.sequences(for: attributes(ordinal)) { #expect(assigner.admit(ordinal, to: sequence)) }
        }
        return assigner
    }

    @Test func `blocks are exact over the devices that match, and others are never in`() throws {
        var catalogue = try Catalogue([experiment("adults", adults, secret: 1), experiment("germans", germans, secret: 2)])
        let members = MemberSets()
        try catalogue.change(key("adults")) { try $0.start(at: 0, now: noon) }
        _ = try enroll(0..<50, catalogue, members)
        try catalogue.change(key("germans")) { try $0.start(at: 50, now: noon) }
        let assigner = try enroll(50..<3000, catalogue, members)
        for (name, targeting, first) in [("adults", adults, 0), ("germans", germans, 50)] as [(String, Targeting, Ordinal)] {
            let dealer = try assigner.dealer(key(name))
            var (total, minor) = (0, 0)
            for ordinal in 0..<Ordinal(3000) {
                let placement = dealer.placement(of: ordinal)
                guard ordinal >= first else {
                    #expect(placement == .olderThanExperiment)
                    continue
                }
                guard try targeting.matches(attributes(ordinal)) else {
                    #expect(placement == .notTargeted)
                    continue
                }
                total += 1
                if try #require(placement.value) == "b" { minor += 1 }
                #expect(minor >= total / 3 && minor <= (total + 2) / 3)
            }
            #expect(total > 900)
            #expect(dealer.tally(below: 3000).total == UInt64(total) && dealer.tally(below: 3000).imbalance == nil)
        }
    }

    @Test func `pauses, new weights and a winner keep to those who match`() throws {
        var catalogue = try Catalogue([experiment("adults", adults, secret: 1)])
        let (members, name) = (MemberSets(), try key("adults"))
        try catalogue.change(name) { try $0.start(at: 0, now: noon) }
        _ = try enroll(0..<333, catalogue, members)
        try catalogue.change(name) { try $0.pause(at: 333) }
        _ = try enroll(333..<500, catalogue, members)
        try catalogue.change(name) { try $0.resume(at: 500) }
        let before = try enroll(500..<901, catalogue, members)
        let values = try (0..<901).map { try before.dealer(name).placement(of: $0).value }
        try catalogue.change(name) { try $0.reallocate(allocation(["b": 1, "c": 1]), at: 901, now: noon) }
        let after = try enroll(901..<1500, catalogue, members)
        let dealer = try after.dealer(name)
        #expect((0..<901).map { dealer.placement(of: $0).value } == values)
        for ordinal in 333..<Ordinal(500) {
            #expect(try dealer.placement(of: ordinal) == (adults.matches(attributes(ordinal)) ? .cameDuringPause : .notTargeted))
        }
        let dealt = (901..<1500).compactMap { dealer.placement(of: $0).value }
        #expect(abs(2 * dealt.count { $0 == "b" } - dealt.count) <= 1)
        #expect(dealer.tally(below: 1500).imbalance == nil)
        try catalogue.change(name) { try $0.finish(winner: "c", at: 1500, now: noon) }
        let last = try enroll(1500..<1600, catalogue, members)
        for ordinal in 0..<Ordinal(1600) {
            let value = last.values(for: ordinal).first?.value
            #expect(try value == (adults.matches(attributes(ordinal)) ? "c" : nil))
        }
    }

    @Test func `inside a layer under a holdout, blocks are exact over those who match and are let in`() throws {
        let holdout = try Holdout(name: key("global"), percent: 10, secret: SecretKey(low: 5, high: 5), created: noon)
        let layer = try Layer(name: key("layer"), slots: 10, holdout: key("global"), secret: SecretKey(low: 6, high: 6), created: noon)
        var catalogue = try Catalogue(layers: [layer], holdouts: [holdout])
        try catalogue.add(experiment("adults", adults, secret: 1), slots: 5, of: key("layer"))
        try catalogue.add(experiment("germans", germans, secret: 2), slots: 5, of: key("layer"))
        for name in ["adults", "germans"] { try catalogue.change(key(name)) { try $0.start(at: 0, now: noon) } }
        let members = MemberSets()
        let assigner = try enroll(0..<3000, catalogue, members)
        var totals: [String: Int] = [:], minors: [String: Int] = [:], reasons: Set<String> = []
        for ordinal in 0..<Ordinal(3000) {
            let served = assigner.values(for: ordinal)
            #expect(served.count <= 1)
            reasons.insert("\(try assigner.dealer(key("adults")).placement(of: ordinal))".prefix { $0 != "(" }.description)
            guard let (name, value) = served.first.map({ ($0.key.text, $0.value) }) else { continue }
            #expect(try (name == "adults" ? adults : germans).matches(attributes(ordinal)))
            totals[name, default: 0] += 1
            if value == "b" { minors[name, default: 0] += 1 }
            let (total, minor) = (totals[name, default: 0], minors[name, default: 0])
            #expect(minor >= total / 3 && minor <= (total + 2) / 3)
        }
        #expect(totals.values.allSatisfy { $0 > 150 })
        // The winner is for all who match, whatever their slot, but for who is held out.
        try catalogue.change(key("adults")) { try $0.finish(winner: "b", at: 3000, now: noon) }
        let won = Assigner(catalogue, members: members)
        for ordinal in 0..<Ordinal(3000) {
            let isHeld = try won.dealer(key("adults")).placement(of: ordinal) == .heldOut(key("global"))
            let value = won.values(for: ordinal).first { $0.key.text == "adults" }?.value
            #expect(try (value == "b") == (!isHeld && adults.matches(attributes(ordinal))))
        }
        #expect(reasons == ["dealt", "heldOut", "otherSlot", "notTargeted"])
    }

    // Cells of equal expectation; the quantile of chi-square at 1 - 1e-3 with 3 degrees of freedom is 16.27.
    @Test func `two targeted experiments are independent of each other`() throws {
        let everybody = Targeting(["x": .exists(false)])
        var catalogue = Catalogue.empty
        for (name, secret) in [("x", 11), ("y", 12)] as [(String, UInt64)] {
            let one = Experiment(
                key: try key(name), allocation: try allocation(["a": 1, "b": 1]), targeting: everybody,
                secret: SecretKey(low: secret, high: 99), created: noon)
            try catalogue.add(one)
            try catalogue.change(key(name)) { try $0.start(at: 0, now: noon) }
        }
        let assigner = try enroll(0..<40_000, catalogue, MemberSets())
        var cells: [String: Double] = [:]
        for ordinal in 0..<Ordinal(40_000) { cells[assigner.values(for: ordinal).map(\.value).joined(), default: 0] += 1 }
        #expect(cells.count == 4 && cells.values.reduce(0) { $0 + ($1 - 10_000) * ($1 - 10_000) / 10_000 } < 16.27)
    }

    @Test func `devices that come out of order are refused, not numbered anew`() throws {
        var catalogue = try Catalogue([experiment("adults", adults, secret: 1)])
        try catalogue.change(key("adults")) { try $0.start(at: 0, now: noon) }
        let assigner = Assigner(catalogue, members: MemberSets())
        #expect(assigner.admit(7, to: 1))
        #expect(assigner.admit(7, to: 1))
        #expect(!assigner.admit(5, to: 1))
        // One that belongs to no experiment any more.
        #expect(assigner.admit(5, to: 9))
    }
}
