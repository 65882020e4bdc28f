import Statistics
import Testing

@Suite struct YuenTTestTests {
    @Test(arguments: Array(References.pairs.indices), Alternative.allCases)
    func oneSampleAgreesWithStatsmodels(pair: Int, side: Alternative) throws {
        let reference = References.pairs[pair]
        let test = try YuenTTest(reference["a"].doubles, nullValue: 0.5)
        let expected = reference["trimmed/\(side.rawValue)"].doubles
        #expect(close(test.statistic, expected[0], 1e-12))
        #expect(close(test.pValue(side), expected[1], 1e-11))
        #expect(test.degreesOfFreedom == expected[2])
    }

    @Test func pairsAreTestedByTheirDifferences() throws {
        let (a, b): ([Double], [Double]) = ([5, 7, 6, 9, 4, 30, 8, 6], [4, 5, 6, 6, 5, 2, 7, 4])
        let paired = try YuenTTest(paired: a, b, trimming: 0.25)
        let differences = try YuenTTest(a.indices.map { a[$0] - b[$0] }, trimming: 0.25)
        #expect(paired.statistic == differences.statistic)
        #expect(paired.pValue == differences.pValue)
        // One wild pair is cut off, with the same number at the other end.
        #expect(close(paired.estimate, 1.5, 1e-15))
    }

    @Test func withoutTrimmingItIsStudentsTest() throws {
        let a = References.pairs[0]["a"].doubles
        let (trimmed, plain) = (try YuenTTest(a, trimming: 0, nullValue: 9), try OneSampleTTest(a, nullValue: 9))
        #expect(close(trimmed.statistic, plain.statistic, 1e-13) && trimmed.degreesOfFreedom == plain.degreesOfFreedom)
        let (two, welch) = (
            try YuenTTest(a, References.pairs[0]["b"].doubles, trimming: 0), try WelchTTest(a, References.pairs[0]["b"].doubles)
        )
        #expect(close(two.statistic, welch.statistic, 1e-13) && close(two.degreesOfFreedom, welch.degreesOfFreedom, 1e-13))
    }
}
