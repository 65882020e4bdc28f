internal import Statistics

extension CalibrationCase {
    /// Intervals of adjusted effects, and of beliefs.
    @CaseList static var intervalsOfEffects: [CalibrationCase] {
        interval("CUPED", "normal", truth: 0.3) {
            let treatment = columns(.normal, 100, &$0)
            return try CUPED(
                treatment: CoMoments([treatment[0].map { $0 + 0.3 }, treatment[1]]), control: CoMoments(columns(.normal, 150, &$0))
            ).effect().confidenceInterval()
        }
        interval(
            "Lin's regression, HC2", "normal, effects and variances that differ",
            truth: 1
        ) {
            draws in
            func rows(_ count: Int, _ effect: Double, _ slope: Double) -> LinRegression.Rows {
                let x = draws.sample(count) { $0.normal() }
                return .init(outcome: x.map { effect + slope * $0 + (1 + effect) * draws.normal() }, covariates: [x])
            }
            return try LinRegression(treatment: rows(60, 1, 1.2), control: rows(180, 0, 1)).effect().confidenceInterval()
        }
        interval("ratio of sums, delta method", "revenue a session", .bounded(0.065, "200 units, skewed"), truth: 1.5) {
            try Estimate(ratio(200, &$0).summary(of: .ratio(of: 0, to: 1))).confidenceInterval()
        }
        // A belief that was right before the data is right after them, on average over both.
        CalibrationCase(.interval, "credible interval of a proportion", "the truth drawn from the prior") { draws in
            let truth = draws.uniform()
            let posterior = Beta(posteriorOf: try Proportion(successes: draws.successes(50, truth), trials: 50))
            return try !posterior.credibleInterval().contains(truth)
        }
        CalibrationCase(.interval, "credible interval of a difference of proportions", "the truths drawn from the prior") { draws in
            let truths = [draws.uniform(), draws.uniform()]
            let arms = try BetaArms(truths.map { try Proportion(successes: draws.successes(40, $0), trials: 40) })
            return try !arms.credibleInterval(of: 0, less: 1).contains(truths[0] - truths[1])
        }
        CalibrationCase(.interval, "credible interval of an effect", "the truth drawn from the prior") { draws in
            let truth = 0.5 * draws.normal()
            let posterior = try NormalPosterior(
                estimate: truth + draws.normal(), standardError: 1, prior: Normal(mean: 0, standardDeviation: 0.5))
            return try !posterior.credibleInterval().contains(truth)
        }
    }
}
