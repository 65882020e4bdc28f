import SeededRandom
import Statistics
import Testing

// Exact rank tests given the ties, against every assignment gone through; and the shifts that go with the ranks, by brute force.
@Suite struct TiedRankTests {
    static let cases = References.all["tied"].array

    @Test(arguments: cases.indices, Alternative.allCases)
    func exactTestsCountEveryAssignment(_ index: Int, side: Alternative) throws {
        let reference = Self.cases[index]
        let mannWhitney = try MannWhitneyTest(reference["a"].doubles, reference["b"].doubles, method: .exact)
        #expect(mannWhitney.statistic == reference["mannwhitney/\(side.rawValue)"][0].double)
        #expect(close(mannWhitney.pValue(side), reference["mannwhitney/\(side.rawValue)"][1].double, 1e-12))
        let wilcoxon = try WilcoxonSignedRankTest(reference["differences"].doubles, method: .exact)
        #expect(wilcoxon.statistic == reference["wilcoxon/\(side.rawValue)"][0].double)
        #expect(close(wilcoxon.pValue(side), reference["wilcoxon/\(side.rawValue)"][1].double, 1e-12))
    }

    @Test func withoutTiesBothExactLawsAreOne() throws {
        var generator = Generator(seed: 5)
        let (a, b) = (generator.sample(9) { $0.normal() }, generator.sample(11) { $0.normal() + 0.7 })
        let plain = try MannWhitneyTest(a, b, method: .exact)
        // A tie among the largest, both on one side, changes no comparison between the samples.
        let most = (a + b).map(abs).reduce(0, +)
        let tied = try MannWhitneyTest(a + [most, most], b, method: .exact)
        let apart = try MannWhitneyTest(a + [most, most + 1], b, method: .exact)
        #expect(tied.statistic == apart.statistic)
        #expect(close(tied.pValue(.greater), apart.pValue(.greater), 0.05))
        #expect(close(plain.logPValue(.less).exponential, plain.pValue(.less), 1e-14))
        #expect(close(plain.rankBiserialCorrelation, 2 * plain.statistic / 99 - 1, 1e-15))
    }

    @Test func whatIsTooLargeForAnExactLawIsNamed() {
        let long = (0..<60).map { Double($0 / 2) }
        #expect(throws: StatisticsError.tooMany(argument: "first", count: 60, limit: 41)) {
            try MannWhitneyTest(long, long, method: .exact)
        }
        #expect(throws: StatisticsError.tooMany(argument: "differences", count: 501, limit: 500)) {
            try WilcoxonSignedRankTest((1...501).map(Double.init), method: .exact)
        }
    }

    @Test func thePseudomedianIsTheMedianOfAllMeansOfPairs() throws {
        var generator = Generator(seed: 9)
        for count in [1, 2, 7, 30] {
            let values = generator.sample(count) { ($0.normal() * 4).rounded() / 2 + 0.25 }
            let means = values.indices.flatMap { i in values[i...].map { 0.5 * values[i] + 0.5 * $0 } }.sorted()
            let middle = means.count / 2
            let test = try WilcoxonSignedRankTest(values)
            #expect(test.pseudomedian == (means.count % 2 == 1 ? means[middle] : 0.5 * means[middle - 1] + 0.5 * means[middle]))
            let interval = try test.pseudomedianInterval(level: 0.8)
            #expect(interval.contains(test.pseudomedian) && means.contains(interval.low) && means.contains(interval.high))
        }
    }

    @Test func theShiftIntervalsInvertTheTests() throws {
        var generator = Generator(seed: 10)
        let (a, b) = (generator.sample(40) { $0.normal() + 0.5 }, generator.sample(50) { $0.normal() })
        let shift = try MannWhitneyTest(a, b).shiftInterval(level: 0.9)
        for (end, side) in [(shift.low, 1.0), (shift.high, -1.0)] {
            let inside = try MannWhitneyTest(a.map { $0 - end - side * 1e-9 }, b, method: .asymptoticUncorrected).pValue
            let outside = try MannWhitneyTest(a.map { $0 - end + side * 1e-9 }, b, method: .asymptoticUncorrected).pValue
            #expect(inside > 0.09 && outside < 0.11 && inside > outside)
        }
        let center = try WilcoxonSignedRankTest(a).pseudomedianInterval(level: 0.9)
        for (end, side) in [(center.low, 1.0), (center.high, -1.0)] {
            let inside = try WilcoxonSignedRankTest(a.map { $0 - end - side * 1e-9 }, method: .asymptotic).pValue
            let outside = try WilcoxonSignedRankTest(a.map { $0 - end + side * 1e-9 }, method: .asymptotic).pValue
            #expect(inside > 0.09 && outside < 0.11 && inside > outside)
        }
    }
}
