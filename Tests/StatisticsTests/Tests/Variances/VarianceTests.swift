import SeededRandom
import Statistics
import Testing

@Suite struct VarianceTests {
    @Test(arguments: Array(References.pairs.indices))
    func twoSamplesAgreeWithSciPy(_ pair: Int) throws {
        let reference = References.pairs[pair]
        let groups = [reference["a"].doubles, reference["b"].doubles]
        for (center, name) in [(LeveneTest.Center.mean, "mean"), (.median, "median"), (.trimmedMean(0.05), "trimmed")] {
            let test = try LeveneTest(groups, center: center)
            #expect(close(test.statistic, reference["levene/\(name)"][0].double, 1e-9), "\(name)")
            #expect(close(test.pValue, reference["levene/\(name)"][1].double, 1e-9), "\(name)")
        }
        #expect(close(try BartlettTest(groups).statistic, reference["bartlett"][0].double, 1e-10))
        #expect(close(try BartlettTest(groups).pValue, reference["bartlett"][1].double, 1e-10))
    }

    @Test func severalGroupsAgreeWithSciPyAndStatsmodels() throws {
        for reference in References.all["groups"].array {
            let groups = reference["groups"].array.map(\.doubles)
            let anova = try AnalysisOfVariance(groups)
            #expect(close(anova.statistic, reference["anova"][0].double, 1e-12))
            #expect(close(anova.pValue, reference["anova"][1].double, 1e-12))
            let welch = try WelchAnalysisOfVariance(groups)
            #expect(close(welch.statistic, reference["welch"][0].double, 1e-12))
            #expect(close(welch.pValue, reference["welch"][1].double, 1e-11))
            #expect(close(welch.degreesOfFreedom.within, reference["welch"][2].double, 1e-12))
            #expect(close(try BartlettTest(groups).pValue, reference["bartlett"][1].double, 1e-11))
            #expect(close(try LeveneTest(groups, center: .mean).pValue, reference["levene/mean"][1].double, 1e-11))
            #expect(close(try LeveneTest(groups).pValue, reference["levene/median"][1].double, 1e-11))
        }
    }

    @Test(arguments: [9_999, 10_000], ["spread out", "few values", "two lumps"])
    func longSamplesHaveTheMedianThatSortingGives(count: Int, shape: String) throws {
        var generator = Generator(seed: UInt64(count))
        let draw: (inout Generator) -> Double =
            switch shape {
            case "few values": { ($0.normal() * 2).rounded() }
            // An even split puts the two middle values far apart.
            case "two lumps": { $0.uniform() < 0.5 ? -1e-5 * $0.uniform() : 1e5 + $0.uniform() }
            default: { $0.normal() * 1e3 }
            }
        let groups = [generator.sample(count, draw), generator.sample(count + 7, draw)]
        let distances = groups.map { group in
            let sorted = group.sorted()
            let middle = sorted.count / 2
            let median = sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2
            return group.map { abs($0 - median) }
        }
        #expect(close(try LeveneTest(groups).statistic, try AnalysisOfVariance(distances).statistic, 1e-10))
    }

    @Test func ofTwoGroupsTheAnalysisIsTheSquareOfTheTTest() throws {
        let reference = References.pairs[0]
        let (a, b) = (reference["a"].doubles, reference["b"].doubles)
        let t = try StudentTTest(a, b)
        #expect(close(try AnalysisOfVariance([a, b]).statistic, t.statistic * t.statistic, 1e-12))
        #expect(close(try AnalysisOfVariance([a, b]).pValue, t.pValue, 1e-12))
        let welch = try WelchTTest(a, b)
        #expect(close(try WelchAnalysisOfVariance([a, b]).statistic, welch.statistic * welch.statistic, 1e-12))
        #expect(close(try WelchAnalysisOfVariance([a, b]).pValue, welch.pValue, 1e-12))
    }

    @Test func effectSizesLieBetweenNothingAndAll() throws {
        let test = try AnalysisOfVariance([[1, 2, 3], [4, 5, 6], [7, 8, 9.0]])
        #expect(close(test.etaSquared, 0.9, 1e-14))
        #expect(close(test.omegaSquared, (54.0 - 2) / (60 + 1), 1e-14))
    }

    // Two values are equally far from their middle, so the distances do not vary; what differs are their last digits.
    @Test func roundingIsNoVariation() throws {
        for center in [LeveneTest.Center.mean, .median, .trimmedMean(0.1)] {
            #expect(throws: StatisticsError.noVariance(argument: "groups")) { try LeveneTest([[0.1, 0.4], [0.7, 0.95]], center: center) }
            // Little as it is, this varies: distances of 0.5e-12 and 1.5e-12 about 1.
            let small: [[Double]] = [[1 - 1.5e-12, 1 - 0.5e-12, 1 + 0.5e-12, 1 + 1.5e-12], [1 - 3e-12, 1, 1, 1 + 3e-12]]
            #expect(try LeveneTest(small, center: center).pValue > 0.01)
        }
        #expect(throws: StatisticsError.noVariance(argument: "difference within pairs")) {
            try OneSampleTTest(paired: [0.1, 0.2, 0.3, 0.4], [0.2, 0.3, 0.4, 0.5])
        }
    }

    @Test func whatCannotBeComparedIsAnError() {
        #expect(throws: StatisticsError.tooFew(argument: "groups", count: 1, needed: 2)) { try AnalysisOfVariance([[1, 2, 3]]) }
        #expect(throws: StatisticsError.noVariance(argument: "groups")) { try AnalysisOfVariance([[1, 1], [2, 2]]) }
        #expect(throws: StatisticsError.noVariance(argument: "groups[1]")) { try WelchAnalysisOfVariance([[1, 3], [2, 2]]) }
        #expect(throws: StatisticsError.notANumber(argument: "groups[1]", index: 1)) { try LeveneTest([[1, 3], [2, .nan]]) }
        #expect(throws: StatisticsError.tooFew(argument: "groups[0]", count: 1, needed: 2)) { try BartlettTest([[1], [2, 3]]) }
    }

    /// The certified F statistics of NIST.
    ///
    /// The last three lose all but four digits when their decimals become doubles, before any arithmetic; SciPy stands at the same limit.
    @Test(
        .enabled(if: Fixture.hasOracles),
        arguments: [
            ("SiRstv", 12.5), ("AtmWtAg", 9.5), ("SmLs01", 14), ("SmLs02", 13.5), ("SmLs03", 12.5), ("SmLs04", 9.5), ("SmLs05", 9.5),
            ("SmLs06", 9.5),
            ("SmLs07", 4), ("SmLs08", 4), ("SmLs09", 4),
        ])
    func certifiedDigitsAreReached(name: String, digits: Double) throws {
        let certified: JSON = try Fixture.oracle("nist/certified.json")
        let lines = try Fixture.oracleText("nist/anova/\(name).dat").split(whereSeparator: \.isNewline)
        var groups: [Int: [Double]] = [:]
        for line in lines.drop(while: { !$0.hasPrefix("Data:") || $0.contains("Factor") }) {
            let fields = line.split(separator: " ")
            if fields.count == 2, let group = Int(fields[0]), let value = Double(fields[1]) { groups[group, default: []].append(value) }
        }
        #expect(groups.count == certified["anova"][name]["k"].int)
        let test = try AnalysisOfVariance(groups.keys.sorted().compactMap { groups[$0] })
        // By rational arithmetic on the doubles themselves.
        let exact = ["SmLs07": 21.00081188781877, "SmLs08": 201.01300409594845, "SmLs09": 2001.1349262209505]
        if let exact = exact[name] { #expect(close(test.statistic, exact, 1e-13)) }
        let error = relativeError(test.statistic, certified["anova"][name]["F"].double)
        #expect(error < (-digits * 2.302_585_092_994_046).exponential)
    }
}
