import SeededRandom
import Statistics
import Testing

@Suite struct RankTestTests {
    static let indices = Array(References.pairs.indices)

    private func samples(_ pair: Int) -> ([Double], [Double], JSON) {
        let reference = References.pairs[pair]
        return (reference["a"].doubles, reference["b"].doubles, reference)
    }

    @Test(arguments: indices, Alternative.allCases)
    func mannWhitneyAgreesWithSciPy(pair: Int, side: Alternative) throws {
        let (a, b, reference) = samples(pair)
        let methods: [(MannWhitneyTest.Method, String)] = [
            (.asymptotic, "asymptotic"), (.asymptoticUncorrected, "uncorrected"), (.exact, "exact"),
        ]
        for (method, name) in methods {
            let expected = reference["mannwhitney/\(name)/\(side.rawValue)"]
            guard !expected.isNull else { continue }
            let test = try MannWhitneyTest(a, b, method: method)
            #expect(test.statistic == expected[0].double)
            #expect(close(test.pValue(side), expected[1].double, 1e-10, absolute: name == "exact" ? 1e-14 : 0), "\(name)")
        }
    }

    @Test(arguments: indices, Alternative.allCases)
    func wilcoxonAgreesWithSciPy(pair: Int, side: Alternative) throws {
        let (a, b, reference) = samples(pair)
        let n = min(a.count, b.count)
        let methods: [(WilcoxonSignedRankTest.Method, String)] = [
            (.asymptotic, "asymptotic"), (.asymptoticCorrected, "corrected"), (.exact, "exact"),
        ]
        for (method, name) in methods {
            let expected = reference["wilcoxon/\(name)/\(side.rawValue)"]
            guard !expected.isNull else { continue }
            let test = try WilcoxonSignedRankTest(paired: Array(a[..<n]), Array(b[..<n]), method: method)
            #expect(close(test.pValue(side), expected[1].double, 1e-9, absolute: 1e-15), "\(name)")
            // SciPy's two-sided statistic is the smaller of the two rank sums.
            if side != .twoSided { #expect(test.statistic == expected[0].double) }
        }
    }

    @Test(arguments: indices, Alternative.allCases)
    func kolmogorovSmirnovAgreesWithSciPy(pair: Int, side: Alternative) throws {
        let (a, b, reference) = samples(pair)
        let exact = try KolmogorovSmirnovTest(a, b, exact: true)
        // SciPy's sides are those of the distribution functions: the lower function has the greater values.
        let theirs = side.mirrored.rawValue
        let expected = reference["ks/exact/\(theirs)"].doubles
        #expect(close(exact.statistic(side), expected[0], 1e-12))
        #expect(close(exact.pValue(side), expected[1], 1e-9), "exact")
        let asymptotic = try KolmogorovSmirnovTest(a, b, exact: false)
        if side != .twoSided { #expect(close(asymptotic.pValue(side), reference["ks/asymptotic/\(theirs)"][1].double, 1e-9)) }
    }

    // By hand: the two functions are 1 apart below all of the first sample, and never the other way round.
    @Test func greaterMeansGreaterValues() throws {
        let test = try KolmogorovSmirnovTest([5, 6, 7], [1, 2])
        #expect(test.statistic(.greater) == 1 && test.statistic(.less) == 0)
        // One of the ten ways to deal five values out as three and two.
        #expect(close(test.pValue(.greater), 0.1, 1e-14) && test.pValue(.less) == 1)
        #expect(test.location(.greater) == 2 && test.location == 2)
    }

    @Test func theLimitOfTheExactLawIsKolmogorovs() throws {
        var generator = Generator(seed: 4)
        let (a, b) = (generator.sample(1500) { $0.normal() }, generator.sample(1500) { $0.normal() + 0.05 })
        let (exact, limit) = (try KolmogorovSmirnovTest(a, b, exact: true).pValue, try KolmogorovSmirnovTest(a, b, exact: false).pValue)
        #expect(abs(exact - limit) < 0.03)
    }

    @Test func hodgesLehmannIsTheMedianOfAllDifferences() throws {
        var generator = Generator(seed: 12)
        for (n, m) in [(1, 1), (4, 7), (30, 21), (40, 40)] {
            let (a, b) = (generator.sample(n) { $0.normal() * 3 }, generator.sample(m) { ($0.normal() * 4).rounded() })
            let differences = a.flatMap { x in b.map { x - $0 } }.sorted()
            let middle = differences.count / 2
            let median = differences.count % 2 == 1 ? differences[middle] : 0.5 * (differences[middle - 1] + differences[middle])
            #expect(try MannWhitneyTest(a, b).shift == median)
        }
        let (a, b, _) = samples(0)
        let test = try MannWhitneyTest(a, b)
        let interval = try test.shiftInterval()
        #expect(interval.contains(test.shift) && interval.low < interval.high)
    }

    @Test func longSamplesAreSortedByRadix() throws {
        var generator = Generator(seed: 1)
        let a = generator.sample(5000) { $0.uniform() < 0.7 ? 0 : $0.normal() * 1e3 }
        let b = generator.sample(4000) { $0.uniform() < 0.7 ? -0.0 : $0.normal() * 1e-3 }
        let test = try MannWhitneyTest(a, b)
        // By definition, over all pairs.
        var twice = 0
        for x in a { for y in b { twice += x > y ? 2 : x == y ? 1 : 0 } }
        #expect(test.statistic == Double(twice) / 2)
        #expect(close(try MannWhitneyTest(b, a).statistic, Double(a.count * b.count) - test.statistic, 1e-15))
    }

    @Test func swappingTurnsTheSidesRound() throws {
        for pair in Self.indices {
            let (a, b, _) = samples(pair)
            let (test, mirrored) = (try MannWhitneyTest(a, b), try MannWhitneyTest(b, a))
            #expect(close(test.pValue(.less), mirrored.pValue(.greater), 1e-13))
            #expect(close(test.probabilityOfSuperiority + mirrored.probabilityOfSuperiority, 1, 1e-14))
            #expect(close(test.shift, -mirrored.shift, 1e-14))
        }
    }

    @Test func kruskalWallisAgreesWithSciPy() throws {
        for reference in References.all["groups"].array {
            let test = try KruskalWallisTest(reference["groups"].array.map(\.doubles))
            #expect(close(test.statistic, reference["kruskal"][0].double, 1e-11))
            #expect(close(test.pValue, reference["kruskal"][1].double, 1e-11))
        }
    }

    @Test func whatCannotBeRankedIsAnError() {
        #expect(throws: StatisticsError.empty(argument: "second")) { try MannWhitneyTest([1], []) }
        #expect(throws: StatisticsError.notANumber(argument: "first", index: 0)) { try MannWhitneyTest([.nan], [1]) }
        #expect(throws: StatisticsError.noVariance(argument: "first and second")) { try MannWhitneyTest([2, 2], [2, 2, 2]) }
        #expect(throws: StatisticsError.noVariance(argument: "differences")) { try WilcoxonSignedRankTest([0, 0]) }
        #expect(throws: StatisticsError.infinite(argument: "first", index: 1)) { try KolmogorovSmirnovTest([1, .infinity], [1]) }
        #expect(throws: StatisticsError.noVariance(argument: "groups")) { try KruskalWallisTest([[1, 1], [1]]) }
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func agreesWithTheGoldenSamples() throws {
        for sample in References.golden["samples"].array {
            let (a, b) = (sample["a"].doubles, sample["b"].doubles)
            guard !a.isEmpty, !b.isEmpty else { continue }
            for side in Alternative.allCases {
                for (method, name) in [(MannWhitneyTest.Method.asymptotic, "asymptotic/cc"), (.asymptoticUncorrected, "asymptotic/nocc")] {
                    let expected = sample["mannwhitneyu/\(name)/\(side.rawValue)"]
                    guard !expected[1].double.isNaN, let test = try? MannWhitneyTest(a, b, method: method) else { continue }
                    #expect(test.statistic == expected[0].double)
                    #expect(close(test.pValue(side), expected[1].double, 1e-9), "\(sample["name"].text)")
                }
            }
        }
    }
}
