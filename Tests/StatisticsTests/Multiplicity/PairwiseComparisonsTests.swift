import Statistics
import Testing

@Suite struct PairwiseComparisonsTests {
    @Test func threeConversionsDifferInEveryPair() throws {
        let arms = try [25_000, 30_000, 32_000].map { try Proportion(successes: $0, trials: 40_000) }
        let pairs = try PairwiseComparisons(arms, adjustment: .holm, by: TwoProportionZTest.init)
        let expected = [-38.13850356982369, -54.6816596805155, -16.93335026669208]
        #expect(pairs.comparisons.map(\.first) == [0, 0, 1] && pairs.comparisons.map(\.second) == [1, 2, 2])
        for (pair, z) in zip(pairs.comparisons, expected) { #expect(close(pair.test.statistic, z, 1e-13)) }
        #expect(close(pairs.comparisons[2].test.pValue, 2.554192947558073e-64, 1e-11))
        // Holm leaves the largest of the three as it is.
        #expect(pairs.comparisons[2].adjustedPValue == pairs.comparisons[2].test.pValue)
        #expect(pairs.comparisons[0].adjustedPValue > 0 && pairs.comparisons[0].test.pValue < 1e-300)
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func agreesWithStatsmodels() throws {
        let methods: [String: Adjustment] = [
            "bonferroni": .bonferroni, "sidak": .sidak, "holm": .holm, "holm-sidak": .holmSidak, "simes-hochberg": .hochberg,
            "hommel": .hommel,
            "fdr_bh": .benjaminiHochberg, "fdr_by": .benjaminiYekutieli,
        ]
        for entry in References.golden["proportions_allpairs"].array {
            let arms = try zip(entry["count"].ints, entry["nobs"].ints).map { try Proportion(successes: $0, trials: $1) }
            guard let adjustment = methods[entry["method"].text] else { continue }
            let pairs = try PairwiseComparisons(arms, adjustment: adjustment, by: TwoProportionZTest.init).comparisons
            for (pair, (raw, corrected)) in zip(pairs, zip(entry["raw"].doubles, entry["corrected"].doubles)) {
                #expect(close(pair.test.pValue, raw, 1e-10))
                #expect(close(pair.adjustedPValue, corrected, 1e-10))
            }
        }
    }

    @Test func intervalsAreWidenedWithThePValues() throws {
        let arms = try [100, 130, 132].map { try Proportion(successes: $0, trials: 1000) }
        let plain = try PairwiseComparisons(arms, adjustment: .none, by: TwoProportionZTest.init)
        let corrected = try PairwiseComparisons(arms, adjustment: .bonferroni, by: TwoProportionZTest.init)
        for ((pair, own), wide) in zip(zip(plain.comparisons, try plain.confidenceIntervals()), try corrected.confidenceIntervals()) {
            #expect(try own == pair.test.confidenceInterval())
            #expect(try wide == pair.test.confidenceInterval(level: 1 - 0.05 / 3))
        }
        let holm = try PairwiseComparisons(arms, adjustment: .holm, by: TwoProportionZTest.init)
        #expect(try holm.confidenceIntervals().allSatisfy { $0 == nil })
    }

    @Test func oneSampleHasNoPairs() {
        #expect(throws: StatisticsError.tooFew(argument: "samples", count: 1, needed: 2)) {
            try PairwiseComparisons([Proportion(successes: 1, trials: 2)], adjustment: .none, by: TwoProportionZTest.init)
        }
    }
}
