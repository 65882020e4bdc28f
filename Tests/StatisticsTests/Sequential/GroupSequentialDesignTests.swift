import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct GroupSequentialDesignTests {
    static func spending(_ name: String) -> SpendingFunction {
        switch name {
        case "obf", "obrien-fleming": .obrienFleming
        case "pocock": .pocock
        case "rho2": .power(rho: 2)
        case "rho3": .power(rho: 3)
        case "power 1.5": .power(rho: 1.5)
        default: .hwangShihDeCani(gamma: -2)
        }
    }

    @Test func boundsAndPowersAgreeWithAnotherIntegration() throws {
        let fixture: JSON = try Fixture.committed("group_sequential")
        #expect(fixture["cases"].array.count == 24)
        for c in fixture["cases"].array {
            let twoSided = c["twoSided"].isTrue
            let design = try GroupSequentialDesign(
                fractions: c["fractions"].doubles, significance: c["significance"].double, alternative: twoSided ? .twoSided : .greater,
                spending: Self.spending(c["spending"].text))
            let powers = try design.rejectionProbabilities(drift: 2.5)
            for (k, look) in design.looks.enumerated() {
                #expect(close(look.spent, c["spent"][k].double * (twoSided ? 2 : 1), 1e-13))
                #expect(close(look.bound, c["bounds"][k].double, 1e-11), "\(c) \(k)")
                #expect(close(powers[k], c["crossedAtDrift2.5"][k].double, 1e-11), "\(c) \(k)")
            }
        }
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func publishedBoundsComeOut() throws {
        let golden: JSON = try Fixture.oracle("golden/group_sequential.json")
        #expect(golden.array.count == 61)
        for c in golden.array {
            let design = try GroupSequentialDesign(
                fractions: c["t"].doubles, significance: c["alpha"].double, alternative: c["two_sided"].isTrue ? .twoSided : .greater,
                spending: Self.spending(c["spending"].text))
            for (look, z) in zip(design.looks, c["z"].doubles) { #expect(close(look.bound, z, 1e-9), "\(c)") }
        }
        // These were published to five digits only.
        let spotify: JSON = try Fixture.oracle("spotify/sequential_bounds.json")
        for c in spotify.array {
            let words = c["kwargs"]
            let design = try GroupSequentialDesign(
                fractions: words["t"].doubles, significance: words["alpha"].double, alternative: .twoSided, spending: .power(rho: 2))
            for (look, z) in zip(design.looks, c["bounds"].doubles) { #expect(close(look.bound, z, 5e-5), "\(c)") }
        }
    }

    @Test(arguments: Alternative.allCases)
    func exactlyTheSignificanceIsSpent(_ alternative: Alternative) throws {
        for count in [1, 2, 12] {
            let design = try GroupSequentialDesign(looks: count, significance: 0.05, alternative: alternative, spending: .pocock)
            #expect(close(try design.power(drift: 0), 0.05, 1e-12), "\(count)")
        }
    }

    @Test func oneLookIsAnOrdinaryTest() throws {
        let design = try GroupSequentialDesign(looks: 1, significance: 0.05)
        #expect(close(design.looks[0].bound, 1.959963984540054, 1e-14))
        #expect(close(try design.inflation(power: 0.8), 1, 1e-12))
        #expect(close(try design.pValue(statistic: -2.3, look: 0), 2 * Normal.standard.cdf(-2.3), 1e-14))
        let interval = try design.confidenceInterval(estimate: 1.2, standardError: 0.5, look: 0)
        #expect(close(interval.low, 1.2 - 1.959963984540054 * 0.5, 1e-12))
        #expect(close(interval.high, 1.2 + 1.959963984540054 * 0.5, 1e-12))
    }

    @Test func boundsFarOutStayExact() throws {
        // At one percent of the information O'Brien and Fleming spend 1e-112: a bound, not an infinity.
        let design = try GroupSequentialDesign(fractions: [0.01, 0.02, 1], significance: 0.05)
        #expect(design.looks[0].bound > 22 && design.looks[0].bound < 23)
        #expect(design.looks[1].bound > 15 && design.looks[1].bound < 16)
        #expect(close(design.looks[2].bound, 1.959963984540054, 1e-9))
    }

    @Test func lessIsGreaterInAMirror() throws {
        let up = try GroupSequentialDesign(looks: 3, significance: 0.025, alternative: .greater)
        let down = try GroupSequentialDesign(looks: 3, significance: 0.025, alternative: .less)
        #expect(up.looks == down.looks)
        #expect(try up.power(drift: 2.5) == down.power(drift: -2.5))
        #expect(try up.drift(power: 0.7) == -down.drift(power: 0.7))
        #expect(try up.pValue(statistic: 2.1, look: 1) == down.pValue(statistic: -2.1, look: 1))
        let (a, b) = try (
            up.confidenceInterval(estimate: 2, standardError: 0.9, look: 1),
            down.confidenceInterval(estimate: -2, standardError: 0.9, look: 1)
        )
        #expect(a.low == -b.high && a.high == .infinity && b.low == -.infinity)
        #expect(try up.stop([1, 1.5, 2]) == 2 && down.stop([1, 1.5, 2]) == nil && down.stop([-4]) == 0)
    }

    @Test func driftInvertsPowerAndLooksCostLittle() throws {
        let design = try GroupSequentialDesign(looks: 5, significance: 0.05)
        let drift = try design.drift(power: 0.9)
        #expect(close(try design.power(drift: drift), 0.9, 1e-12))
        // Jennison and Turnbull give factors near 1.03 for O'Brien-Fleming and 1.2 for Pocock.
        let pocock = try GroupSequentialDesign(looks: 5, significance: 0.05, spending: .pocock)
        #expect(try abs(design.inflation(power: 0.9) - 1.03) < 0.01)
        #expect(try abs(pocock.inflation(power: 0.9) - 1.21) < 0.02)
        #expect(try pocock.expectedInformation(drift: drift) < design.expectedInformation(drift: drift))
        #expect(try design.expectedInformation(drift: 0) > 0.98)
    }

    @Test(arguments: [Alternative.twoSided, .greater])
    func pValueAndIntervalAgreeWithTheBound(_ alternative: Alternative) throws {
        let design = try GroupSequentialDesign(looks: 4, significance: 0.05, alternative: alternative, spending: .pocock)
        for (k, look) in design.looks.enumerated() {
            // On the bound the p-value is what has been spent.
            #expect(close(try design.pValue(statistic: look.bound, look: k), look.spent, 1e-10))
            let se = 0.3 / look.fraction.squareRoot()
            let z = look.bound + 0.2
            let p = try design.pValue(statistic: z, look: k)
            let interval = try design.confidenceInterval(estimate: z * se, standardError: se, look: k, level: 1 - p)
            #expect(abs(interval.low) < 1e-9, "\(k)")
            let median = try design.medianUnbiasedEstimate(estimate: z * se, standardError: se, look: k)
            #expect(median > 0 && median <= z * se + 1e-12)
            #expect(k > 0 ? median < z * se : close(median, z * se, 1e-10))
        }
    }

    @Test func peekingFiveTimesKeepsTheErrorRate() throws {
        let design = try GroupSequentialDesign(looks: 5, significance: 0.05, spending: .pocock)
        var generator = Generator(seed: 4)
        var alarms = 0
        for _ in 0..<4000 {
            var score = 0.0
            let statistics = (1...5).map { k in
                score += generator.normal()
                return score / Double(k).squareRoot()
            }
            if try design.stop(statistics) != nil { alarms += 1 }
        }
        // The 99.9 % limits of a binomial count with probability 0.05.
        #expect(abs(Double(alarms) - 200) < 3.29 * 13.8)
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.empty(argument: "fractions")) { try GroupSequentialDesign(fractions: []) }
        #expect(throws: StatisticsError.outOfRange(argument: "fractions[1]", value: 0.5, expected: "more than 0.5 and at most 1")) {
            try GroupSequentialDesign(fractions: [0.5, 0.5])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "fractions[0]", value: 1.1, expected: "more than 0.0 and at most 1")) {
            try GroupSequentialDesign(fractions: [1.1])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "rho", value: 0, expected: "a positive number")) {
            try GroupSequentialDesign(looks: 2, spending: .power(rho: 0))
        }
        #expect(throws: StatisticsError.outOfRange(argument: "looks", value: 0, expected: "from 1 to 1000 looks")) {
            try GroupSequentialDesign(looks: 0)
        }
        let design = try GroupSequentialDesign(looks: 2)
        #expect(throws: StatisticsError.outOfRange(argument: "look", value: 2, expected: "a look from 0 to 1")) {
            try design.pValue(statistic: 1, look: 2)
        }
        #expect(throws: StatisticsError.notANumber(argument: "statistics", index: 0)) { try design.stop([.nan]) }
        #expect(throws: StatisticsError.tooMany(argument: "statistics", count: 3, limit: 2)) { try design.stop([0, 0, 0]) }
        #expect(throws: StatisticsError.notANumber(argument: "fraction", index: nil)) {
            try SpendingFunction.pocock.spent(at: .nan, of: 0.05)
        }
    }
}
