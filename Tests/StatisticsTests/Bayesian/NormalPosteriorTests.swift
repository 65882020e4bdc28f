import Foundation
import Statistics
import Testing

@Suite struct NormalPosteriorTests {
    @Test func expectedLossesAgreeWithMpmath() throws {
        for c in BetaArmsTests.fixture["normal"].array {
            let posterior = try NormalPosterior(estimate: c["mean"].double, standardError: c["sd"].double)
            #expect(close(posterior.expectedLossOfTreatment, c["lossOfTreatment"].double, 1e-12), "\(c)")
            #expect(close(posterior.expectedLossOfControl - posterior.expectedLossOfTreatment, c["mean"].double, 1e-12))
            #expect(close(posterior.chanceToBeatControl + posterior.chanceToLose, 1, 1e-15))
        }
    }

    @Test func aPriorPullsTheEstimateByItsPrecision() throws {
        let prior = try Normal(mean: 0, standardDeviation: 2)
        let posterior = try NormalPosterior(estimate: 3, standardError: 1, prior: prior)
        #expect(close(posterior.effect.location, 3 * 4 / 5, 1e-14) && close(posterior.effect.scale, 0.8.squareRoot(), 1e-14))
        let vague = try NormalPosterior(estimate: 3, standardError: 1, prior: Normal(mean: 50, standardDeviation: 1e200))
        #expect(close(vague.effect.location, 3, 1e-14) && close(vague.effect.scale, 1, 1e-14))
        let sure = try NormalPosterior(estimate: 3, standardError: 1, prior: Normal(mean: 1, standardDeviation: 1e-9))
        #expect(close(sure.effect.location, 1, 1e-14) && close(sure.effect.scale, 1e-9, 1e-14))
    }

    @Test func withAFlatPriorTheIntervalIsTheOrdinaryOne() throws {
        let (a, b) = try (Summary(mean: 5, standardDeviation: 2, count: 400), Summary(mean: 4.7, standardDeviation: 2.2, count: 500))
        let posterior = try NormalPosterior(treatment: a, control: b)
        let interval = try posterior.credibleInterval()
        let test = try WelchTTest(a, b)
        #expect(close(interval.low, test.estimate - 1.959963984540054 * test.standardError, 1e-12))
        #expect(interval.contains(test.estimate) && interval.level == 0.95)
        #expect(close(posterior.chanceToLose, Normal.standard.survival(test.statistic), 1e-13))
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func publishedPosteriorsComeOut() throws {
        let vectors: JSON = try Fixture.oracle("growthbook/gbstats_vectors.json")
        var compared = 0
        for c in vectors.array where c["test"].text == "EffectBayesianABTest" && c["result"]["errorMessage"].isNull {
            let (result, config, stats) = (c["result"], c["config"][0], c["stats"][0])
            // Those on the relative scale, from counts and sums.
            let type = stats[0]["_type"].text
            guard type == "SampleMeanStatistic" || type == "ProportionStatistic", config["difference_type"].text != "absolute" else {
                continue
            }
            let arms = try stats.array.map { arm -> Summary in
                let (n, sum) = (arm["n"].double, arm["sum"].double)
                let squares = type == "ProportionStatistic" ? sum : arm["sum_squares"].double
                // A proportion's variance has n below the line, a sample's n - 1.
                let below = type == "ProportionStatistic" ? n : n - 1
                return try Summary(mean: sum / n, variance: (squares - sum * sum / n) / below, count: Int(n))
            }
            let prior =
                try config["prior_effect"]["proper"].isTrue
                ? Normal(
                    mean: config["prior_effect"]["mean"].double, standardDeviation: config["prior_effect"]["variance"].double.squareRoot())
                : nil
            let posterior = try NormalPosterior(relativeTreatment: arms[1], control: arms[0], prior: prior)
            #expect(close(posterior.effect.location, result["expected"].double, 1e-11), "\(c)")
            #expect(close(posterior.effect.scale, result["uplift"]["stddev"].double, 1e-9), "\(c)")
            let interval = try posterior.credibleInterval()
            #expect(close(interval.low, result["ci"][0].double, 1e-9) && close(interval.high, result["ci"][1].double, 1e-9), "\(c)")
            let inverse = config["inverse"].isTrue
            #expect(close(inverse ? posterior.chanceToLose : posterior.chanceToBeatControl, result["chanceToWin"].double, 1e-9), "\(c)")
            let risk = [posterior.expectedLossOfControl, posterior.expectedLossOfTreatment]
            #expect(close(risk[inverse ? 1 : 0], result["risk"][0].double, 1e-8), "\(c)")
            #expect(close(risk[inverse ? 0 : 1], result["risk"][1].double, 1e-8), "\(c)")
            compared += 1
        }
        #expect(compared >= 8)
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "standardError", value: 0, expected: "a positive number")) {
            try NormalPosterior(estimate: 1, standardError: 0)
        }
        #expect(throws: StatisticsError.notANumber(argument: "estimate", index: nil)) {
            try NormalPosterior(estimate: .nan, standardError: 1)
        }
        #expect(
            throws: StatisticsError.outOfRange(
                argument: "control.mean", value: 0, expected: "another mean than zero, to relate the difference to")
        ) {
            try NormalPosterior(relativeTreatment: Summary([1, 2, 3]), control: Summary([-1, 0, 1]))
        }
    }
}
