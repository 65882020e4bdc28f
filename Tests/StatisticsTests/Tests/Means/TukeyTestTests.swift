import Statistics
import Testing

@Suite struct TukeyTestTests {
    @Test func agreesWithSciPy() throws {
        for reference in References.all["groups"].array {
            let groups = try reference["groups"].array.map { try Summary($0.doubles) }
            let tests = try TukeyTest.allPairs(groups)
            #expect(tests.count == reference["tukey"].array.count)
            // SciPy integrates to eight or nine digits.
            for (test, expected) in zip(tests, reference["tukey"].doubles) { #expect(close(test.pValue, expected, 1e-7)) }
        }
    }

    @Test func ofTwoGroupsItIsStudentsTest() throws {
        let reference = References.pairs[0]
        let (a, b) = (try Summary(reference["a"].doubles), try Summary(reference["b"].doubles))
        let (tukey, student) = (try TukeyTest([a, b], first: 0, second: 1), try StudentTTest(a, b))
        #expect(close(tukey.pValue, student.pValue, 1e-12))
        let (interval, expected) = (try tukey.confidenceInterval(level: 0.9), try student.confidenceInterval(level: 0.9))
        #expect(close(interval.low, expected.low, 1e-10) && close(interval.high, expected.high, 1e-10))
    }

    @Test func aGroupThatIsNotThereIsNamed() throws {
        let groups = try [Summary([1, 2, 3]), Summary([2, 3, 5])]
        #expect(throws: StatisticsError.outOfRange(argument: "second", value: 2, expected: "one of the 2 groups")) {
            try TukeyTest(groups, first: 0, second: 2)
        }
    }
}
