import Foundation
import Statistics
import Testing

@Suite struct SampleRatioTests {
    @Test func theChiSquareComesOut() throws {
        let test = try SampleRatioTest(counts: [1000, 1200], weights: [1, 1])
        #expect(close(test.statistic, 18.181818181818183, 1e-14))
        #expect(close(test.pValue, 2.007865612426481e-05, 1e-12))
        #expect(test.degreesOfFreedom == 1 && test.expected == [1100, 1100])
    }

    @Test func anArmOfWeightZeroIsLeftOutButItsUnitsAreTold() throws {
        let test = try SampleRatioTest(counts: [1000, 1200, 900], weights: [0.5, 0.5, 0])
        #expect(try test.pValue == SampleRatioTest(counts: [1000, 1200], weights: [1, 1]).pValue)
        #expect(test.unexpectedUnits == 900)
        #expect(try SampleRatioTest(counts: [1000, 900], weights: [1, 0]).pValue == 1)
        #expect(try SampleRatioTest(counts: [0, 0, 0], weights: [0.34, 0.33, 0.33]).pValue == 1)
    }

    @Test func theFarTailIsKept() throws {
        let test = try SampleRatioTest(counts: [10000, 14000], weights: [1, 1])
        #expect(close(test.pValue, 2 * Normal.standard.survival(test.statistic.squareRoot()), 1e-12))
        #expect(test.pValue > 0 && test.pValue < 1e-140)
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func publishedRatiosComeOut() throws {
        let cases: JSON = try Fixture.oracle("growthbook/srm_ts.json")
        for c in cases["cases"].array where c["users"].array.count == c["weights"].array.count {
            let test = try SampleRatioTest(counts: c["users"].ints, weights: c["weights"].doubles)
            #expect(close(test.pValue, c["p"].double, 1e-5, absolute: 1e-9), "\(c)")
        }
        for c in References.golden["chisquare_srm"].array {
            let test = try SampleRatioTest(counts: c["obs"].ints, weights: c["weights"].doubles)
            #expect(close(test.statistic, c["result"][0].double, 1e-12) && close(test.pValue, c["result"][1].double, 1e-11), "\(c)")
        }
        let vectors: JSON = try Fixture.oracle("growthbook/gbstats_vectors.json")
        var compared = 0
        for c in vectors.array where c["function"].text == "check_srm" {
            let test = try SampleRatioTest(counts: c["args"][0].ints, weights: c["args"][1].doubles)
            #expect(close(test.pValue, c["result"].double, 1e-10), "\(c)")
            compared += 1
        }
        #expect(compared == 10)
    }

    @Test func theExactTestOfTwoArmsIsTheBinomialOne() throws {
        // binom.test(3, 20, 0.4) in R.
        let test = try ExactSampleRatioTest(counts: [3, 17], weights: [2, 3])
        let law = try Binomial(trials: 20, probability: 0.4)
        let observed = law.mass(3)
        let limit: Double = observed * (1 + 1e-7)
        let masses: [Double] = (0...20).map { law.mass($0) }
        let p: Double = masses.filter { $0 <= limit }.reduce(0, +)
        #expect(close(test.pValue, p, 1e-12))
        #expect(close(test.statistic, observed, 1e-12))
        #expect(close(try ExactSampleRatioTest(counts: [1, 0], weights: [1, 1]).pValue, 1, 1e-14))
    }

    @Test func theExactTestOfThreeArmsComesOut() throws {
        // Of the 3 + 2 + 1 ... ways: all six units in one of three equal arms, 3 / 3⁶.
        #expect(close(try ExactSampleRatioTest(counts: [6, 0, 0], weights: [1, 1, 1]).pValue, 3.0 / 729, 1e-12))
        // Near the chi-square where that is good.
        let (exact, asymptotic) = try (
            ExactSampleRatioTest(counts: [60, 75, 95], weights: [1, 1, 1]), SampleRatioTest(counts: [60, 75, 95], weights: [1, 1, 1])
        )
        #expect(abs(exact.pValue - asymptotic.pValue) < 0.002)
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.countMismatch(argument: "counts", count: 1, expected: 2)) {
            try SampleRatioTest(counts: [1000], weights: [0.5, 0.5])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "counts[1]", value: -3, expected: "a count that is not negative")) {
            try SampleRatioTest(counts: [1, -3], weights: [1, 1])
        }
        #expect(throws: StatisticsError.notANumber(argument: "weights[0]", index: nil)) {
            try SampleRatioTest(counts: [1, 3], weights: [.nan, 1])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "weights.sum", value: 0, expected: "a positive number")) {
            try SampleRatioTest(counts: [1, 3], weights: [0, 0])
        }
        #expect(throws: StatisticsError.tooMany(argument: "counts", count: 3000, limit: 1998)) {
            try ExactSampleRatioTest(counts: [1000, 1000, 1000], weights: [1, 1, 1])
        }
    }
}
