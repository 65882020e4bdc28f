import SeededRandom
import Statistics
import Testing

extension References {
    // See scripts/fixtures/resampling.py.
    static let resampling: JSON = (try? Fixture.committed("resampling")) ?? .null
}

@Suite struct BootstrapTests {
    static let first = References.resampling["first"].doubles
    static let second = References.resampling["second"].doubles
    static let below = References.resampling["below"].doubles
    static let cases = References.resampling["bootstraps"].array

    static func bootstrap(_ name: String, _ plan: Resampling) throws -> Bootstrap {
        switch name {
        case "mean": try Bootstrap(mean: first, plan)
        case "differenceOfMeans": try Bootstrap(differenceOfMeans: first, second, plan)
        case "ratio": try Bootstrap(ratioOf: first, to: below, plan)
        case "relativeLift": try Bootstrap(relativeLiftOf: first, over: second, plan)
        case "quantile": try Bootstrap(quantile: 0.7, of: first, plan)
        default: try Bootstrap(differenceOfQuantiles: 0.7, first, second, plan)
        }
    }

    // SciPy drew 400,000 resamples; 40,000 here leave an end off by about a fiftieth of the standard error.
    @Test(arguments: cases.indices)
    func intervalsAreThoseOfSciPy(_ index: Int) throws {
        let reference = Self.cases[index]
        let name = reference["name"].text
        let bootstrap = try Self.bootstrap(name, Resampling(count: 40_000, seed: 3))
        let error = reference["error"].double
        #expect(close(bootstrap.standardError, error, 0.03))
        #expect(abs(bootstrap.bias) < error / 5)
        // A quantile of forty values jumps from one to the next.
        let slack = (name.contains("uantile") ? 0.12 : 0.05) * error
        for method in [Bootstrap.Method.percentile, .basic, .bca] {
            let interval = try bootstrap.confidenceInterval(method, level: 0.9)
            let expected = reference[method.rawValue].doubles
            #expect(abs(interval.low - expected[0]) < slack, "\(name) \(method): \(interval) for \(expected)")
            #expect(abs(interval.high - expected[1]) < slack, "\(name) \(method): \(interval) for \(expected)")
        }
    }

    @Test func aStatisticOfOnesOwnAgreesWithTheBuiltIn() throws {
        let plan = try Resampling(count: 4000, seed: 8)
        let own = try Bootstrap(Self.first, plan) { $0.reduce(0, +) / Double($0.count) }
        let builtIn = try Bootstrap(mean: Self.first, plan)
        for method in [Bootstrap.Method.percentile, .basic, .bca] {
            let (a, b) = (try own.confidenceInterval(method), try builtIn.confidenceInterval(method))
            #expect(abs(a.low - b.low) < 0.2 * own.standardError && abs(a.high - b.high) < 0.2 * own.standardError)
        }
        let two = try Bootstrap(Self.first, Self.second, plan) { $0.reduce(0, +) / 40 - $1.reduce(0, +) / 30 }
        #expect(close(two.standardError, try Bootstrap(differenceOfMeans: Self.first, Self.second, plan).standardError, 0.06))
        #expect(try two.confidenceInterval(.bca).contains(two.estimate))
    }

    @Test func studentizedIntervalsMeetTheirDefinition() throws {
        let expected = References.resampling["studentized"].doubles
        let bootstrap = try Bootstrap(mean: Self.first, Resampling(count: 40_000, seed: 4))
        let interval = try bootstrap.confidenceInterval(.studentized, level: 0.9)
        #expect(abs(interval.low - expected[0]) < 0.06 * bootstrap.standardError)
        #expect(abs(interval.high - expected[1]) < 0.06 * bootstrap.standardError)
        let own = try Bootstrap(studentizing: Self.first, Resampling(count: 4000, seed: 4)) { values in
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return .init(value: mean, standardError: (squares / (n - 1) / n).squareRoot())
        }
        #expect(abs(try own.confidenceInterval(.studentized, level: 0.9).low - expected[0]) < 0.2 * own.standardError)
        let difference = try Bootstrap(differenceOfMeans: Self.first, Self.second, studentizing: true, Resampling(count: 4000, seed: 4))
        let studentized = try difference.confidenceInterval(.studentized)
        let welch = try WelchTTest(Self.first, Self.second).confidenceInterval()
        #expect(abs(studentized.low - welch.low) < 0.5 * difference.standardError)
    }

    @Test func theSeedSettlesTheResultAndThreadsDoNot() throws {
        var generator = Generator(seed: 2)
        let values = generator.sample(3000) { $0.normal() }
        let one = try Bootstrap(differenceOfMeans: values, Self.second, Resampling(count: 501, seed: 7, threads: 1))
        let three = try Bootstrap(differenceOfMeans: values, Self.second, Resampling(count: 501, seed: 7, threads: 3))
        #expect(one.replicates == three.replicates)
        let other = try Bootstrap(differenceOfMeans: values, Self.second, Resampling(count: 501, seed: 8))
        #expect(one.replicates != other.replicates)
        let closures = try [1, 4].map { threads in
            try Bootstrap(Self.first, Resampling(count: 101, seed: 7, threads: threads)) { $0[0] }.replicates
        }
        #expect(closures[0] == closures[1])
    }

    // How often units are drawn, across the blocks that a sample is cut into: as a multinomial number, unit by unit and jointly.
    @Test(arguments: [3, 100, 1024, 2500])
    func everyUnitIsDrawnAsOftenAsAnyOther(_ n: Int) throws {
        let count = 4000
        // Units at the ends and in the middle; the rest are too small to be seen, and differ so that no run of equal values is found.
        var values = (0..<n).map { 1e-9 * Double($0) }
        let marked = [0, n / 2, n - 1]
        for (place, unit) in marked.enumerated() { values[unit] = [1.0, 1000, 1e6][place] }
        let total = values.reduce(0, +) / Double(n)
        let bootstrap = try Bootstrap(differenceOfMeans: values, [0, 0], Resampling(count: count, seed: 11))
        #expect(close(bootstrap.estimate, total, 1e-12))
        var seen = Array(repeating: [Double](), count: 3)
        for replicate in bootstrap.replicates {
            var sum = (replicate * Double(n)).rounded()
            seen[0].append(sum.truncatingRemainder(dividingBy: 1000))
            sum = (sum / 1000).rounded(.down)
            seen[1].append(sum.truncatingRemainder(dividingBy: 1000))
            seen[2].append((sum / 1000).rounded(.down))
        }
        let law = try Binomial(trials: n, probability: 1 / Double(n))
        for draws in seen {
            // Pearson's statistic of 0, 1, 2 and 3 or more draws.
            let expected = (0..<3).map { law.mass($0) } + [law.survival(2)]
            let observed = (0..<3).map { k in draws.count { $0 == Double(k) } } + [draws.count { $0 >= 3 }]
            let statistic = zip(observed, expected).reduce(0) { sum, pair in
                let mean = pair.1 * Double(count)
                return sum + (Double(pair.0) - mean) * (Double(pair.0) - mean) / mean
            }
            #expect(try ChiSquare(degreesOfFreedom: 3).survival(statistic) > 1e-4)
        }
        // Two units share the draws: their counts have covariance -1/n.
        let moments = try CoMoments([seen[0], seen[2]])
        let error = 1 / Double(count).squareRoot()
        #expect(abs(moments.covariance(0, 1) + 1 / Double(n)) < 4 * error)
    }

    // The bootstrap's own moments are known: those of the sample, over n and n².
    @Test func replicatesHaveTheMomentsOfTheSample() throws {
        var generator = Generator(seed: 77)
        let values = generator.sample(5000) { $0.exponential().rounded(.up) + ($0.uniform() < 0.3 ? $0.uniform() : 0) }
        let moments = try Moments(values)
        let replicates = try Moments(Bootstrap(mean: values, Resampling(count: 8000, seed: 5)).replicates)
        let n = Double(values.count)
        #expect(abs(replicates.mean - moments.mean) < 4 * replicates.summary.standardError)
        #expect(close(replicates.variance, moments.summary.squaredDeviations / n / n, 0.07))
        #expect(abs(try #require(replicates.skewness)) < 0.2)
    }

    // An order statistic of a resample lies at or below the i-th value as often as a binomial number is great enough.
    @Test(arguments: [0.0, 0.25, 0.5, 1.0])
    func orderStatisticsHaveTheirExactDistribution(_ probability: Double) throws {
        let n = 9
        let values = (0..<n).map(Double.init)
        let rank = Int(probability * Double(n - 1)) + 1
        let replicates = try Bootstrap(quantile: probability, of: values, Resampling(count: 20_000, seed: 6)).replicates
        for i in 0..<n {
            let exact = try Binomial(trials: n, probability: Double(i + 1) / Double(n)).survival(rank - 1)
            let share = Double(replicates.count { $0 <= Double(i) }) / 20_000
            #expect(abs(share - exact) < 4 * (exact * (1 - exact) / 20_000).squareRoot() + 1e-12)
        }
    }

    @Test func shiftingAndScalingTheDataDoesSoToTheInterval() throws {
        let plan = try Resampling(count: 999, seed: 1)
        let plain = try Bootstrap(mean: Self.first, plan)
        let moved = try Bootstrap(mean: Self.first.map { 1000 + 10 * $0 }, plan)
        for method in Bootstrap.Method.allCases {
            let (a, b) = (try plain.confidenceInterval(method), try moved.confidenceInterval(method))
            #expect(close(b.low, 1000 + 10 * a.low, 1e-11) && close(b.high, 1000 + 10 * a.high, 1e-11))
            let lower = try plain.confidenceInterval(method, alternative: .greater)
            #expect(lower.high == .infinity && lower.low > a.low)
        }
    }

    @Test func runsOfEqualValuesNeedNoDraws() throws {
        // A conversion of 2 %: the resampled count is binomial.
        let values = (0..<3000).map { $0 < 60 ? 1.0 : 0.0 }
        let replicates = try Bootstrap(mean: values, Resampling(count: 6000, seed: 5)).replicates
        let summary = try Summary(replicates)
        #expect(abs(summary.mean - 0.02) < 4 * summary.standardError)
        #expect(close(summary.variance, 0.02 * 0.98 / 3000, 0.08))
        #expect(replicates.allSatisfy { abs($0 * 3000 - ($0 * 3000).rounded()) < 1e-6 })
    }

    @Test func studentizedIntervalsCoverASkewedMean() throws {
        var generator = Generator(seed: 1997)
        var covered = 0
        for round in 0..<200 {
            let values = generator.sample(40) { $0.exponential() }
            let interval = try Bootstrap(mean: values, Resampling(count: 399, seed: UInt64(round))).confidenceInterval(
                .studentized, level: 0.9)
            if interval.contains(1) { covered += 1 }
        }
        #expect(try isCoverage(covered, of: 200, level: 0.9))
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.tooFew(argument: "values", count: 1, needed: 2)) { try Bootstrap(mean: [1]) }
        #expect(throws: StatisticsError.empty(argument: "second")) { try Bootstrap(differenceOfMeans: [1, 2], []) }
        #expect(throws: StatisticsError.notANumber(argument: "first", index: 1)) { try Bootstrap(differenceOfMeans: [1, .nan], [1, 2]) }
        #expect(throws: StatisticsError.infinite(argument: "values", index: 0)) { try Bootstrap(quantile: 0.5, of: [.infinity, 1]) }
        #expect(throws: StatisticsError.self) { try Bootstrap(quantile: 1.5, of: [2, 1]) }
        #expect(throws: StatisticsError.self) { try Resampling(count: 0) }
        #expect(throws: StatisticsError.self) { try Resampling(threads: 0) }
        #expect(throws: StatisticsError.countMismatch(argument: "denominators", count: 1, expected: 2)) {
            try Bootstrap(ratioOf: [1, 2], to: [1])
        }
        #expect(throws: StatisticsError.self) { try Bootstrap(ratioOf: [1, 2], to: [1, -1]) }
        // A resample of zeros alone has no ratio.
        #expect(throws: StatisticsError.self) { try Bootstrap(ratioOf: [1, 2, 3], to: [0, 0, 1]) }
        #expect(throws: StatisticsError.outOfRange(argument: "control", value: 0, expected: "a mean other than zero")) {
            try Bootstrap(relativeLiftOf: [1, 2], over: [1, -1])
        }
        #expect(throws: StatisticsError.notANumber(argument: "statistic", index: nil)) { try Bootstrap([1, 2]) { _ in .nan } }
        let plain = try Bootstrap(differenceOfMeans: [1, 2, 3], [1, 2, 4])
        #expect(throws: StatisticsError.empty(argument: "standard errors of resamples")) { try plain.confidenceInterval(.studentized) }
        #expect(throws: StatisticsError.self) { try plain.confidenceInterval(level: 0) }
        let constant = try Bootstrap(mean: [2, 2, 2])
        #expect(try constant.confidenceInterval().low == 2 && constant.confidenceInterval(.studentized).high == 2)
        #expect(throws: StatisticsError.self) { try constant.confidenceInterval(.bca) }
    }
}
