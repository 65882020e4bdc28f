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
            // Of one or two values no p-value is below 1/2: at 80 % no centre is rejected.
            guard count > 2 else {
                #expect(interval.low == -.infinity && interval.high == .infinity)
                continue
            }
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

    @Test func tiesAreCountedWhereverThatIsAffordable() throws {
        // Two of the 16 choices of signs are as extreme.
        let alike = try WilcoxonSignedRankTest([1, 1, 1, 1])
        #expect(alike.method == .exact && alike.name.hasSuffix("exact") && close(alike.pValue, 2.0 / 16, 1e-14))
        // The one lies among the first three in 3 of 33 cases.
        let rare = try MannWhitneyTest([1, 0, 0], Array(repeating: 0, count: 30))
        #expect(rare.method == .exact && rare.name.hasSuffix("exact"))
        #expect(close(rare.pValue(.greater), 3.0 / 33, 1e-13) && close(rare.pValue, 6.0 / 33, 1e-13))
        let turned = try MannWhitneyTest(Array(repeating: 0, count: 30), [1, 0, 0])
        #expect(close(turned.pValue(.less), 3.0 / 33, 1e-13) && close(turned.pValue, 6.0 / 33, 1e-13))
        // SciPy 1.17.1: permutation_test over all 92,378 ways to deal them out.
        let (a, b) = ([1, 2, 2, 3, 5, 5, 6, 0, 2, 4.0], [2, 3, 3, 4, 5, 6, 6, 7, 1.0])
        let test = try MannWhitneyTest(a, b)
        #expect(test.statistic == 30.5)
        for (side, p) in [
            (Alternative.twoSided, 0.250_470_891_337_764_4), (.less, 0.125_235_445_668_882_2), (.greater, 0.887_300_006_495_052_9),
        ] {
            #expect(close(test.pValue(side), p, 1e-12))
        }
    }

    @Test func whatTakesTooLongIsNormal() throws {
        var generator = Generator(seed: 6)
        func method(_ n: Int, _ m: Int, values: Double) throws -> MannWhitneyTest.Method {
            try MannWhitneyTest(
                generator.sample(n) { ($0.uniform() * values).rounded() }, generator.sample(m) { ($0.uniform() * values).rounded() }
            ).method
        }
        #expect(try method(40, 40, values: 60) == .exact && method(300, 300, values: 60) == .asymptotic)
        // A few against thousands, and few different values.
        #expect(try method(3, 5000, values: 5) == .exact && method(100, 110, values: 2) == .exact)
        #expect(try method(140, 140, values: 1e9) == .exact && method(400, 400, values: 1e12) == .asymptotic)
        #expect(try WilcoxonSignedRankTest(generator.sample(200) { $0.normal().rounded() + 0.5 }).method == .exact)
        #expect(try WilcoxonSignedRankTest(generator.sample(201) { $0.normal().rounded() + 0.5 }).method == .asymptotic)
    }

    // All 3,003 ways to deal out fifteen values: P(U ≤ 8) = 0.01998 and P(U ≤ 9) = 0.02764, so the ninth difference and the ninth from the
    // end are those of 95 %; the permeabilities are M. Hollander's and D. A. Wolfe's (1973).
    @Test func exactIntervalsEndAtTheRanksOfTheExactLaw() throws {
        let x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
        let test = try MannWhitneyTest(x, [1.15, 0.88, 0.90, 0.74, 1.21])
        for (level, low, high) in [(0.95, -0.15, 0.76), (0.9, -0.08, 0.72), (0.99, -0.35, 1.01)] {
            let interval = try test.shiftInterval(level: level)
            #expect(close(interval.low, low, 1e-12) && close(interval.high, high, 1e-12))
        }
        let side = try test.shiftInterval(alternative: .greater)
        #expect(close(side.low, -0.08, 1e-12) && side.high == .infinity)
        // Of two and two values no p-value is below 1/3; of five no signed ranks are below 1/16.
        let few = try MannWhitneyTest([1, 2], [3, 5])
        #expect(try few.shiftInterval() == ConfidenceInterval(low: -.infinity, high: .infinity, level: 0.95))
        #expect(try few.shiftInterval(level: 0.6) == ConfidenceInterval(low: -4, high: -1, level: 0.6))
        #expect(try WilcoxonSignedRankTest([1, 2, 3, 4, 5]).pseudomedianInterval().low == -.infinity)
        #expect(try WilcoxonSignedRankTest([1, 2, 3, 4, 5, 6]).pseudomedianInterval() == ConfidenceInterval(low: 1, high: 6, level: 0.95))
    }

    @Test(arguments: [2, 3, 4, 5])
    func smallSamplesAreCoveredAsPromised(_ count: Int) throws {
        var generator = Generator(seed: UInt64(count))
        for level in [0.5, 0.8, 0.9, 0.95] {
            var (shifts, centers) = (0, 0)
            for _ in 0..<1000 {
                let (a, b) = (generator.sample(count) { $0.normal() + 1 }, generator.sample(count) { $0.normal() })
                if try MannWhitneyTest(a, b).shiftInterval(level: level).contains(1) { shifts += 1 }
                if try WilcoxonSignedRankTest(a).pseudomedianInterval(level: level).contains(1) { centers += 1 }
            }
            // Four standard deviations of the simulation below the level.
            let least = 1000 * level - 4 * (1000 * level * (1 - level)).squareRoot()
            #expect(Double(shifts) >= least && Double(centers) >= least, "\(level): \(shifts), \(centers)")
        }
    }

    @Test(arguments: [false, true])
    func intervalsAndPValuesAgreeAboutZero(isTied: Bool) throws {
        var generator = Generator(seed: 17)
        func agree(_ p: Double, _ interval: ConfidenceInterval, _ why: String) {
            let isRejected = p < (1 - interval.level) * (1 - 1e-9)
            if !interval.contains(0) { #expect(isRejected, "\(why): \(p), \(interval)") }
            // With ties an interval may end at the very zero that is rejected.
            if isRejected { #expect(isTied ? interval.low >= 0 || interval.high <= 0 : !interval.contains(0), "\(why): \(p), \(interval)") }
        }
        for _ in 0..<400 {
            let draw = { (shift: Double) in { (g: inout Generator) in isTied ? (g.normal() * 2 + shift).rounded() : g.normal() * 2 + shift }
            }
            let n = 2 + Int(generator.next() % 9), m = 2 + Int(generator.next() % 9)
            let (a, b) = (generator.sample(n, draw(1.5)), generator.sample(m, draw(0)))
            for level in [0.5, 0.6, 0.8, 0.9, 0.95, 0.99] {
                if let test = try? MannWhitneyTest(a, b) {
                    agree(test.pValue, try test.shiftInterval(level: level), "shift of \(a) and \(b)")
                }
                if let test = try? WilcoxonSignedRankTest(a) {
                    agree(test.pValue, try test.pseudomedianInterval(level: level), "centre of \(a)")
                }
            }
        }
    }
}
