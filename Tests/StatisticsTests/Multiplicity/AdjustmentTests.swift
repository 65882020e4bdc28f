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
