import Statistics
import Testing

// What two other platforms make of the same aggregates: tea-tasting and GrowthBook.
@Suite(.enabled(if: Fixture.hasOracles)) struct PeerTests {
    static let aggregates = References.teaTasting.indices.filter {
        ["Mean", "RatioOfMeans"].contains(References.teaTasting[$0]["metric"].text)
            && References.teaTasting[$0]["call"].text == "analyze_aggregates"
    }

    @Test(arguments: aggregates)
    func teaTastingAgreesOnAggregates(_ index: Int) throws {
        let reference = References.teaTasting[index]
        let parameters = reference["params"]
        let names = ["numer", "denom", "numer_covariate", "denom_covariate"].map { parameters[$0].text }
        let sides = try ["treatment", "control"].map { try Self.moments(reference["kwargs"][$0], names) }
        let outcome: Measure = names[1].isEmpty ? .mean(of: 0) : .ratio(of: 0, to: 1)
        var summaries = try sides.map { try $0.summary(of: outcome) }
        if !names[2].isEmpty {
            let covariate: Measure = names[3].isEmpty ? .mean(of: 2) : .ratio(of: 2, to: 3)
            summaries = try CUPED(treatment: sides[0], control: sides[1], outcome: outcome, covariates: [covariate]).variants.reversed()
        }
        let result = reference["result"]
        #expect(close(summaries.map(\.mean), [result["treatment"].double, result["control"].double], 1e-12))
        let alternative = Alternative(rawValue: parameters["alternative"].text) ?? .twoSided
        let level = parameters["confidence_level"].double
        let isPooled = parameters["equal_var"].isTrue
        guard parameters["use_t"].isTrue else {
            let test: any TTest = isPooled ? try StudentTTest(summaries[0], summaries[1]) : try WelchTTest(summaries[0], summaries[1])
            #expect(close(test.statistic, result["statistic"].double, 1e-12))
            return
        }
        let test: any TTest =
            isPooled ? try StudentTTest(summaries[0], summaries[1]) : try Effect(treatment: summaries[0], control: summaries[1])
        #expect(close(test.statistic, result["statistic"].double, 1e-12))
        #expect(close(test.pValue(alternative), result["pvalue"].double, 1e-11))
        let interval = try test.confidenceInterval(level: level, alternative: alternative)
        for (end, name) in [(interval.low, "lower"), (interval.high, "upper")] where end.isFinite {
            #expect(close(end, result["effect_size_ci_\(name)"].double, 1e-11))
        }
        guard !isPooled else { return }
        let lift = try RelativeLift(treatment: summaries[0], control: summaries[1])
        let relative = try lift.confidenceInterval(.logRatio, level: level, alternative: alternative)
        #expect(close(lift.estimate, result["rel_effect_size"].double, 1e-12))
        for (end, name) in [(relative.low, "lower"), (relative.high, "upper")] where end.isFinite {
            #expect(close(end, result["rel_effect_size_ci_\(name)"].double, 1e-11))
        }
    }

    private static func moments(_ side: JSON, _ names: [String]) throws -> CoMoments {
        // A column that is not there is the constant 1, as in tea-tasting.
        let means = names.map { $0.isEmpty ? 1 : side["mean"][$0].double }
        let covariances = names.flatMap { a in
            names.map { b -> Double in
                if a.isEmpty || b.isEmpty { return 0 }
                return a == b ? side["var"][a].double : side["cov"][min(a, b) + "|" + max(a, b)].double
            }
        }
        return try CoMoments(count: side["count"].int, means: means, covariances: covariances)
    }

    @Test func teaTastingAgreesOnFourThousandUsers() throws {
        let text = try Fixture.oracleText("tea-tasting/users_4000_cov_rng42.csv")
        let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
        let sides = try [1.0, 0.0].map { variant in
            let members = rows.filter { $0[1] == variant }
            return try CoMoments((2..<8).map { column in members.map { $0[column] } })
        }
        let expected = try Fixture.oracle("tea-tasting/users_4000_expected.json", as: JSON.self).array
        // sessions, orders, revenue and their covariates are the columns 0...5.
        let measures: [(Measure, Measure)] = [
            (.mean(of: 0), .mean(of: 3)), (.mean(of: 1), .mean(of: 4)), (.mean(of: 2), .mean(of: 5)),
            (.ratio(of: 1, to: 0), .ratio(of: 4, to: 3)),
        ]
        for (reference, (outcome, covariate)) in zip(expected, measures) {
            let cuped = try CUPED(treatment: sides[0], control: sides[1], outcome: outcome, covariates: [covariate])
            let effect = try cuped.effect()
            #expect(close(effect.control.value, reference["control"].double, 1e-12))
            #expect(close(effect.treatment.value, reference["treatment"].double, 1e-12))
            #expect(close(effect.statistic, reference["statistic"].double, 1e-10))
            #expect(close(effect.pValue, reference["pvalue"].double, 1e-10))
            let interval = try effect.confidenceInterval()
            let ends = ["lower", "upper"].map { reference["effect_size_ci_\($0)"].double }
            #expect(close([interval.low, interval.high], ends, 1e-10))
            let relative = try effect.relative().confidenceInterval(.logRatio)
            let relativeEnds = ["lower", "upper"].map { reference["rel_effect_size_ci_\($0)"].double }
            #expect(close([relative.low, relative.high], relativeEnds, 1e-10))
        }
    }

    static let growthbook = References.growthbook.indices.filter {
        let reference = References.growthbook[$0]
        let first = reference["stats"][0][0]
        return reference["test"].text == "TwoSidedTTest" && reference["stats"].array.count == 1
            && reference["result"]["errorMessage"].isNull && first["_type"].text != "ProportionStatistic"
            && first["post_statistic"]["_type"].text != "ProportionStatistic"
    }

    // GrowthBook takes the sums of squares as they are, so it keeps fewer digits. Its CUPED divides by the unadjusted control, and for ratios
    // it averages the variants' covariances without regard to their sizes.
    @Test(arguments: growthbook)
    func growthBookAgreesOnAggregates(_ index: Int) throws {
        let reference = References.growthbook[index]
        let sides = try reference["stats"][0].array.map(Sums.init)
        guard sides.allSatisfy(\.areMoments) else {
            // Squares that add up to less than they must: GrowthBook goes on, this is an error.
            #expect(throws: StatisticsError.self) { try sides.map { try $0.moments } }
            return
        }
        let moments = try sides.map { try $0.moments }
        let isRatio = sides[0].outcome != .mean(of: 0)
        let tolerance = isRatio && sides[0].covariate != nil ? 1e-4 : 1e-9
        let cuped = sides[0].covariate.map { covariate in
            Result { () throws(StatisticsError) in
                try CUPED(
                    variants: moments, outcome: sides[0].outcome, covariates: [covariate], slopes: isRatio ? .withinVariants : .pooled)
            }
        }
        let summaries = try cuped?.get().variants ?? moments.map { try $0.summary(of: sides[0].outcome) }
        let unadjusted = try moments.map { try $0.summary(of: sides[0].outcome) }
        let effect = try Effect(treatment: summaries[1], control: summaries[0])
        let result = reference["result"]
        let config = reference["config"].array.first ?? reference["config"]
        if config["difference_type"].text == "absolute" {
            #expect(close(effect.estimate, result["expected"].double, tolerance, absolute: 1e-12))
            #expect(close(effect.standardError, result["uplift"]["stddev"].double, tolerance))
            #expect(close(effect.pValue, result["pValue"].double, 10 * tolerance, absolute: 1e-14))
            let interval = try effect.confidenceInterval(level: 1 - config["alpha"].double)
            #expect(close([interval.low, interval.high], result["ci"].doubles, 10 * tolerance))
        } else {
            let (a, b) = (unadjusted[1].mean, unadjusted[0].mean)
            #expect(close(effect.estimate / b, result["expected"].double, tolerance, absolute: 1e-12))
            let scale = try RelativeLift(
                treatment: Estimate(value: a, standardError: effect.treatment.standardError),
                control: Estimate(value: b, standardError: effect.control.standardError))
            // Where the unadjusted control is divided by, GrowthBook counts how it varies with the adjusted difference.
            let error = result["uplift"]["stddev"].double
            #expect(close(scale.standardError, error, cuped == nil ? 1e-9 : 0.02))
        }
    }

    // The sums that GrowthBook's warehouse queries bring back, as co-moments.
    struct Sums {
        let outcome: Measure
        let covariate: Measure?
        private let count: Double
        private let sums: [Double]
        private let products: [[Double]]

        init(_ s: JSON) throws {
            func sum(_ name: String) -> Double { s[name]["sum"].double }
            func square(_ name: String) -> Double { s[name]["sum_squares"].double }
            count = s["n"].double
            switch s["_type"].text {
            case "SampleMeanStatistic":
                (outcome, covariate) = (.mean(of: 0), nil)
                sums = [s["sum"].double]
                products = [[s["sum_squares"].double]]
            case "RegressionAdjustedStatistic":
                (outcome, covariate) = (.mean(of: 0), .mean(of: 1))
                sums = [sum("post_statistic"), sum("pre_statistic")]
                let cross = s["post_pre_sum_of_products"].double
                products = [[square("post_statistic"), cross], [cross, square("pre_statistic")]]
            case "RatioStatistic":
                (outcome, covariate) = (.ratio(of: 0, to: 1), nil)
                sums = [sum("m_statistic"), sum("d_statistic")]
                let cross = s["m_d_sum_of_products"].double
                products = [[square("m_statistic"), cross], [cross, square("d_statistic")]]
            default:
                (outcome, covariate) = (.ratio(of: 0, to: 1), .ratio(of: 2, to: 3))
                let names = ["m_post", "d_post", "m_pre", "d_pre"]
                let statistics = ["m_statistic_post", "d_statistic_post", "m_statistic_pre", "d_statistic_pre"]
                sums = statistics.map(sum)
                products = names.indices.map { i in
                    names.indices.map { j in
                        if i == j { return square(statistics[i]) }
                        let either = s["\(names[i])_\(names[j])_sum_of_products"]
                        return (either.isNull ? s["\(names[j])_\(names[i])_sum_of_products"] : either).double
                    }
                }
            }
        }

        // Whether the squares are at least what the sums make them.
        var areMoments: Bool { sums.indices.allSatisfy { products[$0][$0] - sums[$0] * sums[$0] / count >= 0 } }

        var moments: CoMoments {
            get throws {
                let covariances = products.indices.flatMap { i in
                    products.indices.map { j in (products[i][j] - sums[i] * sums[j] / count) / (count - 1) }
                }
                return try CoMoments(count: Int(count), means: sums.map { $0 / count }, covariances: covariances)
            }
        }
    }

    @Test func growthBookAgreesOnStrata() throws {
        var seen = 0
        for reference in References.growthbook {
            let config = reference["config"].array.first ?? reference["config"]
            guard reference["test"].text == "TwoSidedTTest", reference["stats"].array.count > 1, config["post_stratify"].isTrue,
                config["difference_type"].text == "absolute", reference["stats"][0][0]["_type"].text == "SampleMeanStatistic"
            else { continue }
            let strata = try reference["stats"].array.map { cell in
                let sides = try cell.array.map { try Sums($0).moments.summary(0) }
                return PostStratification.Stratum(treatment: sides[1], control: sides[0])
            }
            let effect = try PostStratification(strata).effect()
            #expect(close(effect.estimate, reference["result"]["expected"].double, 1e-9))
            // GrowthBook adds the variance of the strata's sizes, which is of a smaller order.
            #expect(close(effect.standardError, reference["result"]["uplift"]["stddev"].double, 0.1))
            seen += 1
        }
        #expect(seen >= 3)
    }
}
