import SeededRandom
import Statistics
import Testing

@Suite struct CoMomentsTests {
    @Test func aLineIsPerfectlyCorrelated() throws {
        let x = (0..<5000).map { 1e6 + Double($0) }
        let columns = [x, x.map { 3 * $0 - 7 }, x.map { -$0 }]
        let moments = try CoMoments(columns)
        #expect(close(try #require(moments.correlation(0, 1)), 1, 1e-14))
        #expect(close(try #require(moments.correlation(0, 2)), -1, 1e-14))
        #expect(close(moments.covariance(0, 0), 5000.0 * 5001 / 12, 1e-14))
        #expect(close(moments.covariance(0, 1), 3 * 5000.0 * 5001 / 12, 1e-14))
        #expect(close(moments.summary(0).variance, try Summary(x).variance, 1e-14))
    }

    @Test(arguments: [1, 3, 4096])
    func partsMergeIntoTheWhole(_ cut: Int) throws {
        var generator = Generator(seed: 9)
        let x = generator.sample(6000) { $0.normal() }
        let y = x.map { 100 + $0 + generator.normal() }
        let whole = try CoMoments([x, y])
        var merged = try CoMoments([Array(x[..<cut]), Array(y[..<cut])])
        merged.merge(try CoMoments([Array(x[cut...]), Array(y[cut...])]))
        #expect(merged.count == 6000)
        #expect(close(merged.covariance(0, 1), whole.covariance(0, 1), 1e-12))
        #expect(close(merged.means[1], whole.means[1], 1e-14))
    }

    @Test func aggregatesGiveTheSameAsRawColumns() throws {
        let raw = try CoMoments([[1, 2, 4, 9], [3, 1, 5, 5]])
        let covariances = [raw.covariance(0, 0), raw.covariance(0, 1), raw.covariance(1, 0), raw.covariance(1, 1)]
        let summarised = try CoMoments(count: 4, means: raw.means, covariances: covariances)
        #expect(close(summarised[0, 1], raw[0, 1], 1e-15))
    }

    @Test func badColumnsAreNamed() {
        #expect(throws: StatisticsError.countMismatch(argument: "columns[1]", count: 1, expected: 2)) { try CoMoments([[1, 2], [1]]) }
        #expect(throws: StatisticsError.notANumber(argument: "columns[1]", index: 1)) { try CoMoments([[1, 2], [1, .nan]]) }
        #expect(throws: StatisticsError.countMismatch(argument: "covariances", count: 3, expected: 4)) {
            try CoMoments(count: 3, means: [0, 0], covariances: [1, 0, 1])
        }
    }
}
