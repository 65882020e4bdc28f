import SeededRandom
import Statistics
import Testing

@Suite struct SuperiorityEstimateTests {
    // SciPy 1.17.1, scipy.stats.brunnermunzel(second, first): the estimate less one half, in standard errors.
    @Test(
        arguments: [
            ([3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4], [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], 3.1374674823029505),
            ([1, 2, 2, -4, 7.5, 9, 8], [3.5, -1, 2, 8, 8, 0.25], 0.13682378751501245),
        ] as [([Double], [Double], Double)])
    func `it is as far from one half as Brunner and Munzel's statistic says`(_ first: [Double], _ second: [Double], _ statistic: Double)
        throws
    {
        let estimate = try SuperiorityEstimate(first, second)
        #expect(close((estimate.value - 0.5) / estimate.standardError, statistic, 1e-12))
        #expect(try close(estimate.value, MannWhitneyTest(first, second).probabilityOfSuperiority, 1e-14))
        let turned = try SuperiorityEstimate(second, first)
        #expect(close(turned.value, 1 - estimate.value, 1e-14) && close(turned.standardError, estimate.standardError, 1e-14))
        #expect(estimate.count == first.count + second.count)
    }

    @Test func `samples that do not overlap do not say how far it is off`() {
        #expect(throws: StatisticsError.noVariance(argument: "placements")) { try SuperiorityEstimate([5, 6, 7], [1, 2]) }
        #expect(throws: StatisticsError.noVariance(argument: "placements")) { try SuperiorityEstimate([1, 1], [1, 1]) }
        #expect(throws: StatisticsError.self) { try SuperiorityEstimate([1], [1, 2]) }
        #expect(throws: StatisticsError.self) { try SuperiorityEstimate([1, .nan], [1, 2]) }
    }

    // Where a Mann-Whitney test that is looked at as often raises a false alarm in three of ten experiments.
    @Test func `looked at fifty times, it seldom raises a false alarm`() throws {
        var generator = SeededGenerator(seed: 7)
        var (alarms, alarmsOfOneLook) = (0, 0)
        for _ in 0..<200 {
            var (first, second): ([Double], [Double]) = ([], [])
            var (isRaised, isRaisedByOneLook) = (false, false)
            for _ in 0..<50 {
                for _ in 0..<20 {
                    // Many pay nothing, a few much.
                    func value() -> Double {
                        Double.random(in: 0..<1, using: &generator) < 0.7 ? 0 : 1 / Double.random(in: 0.01..<1, using: &generator)
                    }
                    first.append(value())
                    second.append(value())
                }
                let estimate = try SuperiorityEstimate(first, second)
                let looks = try ConfidenceSequence(
                    estimate: estimate.value, standardError: estimate.standardError, count: estimate.count, tuning: .sampleSize(1000),
                    nullValue: 0.5)
                if looks.pValue < 0.05 { isRaised = true }
                if try MannWhitneyTest(first, second).pValue < 0.05 { isRaisedByOneLook = true }
            }
            alarms += isRaised ? 1 : 0
            alarmsOfOneLook += isRaisedByOneLook ? 1 : 0
        }
        // Of 200 with 5 in a hundred, more than 20 would be seen less than once in a thousand times.
        #expect(alarms <= 20, "\(alarms)")
        #expect(alarmsOfOneLook > 40, "\(alarmsOfOneLook)")
    }
}
