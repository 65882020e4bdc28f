import Statistics
import Testing

@Suite struct EffectTests {
    @Test func ofPlainMeansItIsWelchsTest() throws {
        let (a, b) = (
            try Summary(mean: 360, standardDeviation: 40, count: 9802), try Summary(mean: 352, standardDeviation: 58, count: 9789)
        )
        let effect = try Effect(treatment: a, control: b)
        let welch = try WelchTTest(a, b)
        #expect(close(effect.statistic, 11.236630785707332, 1e-14))
        #expect(close(effect.pValue, welch.pValue, 1e-12))
        #expect(close(effect.degreesOfFreedom, welch.degreesOfFreedom, 1e-14))
        let (x, y) = (try effect.confidenceInterval(level: 0.8), try welch.confidenceInterval(level: 0.8))
        #expect(close([x.low, x.high], [y.low, y.high], 1e-14))
    }

    @Test func swappingTheVariantsFlipsTheSign() throws {
        let (a, b) = (try Estimate(value: 3, standardError: 0.5, degreesOfFreedom: 9), try Estimate(value: 2, standardError: 0.2))
        let (there, back) = (try Effect(treatment: a, control: b), try Effect(treatment: b, control: a))
        #expect(there.statistic == -back.statistic && there.pValue == back.pValue)
        #expect(there.pValue(.greater) == back.pValue(.less))
        let (x, y) = (try there.confidenceInterval(), try back.confidenceInterval())
        #expect(x.low == -y.high && x.high == -y.low)
    }

    @Test func estimatesThatAreKnownGiveTheNormalLaw() throws {
        let one = try Estimate(value: 1.959963984540054, standardError: 1)
        let zero = try Estimate(value: 0, standardError: 0)
        let effect = try Effect(treatment: one, control: zero)
        #expect(close(effect.pValue, 0.05, 1e-12))
        #expect(close(try one.confidenceInterval().low, 0, 0, absolute: 1e-14))
        #expect(throws: StatisticsError.noVariance(argument: "treatment and control")) { try Effect(treatment: zero, control: zero) }
    }

    @Test func badNumbersAreNamed() throws {
        #expect(throws: StatisticsError.notANumber(argument: "value", index: nil)) { try Estimate(value: .nan, standardError: 1) }
        #expect(throws: StatisticsError.self) { try Estimate(value: 1, standardError: -1) }
        #expect(throws: StatisticsError.self) { try Estimate(value: 1, standardError: 1, degreesOfFreedom: 0) }
        #expect(throws: StatisticsError.self) { try Estimate(value: 1, standardError: 1, degreesOfFreedom: .nan) }
        #expect(throws: StatisticsError.self) { try Estimate(value: 1, standardError: 1e200) }
        let huge = try Estimate(value: 1.7e308, standardError: 1)
        #expect(throws: StatisticsError.infinite(argument: "difference", index: nil)) {
            try Effect(treatment: huge, control: Estimate(value: -1.7e308, standardError: 1))
        }
        let good = try Estimate(value: 1, standardError: 1)
        #expect(throws: StatisticsError.infinite(argument: "nullValue", index: nil)) {
            try Effect(treatment: good, control: good, nullValue: .infinity)
        }
        #expect(throws: StatisticsError.tooFew(argument: "control", count: 1, needed: 2)) {
            try Effect(treatment: Summary([1, 2]), control: Summary([1]))
        }
        #expect(throws: StatisticsError.empty(argument: "treatment")) { try Effect(treatment: Summary(), control: Summary([1, 2])) }
    }
}
