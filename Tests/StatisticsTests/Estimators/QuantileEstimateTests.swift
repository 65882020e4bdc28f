import SeededRandom
import Statistics
import Testing

@Suite struct QuantileEstimateTests {
    static let cases = References.estimators["quantiles"].array

    @Test(arguments: cases.indices)
    func theIntervalIsThatOfSciPysQuantileTest(_ index: Int) throws {
        let reference = Self.cases[index]
        let quantile = try QuantileEstimate(reference["values"].doubles, probability: reference["probability"].double)
        #expect(close(quantile.value, reference["value"].double, 1e-14))
        let interval = try quantile.confidenceInterval(level: reference["level"].double)
        let expected = reference["interval"].array
        if expected.contains(where: \.isNull) {
            // Twenty values for a 95 % quantile that lies beyond them all with a chance of 0.95²⁰ = 36 %.
            #expect(throws: StatisticsError.tooFew(argument: "values", count: 20, needed: 72)) { try quantile.estimate }
        } else {
            #expect(try close(quantile.estimate.standardError, reference["error"].double, 1e-12))
        }
        #expect(interval.low == (expected[0].isNull ? -.infinity : expected[0].double))
        #expect(interval.high == (expected[1].isNull ? .infinity : expected[1].double))
    }

    @Test func shiftingAndScalingTheDataDoesSoToTheQuantile() throws {
        let values = Self.cases[0]["values"].doubles
        let plain = try QuantileEstimate(values, probability: 0.3)
        let moved = try QuantileEstimate(values.map { 5 - 2 * $0 }, probability: 0.7)
        #expect(close(moved.value, 5 - 2 * plain.value, 1e-12))
        #expect(try close(moved.estimate.standardError, 2 * plain.estimate.standardError, 1e-12))
        let (a, b) = (try plain.confidenceInterval(), try moved.confidenceInterval())
        #expect(close(b.low, 5 - 2 * a.high, 1e-12) && close(b.high, 5 - 2 * a.low, 1e-12))
    }

    // Two samples of one distribution on whole numbers: where the median lies between two steps, chance alone puts it on the one or the other.
    @Test(arguments: [(0.5, 1.0), (0.5, 100), (0.9, 1)]) func `Of values that repeat, those that are alike are seldom told apart`(
        _ probability: Double, _ steps: Double
    ) throws {
        var generator = Generator(seed: 20_261_128)
        let rounds = 400
        var rejected = 0
        for _ in 0..<rounds {
            let estimates = try (0..<2).map { _ in
                let values = generator.sample(400) { (5 * $0.exponential() * steps).rounded() / steps }
                return try QuantileEstimate(values, probability: probability).estimate
            }
            let effect = try Effect(treatment: estimates[0], control: estimates[1])
            if effect.pValue < 0.05 { rejected += 1 }
        }
        // Four standard deviations of a binomial number above 5 %.
        #expect(Double(rejected) < 20 + 4 * (Double(rounds) * 0.05 * 0.95).squareRoot(), "\(rejected) of \(rounds)")
    }

    // GrowthBook's quantiles come from the warehouse as a value and two order statistics; its flat prior leaves the plain standard error.
    @Test(.enabled(if: Fixture.hasOracles))
    func growthBookAgreesOnQuantiles() throws {
        var seen = 0
        for reference in References.growthbook where reference["test"].text == "EffectBayesianABTest" {
            let sides = reference["stats"][0].array
            let config = reference["config"].array.first ?? reference["config"]
            guard sides.first?["_type"].text == "QuantileStatistic", config["difference_type"].text == "absolute",
                reference["result"]["errorMessage"].isNull, config["prior_effect"]["proper"].isFalse
            else { continue }
            let estimates = try sides.map {
                try Estimate(
                    quantile: $0["quantile_hat"].double,
                    between: ConfidenceInterval(low: $0["quantile_lower"].double, high: $0["quantile_upper"].double, level: 0.95))
            }
            let effect = try Effect(treatment: estimates[1], control: estimates[0])
            #expect(close(effect.estimate, reference["result"]["uplift"]["mean"].double, 1e-9))
            // GrowthBook's variance of a quantile has n - 1 for n.
            let variance = zip(estimates, sides).reduce(0) { sum, side in
                sum + side.0.variance * (side.1["n"].double - 1) / side.1["n"].double
            }
            #expect(close(variance.squareRoot(), reference["result"]["uplift"]["stddev"].double, 1e-9))
            seen += 1
        }
        #expect(seen > 0)
    }

    @Test func oneClusterAValueChangesLittle() throws {
        let values = Self.cases[1]["values"].doubles
        let plain = try QuantileEstimate(values, probability: 0.9)
        let clustered = try QuantileEstimate(values, clusters: Array(values.indices), probability: 0.9)
        #expect(try close(clustered.estimate.standardError, plain.estimate.standardError, 0.01))
        // Each value five times over in its cluster is no more than once.
        let repeated = try QuantileEstimate(
            values.flatMap { Array(repeating: $0, count: 5) }, clusters: values.indices.flatMap { Array(repeating: $0, count: 5) },
            probability: 0.9)
        #expect(try close(repeated.estimate.standardError, plain.estimate.standardError, 0.5))
        #expect(try repeated.confidenceInterval().low < plain.value)
    }

    @Test func intervalsCoverTheQuantile() throws {
        var generator = Generator(seed: 1988)
        let truth = 1.609_437_912_434_100_3
        var covered = [0, 0]
        for _ in 0..<400 {
            let quantile = try QuantileEstimate(generator.sample(120) { $0.exponential() }, probability: 0.8)
            if try quantile.confidenceInterval(level: 0.9).contains(truth) { covered[0] += 1 }
            if try quantile.estimate.confidenceInterval(level: 0.9).contains(truth) { covered[1] += 1 }
        }
        // The first is never below its level; order statistics lie too far apart for it to be met exactly.
        #expect(try covered[0] >= Binomial(trials: 400, probability: 0.9).quantile(0.0005))
        // The second is a little wide as well: the density bends within the bandwidth.
        #expect(try covered[1] >= Binomial(trials: 400, probability: 0.9).quantile(0.0005) && covered[1] <= 390)
    }

    // The least n with pⁿ and (1 - p)ⁿ of at most a half of what the level leaves: log 0.025 / log 0.9 is 35.01.
    @Test(arguments: [
        (0.5, 0.95, 6), (0.9, 0.95, 36), (0.1, 0.95, 36), (0.95, 0.95, 72), (0.99, 0.95, 368), (0.75, 0.95, 13), (0.5, 0.99, 8),
    ])
    func anIntervalHasTwoEndsFromSoManyValuesOn(_ probability: Double, _ level: Double, _ fewest: Int) throws {
        #expect(try QuantileEstimate.fewestValues(probability: probability, level: level) == fewest)
        for count in [fewest - 1, fewest] {
            let quantile = try QuantileEstimate((0..<count).map(Double.init), probability: probability)
            let interval = try quantile.confidenceInterval(level: level)
            #expect((interval.low.isFinite && interval.high.isFinite) == (count == fewest))
            guard level == 0.95 else { continue }
            if count == fewest {
                #expect(try quantile.estimate.standardError > 0)
            } else {
                #expect(throws: StatisticsError.tooFew(argument: "values", count: count, needed: fewest)) { try quantile.estimate }
            }
        }
        #expect(throws: StatisticsError.self) { try QuantileEstimate.fewestValues(probability: 1) }
        #expect(try QuantileEstimate.fewestValues(probability: 1e-300) == 1_000_000_000_000_000)
    }

    // Forty values of each of ten users who do not vary within tell no more than ten.
    @Test func valuesThatDependOnEachOtherCountAsFewer() throws {
        let clusters = (0..<400).map { $0 / 40 }
        let quantile = try QuantileEstimate(clusters.map { Double($0) }, clusters: clusters, probability: 0.8)
        #expect(throws: StatisticsError.self) { try quantile.estimate }
        let more = try QuantileEstimate((0..<400).map { Double($0 % 40) }, clusters: clusters, probability: 0.8)
        #expect(try close(more.estimate.value, 31.2, 1e-12))
    }

    // Two samples of one distribution, as few as are compared. Of two against two hundred a third were told apart, of 20 against 200 one of seven.
    @Test(arguments: [(0.5, 6, 200), (0.9, 36, 36), (0.9, 36, 200)]) func samplesAsSmallAsMayBeAreSeldomToldApart(
        _ probability: Double, _ few: Int, _ many: Int
    ) throws {
        var generator = Generator(seed: 20_261_129)
        let rounds = 600
        var rejected = 0
        for _ in 0..<rounds {
            let estimates = try [few, many].map {
                try QuantileEstimate(generator.sample($0) { $0.normal() }, probability: probability).estimate
            }
            if try Effect(treatment: estimates[0], control: estimates[1]).pValue < 0.05 { rejected += 1 }
        }
        // Four standard deviations of a binomial number above 6.5 %, the most that simulations elsewhere gave.
        #expect(Double(rejected) < 39 + 4 * (Double(rounds) * 0.065 * 0.935).squareRoot(), "\(rejected) of \(rounds)")
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.tooFew(argument: "values", count: 1, needed: 2)) { try QuantileEstimate([1], probability: 0.5) }
        #expect(throws: StatisticsError.notANumber(argument: "values", index: 1)) { try QuantileEstimate([1, .nan], probability: 0.5) }
        #expect(throws: StatisticsError.self) { try QuantileEstimate([1, 2], probability: 1) }
        #expect(throws: StatisticsError.self) {
            try Estimate(quantile: 1, between: ConfidenceInterval(low: 2, high: 0, level: 0.95))
        }
        #expect(throws: StatisticsError.infinite(argument: "interval.high", index: nil)) {
            try Estimate(quantile: 1, between: ConfidenceInterval(low: 0, high: .infinity, level: 0.95))
        }
    }

    @Test func tiedValuesLeaveNoStandardError() throws {
        let tied = try QuantileEstimate(Array(repeating: 3, count: 50), probability: 0.5)
        #expect(try tied.estimate.standardError == 0)
        #expect(throws: StatisticsError.noVariance(argument: "treatment and control")) {
            try Effect(treatment: tied.estimate, control: tied.estimate)
        }
        let interval = try tied.confidenceInterval()
        #expect(interval.low == 3 && interval.high == 3)
    }
}

extension JSON {
    var isFalse: Bool {
        if case .bool(false) = self { true } else { false }
    }
}
