import Statistics
import Testing

@Suite struct EquivalenceTestTests {
    private static func welch(shift: Double = 0) throws -> WelchTTest {
        try WelchTTest(
            Summary(mean: 10.2 + shift, standardDeviation: 3, count: 400), Summary(mean: 10, standardDeviation: 4, count: 500))
    }

    @Test func itIsTwoTestsEachAgainstOneMargin() throws {
        let test = try EquivalenceTest(Self.welch(), lowerMargin: -0.5, upperMargin: 0.9)
        #expect(close(test.lowerPValue, try Self.welch(shift: 0.5).pValue(.greater), 1e-12))
        #expect(close(test.upperPValue, try Self.welch(shift: -0.9).pValue(.less), 1e-12))
        #expect(test.pValue == max(test.lowerPValue, test.upperPValue))
    }

    @Test func theIntervalLiesWithinTheMarginsExactlyWhenThePValueSaysSo() throws {
        for upper in stride(from: 0.25, through: 1.2, by: 0.05) {
            let test = try EquivalenceTest(Self.welch(), lowerMargin: -0.6, upperMargin: upper)
            let interval = try test.confidenceInterval(significance: 0.05)
            #expect((test.pValue < 0.05) == (interval.low > -0.6 && interval.high < upper))
        }
    }

    @Test func nonInferiorityAsksOnlyAboutTheWorse() throws {
        let test = try EquivalenceTest(nonInferiority: Self.welch(), margin: 0.5)
        #expect(test.upperPValue == 0)
        #expect(close(test.pValue, try Self.welch(shift: 0.5).pValue(.greater), 1e-12))
    }

    @Test func proportionsLieWithinTheMarginsExactlyWhenThePValueSaysSo() throws {
        let (a, b) = (try Proportion(successes: 412, trials: 1000), try Proportion(successes: 430, trials: 1010))
        for upper in stride(from: 0.005, through: 0.1, by: 0.005) {
            let test = try EquivalenceTest(a, b, lowerMargin: -0.06, upperMargin: upper)
            let interval = try test.confidenceInterval(significance: 0.05)
            #expect((test.pValue < 0.05) == (interval.low > -0.06 && interval.high < upper))
        }
        let worse = try EquivalenceTest(nonInferiority: a, to: b, margin: 0.06)
        let both = try EquivalenceTest(a, b, lowerMargin: -0.06, upperMargin: 0.5)
        #expect(worse.upperPValue == 0 && close(worse.pValue, both.pValue, 1e-12))
        // Without a single success the margins still say something.
        let none = try Proportion(successes: 0, trials: 400)
        #expect(try EquivalenceTest(none, none, lowerMargin: -0.02, upperMargin: 0.02).pValue < 0.01)
    }

    @Test func aLiftIsHeldAgainstRelativeMargins() throws {
        let (a, b) = (try Summary(mean: 10.05, standardDeviation: 3, count: 4000), try Summary(mean: 10, standardDeviation: 3, count: 4000))
        let lift = try RelativeLift(treatment: a, control: b)
        let test = try EquivalenceTest(lift, lowerMargin: -0.02, upperMargin: 0.03)
        let interval = try test.confidenceInterval(significance: 0.05)
        #expect((test.pValue < 0.05) == (interval.low > -0.02 && interval.high < 0.03))
        // Two per cent of a control that is known are 0.2.
        let known = try EquivalenceTest(
            nonInferiority: RelativeLift(
                treatment: Estimate(value: 10.05, standardError: 0.05), control: Estimate(value: 10, standardError: 0)),
            margin: 0.02)
        #expect(close(known.pValue, Normal.standard.survival(0.25 / 0.05), 1e-12))
    }

    @Test func marginsThatMakeNoSenseAreRefused() throws {
        let test = try Self.welch()
        let half = try Proportion(successes: 5, trials: 10)
        #expect(
            throws: StatisticsError.outOfRange(argument: "upperMargin", value: 1, expected: "a difference of proportions, between -1 and 1")
        ) {
            try EquivalenceTest(half, half, lowerMargin: -0.1, upperMargin: 1)
        }
        #expect(throws: StatisticsError.infinite(argument: "lowerMargin and upperMargin", index: nil)) {
            try EquivalenceTest(test, lowerMargin: -.infinity, upperMargin: .infinity)
        }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(test, lowerMargin: 1, upperMargin: 1) }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(test, lowerMargin: .nan, upperMargin: 1) }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(test, lowerMargin: 0, upperMargin: .nan) }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(nonInferiority: test, margin: 0) }
    }
}
