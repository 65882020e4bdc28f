import SeededRandom
import Statistics
import Testing

@Suite struct AdjustmentTests {
    static let names: [(Adjustment, String)] = [
        (.bonferroni, "bonferroni"), (.sidak, "sidak"), (.holm, "holm"), (.holmSidak, "holm-sidak"), (.hochberg, "simes-hochberg"),
        (.hommel, "hommel"), (.benjaminiHochberg, "fdr_bh"), (.benjaminiYekutieli, "fdr_by"),
    ]

    @Test(arguments: names)
    func agreesWithStatsmodels(adjustment: Adjustment, name: String) throws {
        for reference in References.all["corrections"].array {
            let adjusted = try adjustment.adjust(reference["p"].doubles)
            for (value, expected) in zip(adjusted, reference[name].doubles) { #expect(close(value, expected, 1e-13)) }
        }
    }

    @Test(.enabled(if: Fixture.hasOracles), arguments: names)
    func agreesWithTheGoldenVectors(adjustment: Adjustment, name: String) throws {
        for entry in References.golden["multipletests"].array where entry["method"].text == name {
            let adjusted = try adjustment.adjust(entry["p"].doubles)
            for (value, expected) in zip(adjusted, entry["adjusted"].doubles) { #expect(close(value, expected, 1e-12)) }
        }
    }

    @Test(arguments: Adjustment.allCases)
    func adjustmentKeepsTheOrderAndNeverMakesSmaller(_ adjustment: Adjustment) throws {
        var generator = Generator(seed: 3)
        let p = generator.sample(25) { $0.uniform() * $0.uniform() }
        let adjusted = try adjustment.adjust(p)
        for i in p.indices {
            #expect(adjusted[i] >= p[i] * (1 - 1e-14) && adjusted[i] <= 1)
            for j in p.indices where p[i] < p[j] { #expect(adjusted[i] <= adjusted[j]) }
        }
        #expect(try adjustment.adjust([]).isEmpty)
        #expect(close(try adjustment.adjust([0.3])[0], 0.3, 1e-14))
    }

    // By the methods' definitions: the largest of equal p-values is multiplied by one.
    @Test(arguments: [Adjustment.hochberg, .hommel, .benjaminiHochberg])
    func equalPValuesAreLeftExactlyAsTheyAre(_ adjustment: Adjustment) throws {
        for count in 2...40 {
            let p = Array(repeating: 0.05, count: count)
            #expect(try adjustment.adjust(p) == p)
        }
    }

    // Seven of ten p-values at 0.05 · 7 / 10 are on Benjamini and Hochberg's boundary, and so is every k of m at 0.05 k / m.
    @Test func aPValueOnTheBoundaryCounts() throws {
        for count in 2...20 {
            for k in 1...count {
                let p = Array(repeating: 0.05 * Double(k) / Double(count), count: k) + Array(repeating: 0.9, count: count - k)
                #expect(try Adjustment.benjaminiHochberg.rejections(p).count { $0 } == k, "\(k) of \(count)")
            }
        }
        #expect(try Adjustment.benjaminiHochberg.rejections([0.050_001, 0.050_001]) == [false, false])
    }

    @Test func aTinyPValueIsNotRoundedAway() throws {
        #expect(close(try Adjustment.sidak.adjust([1e-200, 0.5])[0], 2e-200, 1e-14))
        #expect(close(try #require(Adjustment.sidak.significance(alpha: 0.05, comparisons: 3)), 0.016_952_427_508_441_5, 1e-13))
        #expect(Adjustment.holm.significance(alpha: 0.05, comparisons: 3) == nil)
    }

    @Test func aPValueThatIsNoneIsNamed() {
        #expect(throws: StatisticsError.notANumber(argument: "pValues", index: 1)) { try Adjustment.holm.adjust([0.1, .nan]) }
        #expect(throws: StatisticsError.outOfRange(argument: "pValues[0]", value: -0.1, expected: "a probability from 0 to 1")) {
            try Adjustment.holm.adjust([-0.1])
        }
    }
}
