internal import Statistics

extension CalibrationCase {
    /// A covariate that foretells half of the outcome's variance, and an outcome, in units of a population.
    static func columns(_ population: Population, _ count: Int, _ draws: inout Draws) -> [[Double]] {
        let before = population.sample(count, &draws)
        return [before.map { $0 + population.draw(&draws) }, before]
    }

    /// Sessions of each unit, and the revenue of those sessions.
    static func ratio(_ count: Int, _ draws: inout Draws) throws -> CoMoments {
        let sessions = draws.sample(count) { 1 + Double($0.poisson(2)) }
        return try CoMoments([sessions.map { $0 * (0.5 + draws.exponential()) }, sessions])
    }

    /// Estimators for experiments, under no effect.
    @CaseList static var experiments: [CalibrationCase] {
        for population in Population.allCases {
            test("CUPED", population.rawValue) {
                try CUPED(
                    treatment: CoMoments(columns(population, 200, &$0)), control: CoMoments(columns(population, 300, &$0))
                ).effect().pValue
            }
            test("Lin's regression, HC2", population.rawValue) {
                let (a, b) = (columns(population, 150, &$0), columns(population, 150, &$0))
                return try LinRegression(
                    treatment: .init(outcome: a[0], covariates: [a[1]]), control: .init(outcome: b[0], covariates: [b[1]])
                ).effect().pValue
            }
            test("relative lift", population.rawValue) {
                let shift = population.mean == 0 ? 5.0 : 0
                let (a, b) = (population.sample(200, &$0), population.sample(300, &$0))
                return try RelativeLift(treatment: Summary(a.map { $0 + shift }), control: Summary(b.map { $0 + shift })).pValue
            }
        }
        test("ratio of sums, delta method", "revenue a session") {
            try Effect(
                treatment: ratio(150, &$0).summary(of: .ratio(of: 0, to: 1)), control: ratio(200, &$0).summary(of: .ratio(of: 0, to: 1))
            ).pValue
        }
        test("post-stratification", "normal, three strata") { draws in
            let strata = try (0..<3).map { stratum in
                try PostStratification.Stratum(
                    treatment: Summary(draws.sample(15) { $0.normal() + 3 * Double(stratum) }),
                    control: Summary(draws.sample(20) { $0.normal() + 3 * Double(stratum) }))
            }
            return try PostStratification(strata).effect().pValue
        }
        test("clustered units", "30 clusters of 1 to 20", .bounded(0.065, "few clusters of unequal size")) { draws in
            let sides = try (0..<2).map { _ -> Estimate in
                var (values, clusters): ([Double], [Int]) = ([], [])
                for cluster in 0..<30 {
                    let own = draws.normal()
                    for _ in 0...Int(20 * draws.uniform()) {
                        values.append(own + draws.normal())
                        clusters.append(cluster)
                    }
                }
                return try ClusterSums(values, clusters: clusters).estimate()
            }
            return try Effect(treatment: sides[0], control: sides[1]).pValue
        }
        test("medians compared", "normal", .atMost("the density is smoothed")) {
            try Effect(
                treatment: QuantileEstimate(Population.normal.sample(200, &$0), probability: 0.5).estimate,
                control: QuantileEstimate(Population.normal.sample(200, &$0), probability: 0.5).estimate
            ).pValue
        }
        test("heterogeneity of five segments", "normal") { draws in
            try Heterogeneity(
                (0..<5).map { _ in
                    try Estimate(value: 0.3 * draws.normal(), standardError: 0.3)
                }
            ).pValue
        }
        test("equivalence of means, at the margin", "normal") {
            let welch = try WelchTTest(Population.normal.sample(200, &$0).map { $0 + 0.5 }, Population.normal.sample(200, &$0))
            return try EquivalenceTest(welch, lowerMargin: -0.5, upperMargin: 0.5).pValue
        }
        test("non-inferiority of a lift, at the margin", "skewed") {
            let lift = try RelativeLift(
                treatment: Summary(Population.skewed.sample(400, &$0).map { 0.9 * $0 }),
                control: Summary(Population.skewed.sample(400, &$0)))
            return try EquivalenceTest(nonInferiority: lift, margin: 0.1).pValue
        }
    }
}
