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
        #expect(close(quantile.estimate.standardError, reference["error"].double, 1e-12))
        let interval = try quantile.confidenceInterval(level: reference["level"].double)
        let expected = reference["interval"].array
        #expect(interval.low == (expected[0].isNull ? -.infinity : expected[0].double))
        #expect(interval.high == (expected[1].isNull ? .infinity : expected[1].double))
    }

    @Test func shiftingAndScalingTheDataDoesSoToTheQuantile() throws {
        let values = Self.cases[0]["values"].doubles
        let plain = try QuantileEstimate(values, probability: 0.3)
        let moved = try QuantileEstimate(values.map { 5 - 2 * $0 }, probability: 0.7)
        #expect(close(moved.value, 5 - 2 * plain.value, 1e-12))
        #expect(close(moved.estimate.standardError, 2 * plain.estimate.standardError, 1e-12))
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
        #expect(close(clustered.estimate.standardError, plain.estimate.standardError, 0.01))
        // Each value five times over in its cluster is no more than once.
        let repeated = try QuantileEstimate(
            values.flatMap { Array(repeating: $0, count: 5) }, clusters: values.indices.flatMap { Array(repeating: $0, count: 5) },
            probability: 0.9)
        #expect(close(repeated.estimate.standardError, plain.estimate.standardError, 0.5))
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
        #expect(tied.estimate.standardError == 0)
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
