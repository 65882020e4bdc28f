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

    @Test func marginsThatMakeNoSenseAreRefused() throws {
        let test = try Self.welch()
        #expect(throws: StatisticsError.self) { try EquivalenceTest(test, lowerMargin: 1, upperMargin: 1) }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(test, lowerMargin: .nan, upperMargin: 1) }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(test, lowerMargin: 0, upperMargin: .nan) }
        #expect(throws: StatisticsError.self) { try EquivalenceTest(nonInferiority: test, margin: 0) }
    }
}
