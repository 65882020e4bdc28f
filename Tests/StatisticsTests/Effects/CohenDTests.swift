import Statistics
import Testing

@Suite struct CohenDTests {
    @Test func theEffectIsTheDifferenceInStandardDeviations() throws {
        let test = try StudentTTest(
            Summary(mean: 10.5, standardDeviation: 2, count: 20), Summary(mean: 9.5, standardDeviation: 2, count: 20))
        let effect = CohenD(test)
        #expect(close(effect.estimate, 0.5, 1e-14))
        // Γ(19) / (√19 Γ(18.5))
        #expect(close(effect.hedges, 0.5 * 0.980_114, 1e-5))
    }

    @Test(arguments: Array(References.pairs.indices))
    func intervalsAgreeWithSciPy(_ pair: Int) throws {
        let reference = References.pairs[pair]
        let (a, b) = (reference["a"].doubles, reference["b"].doubles)
        let cases = [(CohenD(try OneSampleTTest(a)), reference["cohen/one"]), (CohenD(try StudentTTest(a, b)), reference["cohen/two"])]
        for (effect, expected) in cases where !expected.isNull {
            let interval = try effect.confidenceInterval()
            #expect(close([interval.low, interval.high], expected.doubles, 1e-9))
            let bound = try effect.confidenceInterval(level: 0.975, alternative: .greater)
            #expect(close(bound.low, interval.low, 1e-12) && bound.high == .infinity)
        }
    }

    @Test func ofOneSampleItIsTheMeanInStandardDeviations() throws {
        let sample = try Summary(mean: 1.5, standardDeviation: 3, count: 25)
        #expect(close(CohenD(try OneSampleTTest(sample)).estimate, 0.5, 1e-15))
        #expect(close(CohenD(try OneSampleTTest(sample, nullValue: 3)).estimate, -0.5, 1e-15))
    }

    @Test func theIntervalInvertsTheNoncentralT() throws {
        let test = try StudentTTest(Summary(mean: 1.2, standardDeviation: 1, count: 15), Summary(mean: 0, standardDeviation: 1, count: 12))
        let interval = try CohenD(test).confidenceInterval(level: 0.9)
        let scale = (15.0 * 12 / 27).squareRoot()
        let low = try NoncentralT(degreesOfFreedom: 25, noncentrality: interval.low * scale)
        let high = try NoncentralT(degreesOfFreedom: 25, noncentrality: interval.high * scale)
        #expect(close(low.survival(test.statistic), 0.05, 1e-10))
        #expect(close(high.cdf(test.statistic), 0.05, 1e-10))
    }
}
