import Experiments
import FoundationEssentials
import Randomization
import Testing

@Suite struct AssignerTests {
    private func answer(_ assigner: Assigner, _ ordinal: Ordinal) -> String {
        var bytes: [UInt8] = []
        assigner.appendAnswer(for: ordinal, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `600 devices make exactly 200, 200, 200 and 450, 60, 30, 60`() throws {
        let assigner = Assigner(try .examples(now: noon))
        var counts: [String: Int] = [:]
        for ordinal in 0..<Ordinal(600) {
            for (key, value) in assigner.values(for: ordinal) { counts["\(key)=\(value)", default: 0] += 1 }
        }
        #expect(
            counts == [
                "button_color=#FF0000": 200, "button_color=#00FF00": 200, "button_color=#0000FF": 200,
                "price=10": 450, "price=20": 60, "price=50": 30, "price=5": 60,
            ])
    }

    @Test func `the answer is the JSON of what the device is served`() throws {
        var quoted = try draft("odd", ["say \"hi\"": 1, "back\\slash": 1, "süß": 1])
        try quoted.start(at: 2, now: noon)
        var experiments = try Catalogue.examples(now: noon).experiments
        experiments.append(quoted)
        let assigner = Assigner(try Catalogue(experiments))
        for ordinal in 0..<Ordinal(200) {
            let decoded = try JSONDecoder().decode([String: String].self, from: Data(answer(assigner, ordinal).utf8))
            #expect(decoded == Dictionary(uniqueKeysWithValues: assigner.values(for: ordinal).map { ($0.key.text, $0.value) }))
            #expect(decoded.count == (ordinal < 2 ? 2 : 3))
        }
        #expect(answer(assigner, 0).hasPrefix("{\"button_color\":\"#"))
    }

    @Test func `a device in no experiment gets an empty object`() throws {
        #expect(answer(Assigner(.empty), 0) == "{}")
        var later = try draft()
        try later.start(at: 1, now: noon)
        let drafted = try draft("drafted")
        let assigner = Assigner(try Catalogue([drafted, later]))
        #expect(answer(assigner, 0) == "{}")
        #expect(answer(assigner, 1) != "{}")
    }

    @Test func `devices with the same hand get the same answer, and others another`() throws {
        var changed = try draft("changed", ["a": 1, "b": 1])
        try changed.start(at: 0, now: noon)
        try changed.pause(at: 100)
        try changed.resume(at: 200)
        try changed.reallocate(try allocation(["b": 2, "c": 1]), at: 300, now: noon)
        var won = try draft("won", ["x": 1, "y": 1], secret: 2)
        try won.start(at: 50, now: noon)
        try won.finish(winner: "y", at: 400, now: noon)
        var lost = try draft("lost")
        try lost.start(at: 0, now: noon)
        try lost.finish(at: 400, now: noon)
        let assigner = Assigner(try Catalogue([changed, won, lost]))
        // Nothing, a, b or c; nothing or y; the lost one is served to nobody.
        let hands = try #require(assigner.hands)
        #expect(hands == 4 * 2)
        var answers: [Int: String] = [:]
        for ordinal in 0..<Ordinal(500) {
            let hand = assigner.hand(of: ordinal)
            #expect((0..<hands).contains(hand))
            #expect(answers[hand, default: answer(assigner, ordinal)] == answer(assigner, ordinal))
            answers[hand] = answer(assigner, ordinal)
        }
        #expect(Set(answers.values).count == answers.count)
        #expect(answers.count == 6)
    }

    @Test func `hands are numbered only as long as there are numbers`() throws {
        let values = ["a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1] as KeyValuePairs<String, Double>
        let experiments = try (0..<22).map { number in
            var experiment = try draft("e\(number)", values)
            try experiment.start(at: 0, now: noon)
            return experiment
        }
        #expect(Assigner(try Catalogue(Array(experiments.prefix(20)))).hands == 1 << 60)
        #expect(Assigner(try Catalogue(experiments)).hands == nil)
        #expect(Assigner(.empty).hands == 1)
    }

    // Two experiments over 100,000 devices in 3 × 4 cells. The chi-square quantile at 1 - 1e-3 with 6 degrees of freedom is 22.46, so one in a
    // thousand pairs of secrets lies above: these do not.
    @Test(arguments: 0..<5)
    func `two experiments are independent of each other`(_ run: UInt64) throws {
        var color = try draft("color", ["#FF0000": 1, "#00FF00": 1, "#0000FF": 1], secret: 2 * run)
        var price = try draft("price", ["10": 75, "20": 10, "50": 5, "5": 10], secret: 2 * run + 1)
        try color.start(at: 0, now: noon)
        try price.start(at: 0, now: noon)
        let assigner = Assigner(try Catalogue([color, price]))
        var cells: [[String]: Double] = [:]
        for ordinal in 0..<Ordinal(100_000) { cells[assigner.values(for: ordinal).map(\.value), default: 0] += 1 }
        var chiSquare = 0.0
        for (color, share) in [("#FF0000", 1.0 / 3), ("#00FF00", 1.0 / 3), ("#0000FF", 1.0 / 3)] {
            for (price, weight) in [("10", 0.75), ("20", 0.1), ("50", 0.05), ("5", 0.1)] {
                let expected = 100_000 * share * weight
                let seen = cells[[color, price], default: 0]
                chiSquare += (seen - expected) * (seen - expected) / expected
            }
        }
        #expect(chiSquare < 22.46)
    }

    @Test func `experiments with the same weights but other secrets deal differently`() throws {
        var one = try draft("one", secret: 1)
        var two = try draft("two", secret: 2)
        try one.start(at: 0, now: noon)
        try two.start(at: 0, now: noon)
        #expect(one.values(0..<60) != two.values(0..<60))
    }

    @Test func `a key is never used twice and an unknown one is named`() throws {
        var catalogue = try Catalogue.examples(now: noon)
        let twin = try draft("price")
        #expect(throws: ExperimentError.duplicateKey(twin.key)) { try catalogue.add(twin) }
        let stranger = try key("nobody")
        #expect(throws: ExperimentError.unknownKey(stranger)) { try catalogue.experiment(stranger) }
    }
}
