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
