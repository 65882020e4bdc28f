import Statistics
import Testing

@Suite struct TableTests {
    static let indices = Array(References.all["tables"].array.indices)

    private func table(_ index: Int) throws -> (ContingencyTable, JSON) {
        let reference = References.all["tables"][index]
        return (try ContingencyTable(reference["table"].array.map(\.ints)), reference)
    }

    @Test(arguments: indices)
    func chiSquareTestsAgreeWithSciPy(_ index: Int) throws {
        let (table, reference) = try table(index)
        for (form, name) in [(ChiSquareTest.Form.pearson, "pearson"), (.likelihoodRatio, "g"), (.yates, "yates")] {
            let test = ChiSquareTest(table, form: form)
            #expect(close(test.statistic, reference[name][0].double, 1e-11))
            #expect(close(test.pValue, reference[name][1].double, 1e-10))
        }
        #expect(ChiSquareTest(table).degreesOfFreedom == reference["pearson"][2].int)
    }

    @Test func agreementWithWeightsAgreesWithSciPy() throws {
        for reference in References.all["goodness"].array {
            for (form, name) in [(ChiSquareTest.Form.pearson, "pearson"), (.likelihoodRatio, "g")] {
                let test = try ChiSquareTest(observed: reference["observed"].ints, weights: reference["weights"].doubles, form: form)
                #expect(close(test.statistic, reference[name][0].double, 1e-10))
                #expect(close(test.pValue, reference[name][1].double, 1e-10))
            }
        }
    }

    @Test(arguments: indices)
    func exactTestsAgreeWithSciPy(_ index: Int) throws {
        let (table, reference) = try table(index)
        guard table.rowTotals.count == 2, table.columnTotals.count == 2 else { return }
        let fisher = try FisherExactTest(table)
        for side in Alternative.allCases { #expect(close(fisher.pValue(side), reference["fisher/\(side.rawValue)"].double, 1e-9)) }
        let odds = reference["conditional odds ratio"].doubles
        #expect(close(fisher.estimate, odds[0], 1e-6))
        let interval = try fisher.confidenceInterval()
        #expect(close(interval.low, odds[1], 1e-6) && close(interval.high, odds[2], 1e-6))
        // SciPy compares columns.
        let columns = try (0..<2).map { try Proportion(successes: table.counts[0][$0], trials: table.columnTotals[$0]) }
        for side in Alternative.allCases {
            for (ordering, name) in [
                (UnconditionalTest.Ordering.pooled, "barnard/True"), (.unpooled, "barnard/False"), (.fisher, "boschloo"),
            ] {
                let expected = reference["\(name)/\(side.rawValue)"]
                guard !expected.isNull else { continue }
                let test = try UnconditionalTest(columns[0], columns[1], ordering: ordering)
                // SciPy's search for the maximum is coarser, and rounding costs it tables that tie: it may only find less.
                #expect(test.pValue(side) >= expected[1].double * (1 - 1e-9), "\(name) \(side)")
                if index != 2 { #expect(close(test.pValue(side), expected[1].double, 2e-4), "\(name) \(side)") }
                if ordering != .fisher { #expect(close(test.statistic, expected[0].double, 1e-10)) }
            }
        }
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func fisherAgreesWithR() throws {
        let cases: JSON = try Fixture.oracle("scipy/fisher_exact_r.json")
        for entry in cases.array {
            let side =
                Alternative(rawValue: entry["alternative"].text == "two.sided" ? "two-sided" : entry["alternative"].text) ?? .twoSided
            guard let table = try? ContingencyTable(entry["table"].array.map(\.ints)) else { continue }
            let test = try FisherExactTest(table)
            #expect(close(test.pValue(side), entry["pvalue"].double, 1e-6), "\(entry)")
            // R's root finder stops at an absolute 1e-4 of the ratio or its reciprocal.
            let interval = try test.confidenceInterval(level: entry["confidence_level"].double, alternative: side)
            let pairs = [(test.estimate, entry["conditional_odds_ratio"]), (interval.low, entry["ci"][0]), (interval.high, entry["ci"][1])]
            for (value, expected) in pairs {
                #expect(close(value, expected.double, 1e-4, absolute: 1e-4) || close(1 / value, 1 / expected.double, 1e-4, absolute: 2e-4))
            }
        }
    }

    @Test func boschlooIsAtLeastAsPowerfulAsFisher() throws {
        for (x, y) in [(2, 9), (5, 6), (0, 4), (10, 3)] {
            let (first, second) = (try Proportion(successes: x, trials: 14), try Proportion(successes: y, trials: 12))
            let fisher = try FisherExactTest(first, second)
            for side in [Alternative.less, .greater] {
                #expect(try UnconditionalTest(first, second).pValue(side) <= fisher.pValue(side) * (1 + 1e-12))
            }
        }
    }

    @Test func barnardCountsTablesThatTie() throws {
        // The supremum over 5,001 probabilities, term by term, with ties kept: 0.006783485412597648 at one half.
        let test = try UnconditionalTest(Proportion(successes: 0, trials: 7), Proportion(successes: 9, trials: 14), ordering: .pooled)
        #expect(close(test.pValue, 0.006_783_485_412_597_648, 1e-12))
    }

    // SciPy 1.17.1: barnard_exact(pooled=False, n=256). The observed statistic is infinite in all of them.
    @Test(arguments: [
        ([0, 1, 1, 1], Alternative.twoSided, 0.5), ([1, 1, 0, 5], .greater, 0.066_979_595_336_061_56),
        ([0, 17, 3, 3], .less, 0.000_213_007_803_639_672_1), ([10, 10, 0, 1], .greater, 0.035_049_389_948_139_15),
        ([0, 1, 3, 3], .twoSided, 0.125),
    ])
    func nothingAgainstEverythingHasAPValue(_ counts: [Int], side: Alternative, expected: Double) throws {
        let test = try UnconditionalTest(
            Proportion(successes: counts[0], trials: counts[1]), Proportion(successes: counts[2], trials: counts[3]), ordering: .unpooled)
        #expect(test.statistic.isInfinite)
        #expect(close(test.pValue(side), expected, 1e-9))
    }

    // SciPy 1.17.1: boschloo_exact(n=128), whose search may only find less.
    @Test func thousandsOfUnitsAreNoTrouble() throws {
        let few = try UnconditionalTest(Proportion(successes: 30, trials: 600), Proportion(successes: 45, trials: 600))
        for (side, expected) in [(Alternative.twoSided, 0.088_491_702_676_209_32), (.less, 0.044_245_851_338_104_66)] {
            #expect(few.pValue(side) >= expected * (1 - 1e-9) && close(few.pValue(side), expected, 2e-4))
        }
        let (a, b) = (try Proportion(successes: 300, trials: 6000), try Proportion(successes: 330, trials: 6000))
        let z = TwoProportionZTest(a, b).pValue
        for ordering in UnconditionalTest.Ordering.allCases {
            #expect(close(try UnconditionalTest(a, b, ordering: ordering).pValue, z, 0.15), "\(ordering)")
        }
        let many = try Proportion(successes: 1, trials: UnconditionalTest.trialLimit + 1)
        #expect(throws: StatisticsError.tooMany(argument: "second", count: many.trials, limit: UnconditionalTest.trialLimit)) {
            try UnconditionalTest(a, many)
        }
        #expect(Advice(many, a).test == .proportions)
        #expect(try Advice(many, Proportion(successes: 0, trials: many.trials)).test == .fisher)
    }

    // Of as many counts log odds are normal: exp(log(ad / bc) ± 1.96 √(Σ 1/count)).
    @Test(.timeLimit(.minutes(1))) func millionsOfUnitsHaveAnOddsRatioAtOnce() throws {
        let test = try FisherExactTest(
            Proportion(successes: 3_000_000, trials: 9_000_000), Proportion(successes: 3_000_500, trials: 9_000_000))
        #expect(close(test.estimate, 0.999_750_041_659_723_5, 1e-6))
        let interval = try test.confidenceInterval()
        #expect(close(interval.low, 0.997_792_527_312_596, 2e-6) && close(interval.high, 1.001_711_396_346_715_5, 2e-6))
    }

    @Test func aMillionUnitsAreNoTrouble() throws {
        let (a, b) = (try Proportion(successes: 10_200, trials: 500_000), try Proportion(successes: 9_900, trials: 500_000))
        let (exact, z) = (try FisherExactTest(a, b).pValue, TwoProportionZTest(a, b).pValue)
        #expect(close(exact, z, 0.05))
    }

    @Test func aTableThatIsNoneIsNamed() {
        #expect(throws: StatisticsError.empty(argument: "column 1")) { try ContingencyTable([[1, 0], [2, 0]]) }
        #expect(throws: StatisticsError.countMismatch(argument: "row 1", count: 1, expected: 2)) { try ContingencyTable([[1, 0], [2]]) }
        #expect(throws: StatisticsError.outOfRange(argument: "counts[0][1]", value: -1, expected: "a count that is not negative")) {
            try ContingencyTable([[1, -1], [2, 4]])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "weights[1]", value: 0, expected: "a positive number")) {
            try ChiSquareTest(observed: [3, 4], weights: [1, 0])
        }
        #expect(throws: StatisticsError.empty(argument: "observed")) { try ChiSquareTest(observed: [0, 0], weights: [1, 1]) }
    }
}
