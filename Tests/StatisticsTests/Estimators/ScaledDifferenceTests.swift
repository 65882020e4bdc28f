import SeededRandom
import Statistics
import Testing

@Suite struct ScaledDifferenceTests {
    // 10 ± 20 against 2 ± 20, 200 units each, by SciPy: Student's distribution with Welch's degrees of freedom.
    @Test(arguments: [(-0.05, 4.1420871160251, 4.205376477830377e-5), (0.05, 3.842869456529672, 1.4149655442399775e-4)])
    func itIsTheTOfALinearCombination(lift: Double, statistic: Double, p: Double) throws {
        let deviation = (400.0 * 200 / 199).squareRoot()
        let test = try ScaledDifference(
            treatment: Estimate(Summary(mean: 10, standardDeviation: deviation, count: 200)),
            control: Estimate(Summary(mean: 2, standardDeviation: deviation, count: 200)), lift: lift)
        #expect(close(test.statistic, statistic, 1e-12) && close(test.pValue, p, 1e-10) && close(test.degreesOfFreedom, 398, 1e-12))
    }

    // Small samples of unequal variance: what Fieller's interval leaves out is rejected, and its ends just are.
    @Test(arguments: [1.0, -1], [0.8, 0.95, 0.99])
    func itRejectsWhatFiellersIntervalLeavesOut(sign: Double, level: Double) throws {
        let treatment = try Estimate(Summary(mean: 12 * sign, standardDeviation: 5, count: 6))
        let control = try Estimate(Summary(mean: 10 * sign, standardDeviation: 2, count: 40))
        let interval = try RelativeLift(treatment: treatment, control: control).confidenceInterval(level: level)
        for end in [interval.low, interval.high] {
            #expect(close(try ScaledDifference(treatment: treatment, control: control, lift: end).pValue, 1 - level, 1e-9))
        }
        #expect(try ScaledDifference(treatment: treatment, control: control, lift: interval.high + 0.01).pValue < 1 - level)
    }

    @Test func aControlOfZeroIsNoError() throws {
        let (treatment, control) = (try Estimate(value: 1, standardError: 0.2), try Estimate(value: 0, standardError: 0))
        #expect(close(try ScaledDifference(treatment: treatment, control: control, lift: -0.02).statistic, 5, 1e-14))
        #expect(throws: StatisticsError.noVariance(argument: "treatment and control")) {
            try ScaledDifference(treatment: control, control: control, lift: 0)
        }
        #expect(throws: StatisticsError.self) { try ScaledDifference(treatment: treatment, control: treatment, lift: .infinity) }
    }

    // A treatment at nine tenths of a control that may be zero by its interval: 2000 experiments, rejected on either side as often as it should be.
    @Test func itKeepsItsLevelWhereTheControlMayBeZero() throws {
        var generator = Generator(seed: 1990)
        var rejected = [0, 0]
        for _ in 0..<2000 {
            let control = try Estimate(Summary(generator.sample(60) { 2 + 20 * $0.normal() }))
            let treatment = try Estimate(Summary(generator.sample(90) { 1.8 + 10 * $0.normal() }))
            let test = try ScaledDifference(treatment: treatment, control: control, lift: -0.1)
            if test.pValue(.greater) < 0.025 { rejected[0] += 1 }
            if test.pValue(.less) < 0.025 { rejected[1] += 1 }
        }
        for count in rejected { #expect(try isCoverage(2000 - count, of: 2000, level: 0.975)) }
    }
}
