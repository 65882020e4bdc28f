import Statistics
import Testing

@Suite struct ArmsDesignTests {
    @Test func everyComparisonHasThePowerAskedFor() throws {
        let design = try ArmsDesign(MeansPower(standardDeviation: 3), weights: [2, 1, 1], comparisons: .allPairs, adjustment: .sidak)
        let sizes = try design.sizes(effect: 0.4, power: 0.85)
        #expect(close(try design.power(effect: 0.4, total: sizes.total), 0.85, 1e-12))
        #expect(close(try design.detectableEffect(total: sizes.total, power: 0.85), 0.4, 1e-12))
        #expect(close(sizes.sizes[0], 2 * sizes.sizes[2], 1e-15))
        // The two small arms are the comparison that decides.
        let pair = try MeansPower(standardDeviation: 3, significance: design.significance)
        #expect(close(sizes.sizes[1], try pair.size(effect: 0.4, power: 0.85), 1e-13))
    }

    @Test func comparisonsWithTheControlAreFewer() throws {
        let design = try ArmsDesign(NormalPower(significance: 0.06), arms: 4, comparisons: .withControl)
        #expect(design.pairs.map(\.second) == [1, 2, 3])
        #expect(close(design.significance, 0.02, 1e-15))
        #expect(try ArmsDesign(NormalPower(significance: 0.06), arms: 4).pairs.count == 6)
        #expect(close(try ArmsDesign(NormalPower(significance: 0.06), arms: 4, adjustment: .holm).significance, 0.01, 1e-15))
    }

    @Test func trafficGivesTheDuration() throws {
        let sizes = try ArmsDesign(NormalPower(), arms: 2).sizes(effect: 0.1, power: 0.8)
        let days = sizes.days(at: try Traffic(perDay: 100))
        #expect(close(days, sizes.total / 100, 1e-15))
        #expect(close(sizes.days(at: try Traffic(perWeek: 700, share: 0.5)), 2 * days, 1e-15))
        #expect(close(try sizes.inflated(by: 1.25).days(at: try Traffic(perMonth: 3000)), 1.25 * days, 1e-15))
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "arms", value: 1, expected: "at least 2 arms")) {
            try ArmsDesign(NormalPower(), arms: 1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "weights[1]", value: -1, expected: "a positive number")) {
            try ArmsDesign(NormalPower(), weights: [1, -1])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "share", value: 1.5, expected: "a share above 0 and up to 1")) {
            try Traffic(perDay: 10, share: 1.5)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "perMonth", value: 0, expected: "a positive number")) {
            try Traffic(perMonth: 0)
        }
    }

    // Each combination of sizes is worked out once, and that is the answer of all pairs.
    @Test func armsOfEqualSizeAreAlike() throws {
        let weights: [Double] = [3, 1, 2, 1, 3, 3]
        for comparisons in [ArmsDesign<MeansPower>.Comparisons.allPairs, .withControl] {
            let design = try ArmsDesign(MeansPower(standardDeviation: 2), weights: weights, comparisons: comparisons)
            #expect(design.count == design.pairs.count)
            let each = try design.pairs.map { pair in
                try MeansPower(
                    standardDeviation: 2, significance: design.significance, ratio: weights[pair.second] / weights[pair.first]
                ).size(effect: 0.3, power: 0.8) / weights[pair.first]
            }
            #expect(try design.sizes(effect: 0.3, power: 0.8).sizes[0] == 3 * (each.max() ?? 0))
            let total = try design.sizes(effect: 0.3, power: 0.8).total
            #expect(close(try design.power(effect: 0.3, total: total), 0.8, 1e-10))
            #expect(close(try design.detectableEffect(total: total, power: 0.8), 0.3, 1e-10))
        }
    }

    // It took minutes: for each of 499,500 pairs, all pairs were counted anew.
    @Test(.timeLimit(.minutes(1))) func aThousandArmsTakeNoTime() throws {
        let start = ContinuousClock.now
        let design = try ArmsDesign(ProportionsPower(baseline: 0.05), arms: 1000)
        let sizes = try design.sizes(effect: 0.002, power: 0.8)
        let pair = try ProportionsPower(baseline: 0.05, significance: 0.05 / 499_500)
        #expect(close(sizes.sizes[999], try pair.size(effect: 0.002, power: 0.8), 1e-12))
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
