import Statistics
import Testing

// What tea-tasting makes of the same aggregates.
@Suite(.enabled(if: Fixture.hasOracles)) struct TeaTastingTests {
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

    // Proportions by each of its methods; two-sided p-values, or those of the side asked for, treatment less control.
    @Test func itAgreesOnProportions() throws {
        var compared = 0
        for reference in References.teaTasting where reference["metric"].text == "Proportion" {
            let (parameters, result) = (reference["params"], reference["result"])
            let sides = try ["treatment", "control"].map { side in
                let (count, share) = (reference["kwargs"][side]["count"].int, reference["kwargs"][side]["mean"]["has_order"].double)
                return try Proportion(successes: Int((share * Double(count)).rounded()), trials: count)
            }
            let side = Alternative(rawValue: parameters["alternative"].text) ?? .twoSided
            guard result["pvalue"].double != 0.1 else { continue }  // a stand-in in its own test suite, not a p-value
            guard sides[0].successes + sides[1].successes > 0 else {
                // tea-tasting divides zero by zero; nothing is shown where nothing happened.
                #expect(TwoProportionZTest(sides[0], sides[1]).pValue == 1)
                continue
            }
            let p = try Self.pValue(sides[0], sides[1], parameters, side)
            // SciPy's search for the worst probability is coarse in Barnard's and Boschloo's tests.
            let isCoarse =
                ["barnard", "boschloo"].contains(parameters["method"].text) || sides[0].trials < 100 && parameters["method"].text == "auto"
            #expect(close(p, result["pvalue"].double, isCoarse ? 2e-4 : 1e-9), "\(parameters)")
            compared += 1
            guard ["norm", "auto"].contains(parameters["method"].text), !result["effect_size_ci_lower"].double.isNaN else { continue }
            let interval = try Self.interval(sides[0], sides[1], parameters, side)
            let ends = ["lower", "upper"].map { result["effect_size_ci_\($0)"].double }
            #expect(close([interval.low, interval.high], ends, 1e-9), "\(parameters)")
        }
        #expect(compared == 18)
    }

    private static func pValue(_ a: Proportion, _ b: Proportion, _ parameters: JSON, _ side: Alternative) throws -> Double {
        let table = try ContingencyTable(a, b)
        switch parameters["method"].text {
        case "fisher": return try FisherExactTest(a, b).pValue(side)
        case "boschloo": return try UnconditionalTest(a, b, ordering: .fisher).pValue(side)
        case "barnard": return try UnconditionalTest(a, b, ordering: .pooled).pValue(side)
        case "pearson": return ChiSquareTest(table, form: parameters["correction"].isTrue ? .yates : .pearson).pValue
        case "log-likelihood":
            guard parameters["correction"].isTrue else { return ChiSquareTest(table, form: .likelihoodRatio).pValue }
            // SciPy moves each count half a unit towards its expectation; twice the table keeps the counts whole.
            let sign = Double(table.counts[0][0]) > table.expected[0][0] ? 1 : -1
            let moved = try ContingencyTable(
                (0..<2).map { i in (0..<2).map { j in 2 * table.counts[i][j] - (i == j ? sign : -sign) } })
            return try ChiSquare(degreesOfFreedom: 1).survival(ChiSquareTest(moved, form: .likelihoodRatio).statistic / 2)
        case "auto" where a.trials + b.trials < 1000: return try UnconditionalTest(a, b, ordering: .pooled).pValue(side)
        default:
            let (z, error) = try Self.corrected(a, b, parameters)
            _ = error
            return side == .twoSided
                ? 2 * Normal.standard.survival(abs(z)) : side == .less ? Normal.standard.cdf(z) : Normal.standard.survival(z)
        }
    }

    // Its z with the pooled or the separate standard error, corrected for continuity or not.
    private static func corrected(_ a: Proportion, _ b: Proportion, _ parameters: JSON) throws -> (z: Double, error: Double) {
        let test = TwoProportionZTest(a, b)
        let wald = try test.confidenceInterval(level: 0.6826894921370859, method: .wald)
        let variances = [a, b].map { side -> Double in side.estimate * (1 - side.estimate) / Double(side.trials) }
        let separate = (variances[0] + variances[1]).squareRoot()
        #expect(close((wald.high - wald.low) / 2, separate, 1e-10) || wald.high == 1 || wald.low == -1)
        let error = parameters["equal_var"].isTrue ? test.estimate / test.statistic : separate
        let correction = parameters["correction"].isTrue ? 0.5 * (1 / Double(a.trials) + 1 / Double(b.trials)) : 0
        let moved = max(0, abs(test.estimate) - correction)
        return ((test.estimate < 0 ? -moved : moved) / error, error)
    }

    private static func interval(_ a: Proportion, _ b: Proportion, _ parameters: JSON, _ side: Alternative) throws -> ConfidenceInterval {
        let (_, error) = try Self.corrected(a, b, parameters)
        let level = parameters["confidence_level"].double
        let correction = parameters["correction"].isTrue ? 0.5 * (1 / Double(a.trials) + 1 / Double(b.trials)) : 0
        let reach = try Normal.standard.inverseSurvival(side == .twoSided ? (1 - level) / 2 : 1 - level) * error + correction
        let estimate = a.estimate - b.estimate
        return ConfidenceInterval(
            low: side == .less ? -1 : max(-1, estimate - reach), high: side == .greater ? 1 : min(1, estimate + reach), level: level)
    }

    // Power and sizes as it prints them, to two or three digits: Student's t, or normal, half of the units in each arm.
    @Test func itAgreesOnPower() throws {
        var compared = 0
        for reference in References.teaTasting where reference["call"].text == "solve_power_from_aggregates" {
            let parameters = reference["params"]
            let names = ["numer", "denom", "numer_covariate", "denom_covariate"].map { parameters[$0].text }
            let moments = try Self.moments(reference["kwargs"]["data"], names)
            let outcome: Measure = names[1].isEmpty ? .mean(of: 0) : .ratio(of: 0, to: 1)
            var summary = try moments.summary(of: outcome)
            if !names[2].isEmpty { summary = try CUPED(variants: [moments], outcome: outcome, covariates: [.mean(of: 2)]).variants[0] }
            let side = Alternative(rawValue: parameters["alternative"].text) ?? .twoSided
            let alpha = parameters["alpha"].double
            let plan: any PowerAnalysis =
                parameters["use_t"].isTrue
                ? try TTestPower(significance: alpha, alternative: side) : try NormalPower(significance: alpha, alternative: side)
            let deviation = summary.standardDeviation
            let rows = reference["result"].text.split(separator: "\n").dropFirst().map { line in
                line.split(separator: " ").compactMap { Double($0.filter { $0 != "%" }) }
            }
            let lifts =
                parameters["rel_effect_size"].array.isEmpty ? [parameters["rel_effect_size"].double] : parameters["rel_effect_size"].doubles
            for row in rows {
                let (power, effect, lift, units) = (row[0] / 100, row[1], row[2] / 100, row[3])
                // The effect that was asked for has more digits than the one printed.
                let exact = lifts.map { $0 * summary.mean }.min { abs($0 - effect) < abs($1 - effect) } ?? effect
                let asked = exact.isNaN ? effect : exact
                switch reference["kwargs"]["parameter"].text {
                case "power":
                    #expect(abs(try plan.power(effect: asked / deviation, size: units / 2) - power) < (power < 0.1 ? 0.0006 : 0.006))
                case "n_obs":
                    #expect((2 * (try plan.size(effect: effect / deviation, power: power))).rounded(.up) == units)
                default:
                    let found = try plan.detectableEffect(size: units / 2, power: power) * deviation
                    #expect(abs(found - effect) < 0.000_06 && abs(found / summary.mean - lift) < 0.000_6)
                }
                compared += 1
            }
        }
        #expect(compared == 11)
    }

    @Test func itAgreesOnAdjustments() throws {
        var compared = 0
        for reference in References.teaTasting where ["adjust_fdr", "adjust_fwer"].contains(reference["call"].text) {
            let words = reference["kwargs"]
            let p = reference["result"].array.map { $0["pvalue"].double }
            let expected = reference["result"].array.map { $0["pvalue_adj"].double }
            let isAny = words["arbitrary_dependence"].isTrue
            let adjusted: [Double]
            switch (reference["call"].text, words["method"].text) {
            case ("adjust_fdr", _): adjusted = try (isAny ? Adjustment.benjaminiYekutieli : .benjaminiHochberg).adjust(p)
            case (_, "bonferroni"): adjusted = try (isAny ? Adjustment.holm : .hochberg).adjust(p)
            case (_, _) where isAny: adjusted = try Adjustment.holmSidak.adjust(p)
            default:
                // Hochberg's steps with Šidák's bound, which holds under independence only and is no method here.
                adjusted = try p.map { own in
                    try p.filter { $0 >= own }.map { other in
                        try Adjustment.sidak.adjust(Array(repeating: other, count: p.count { $0 >= other }))[0]
                    }.min() ?? 1
                }
            }
            #expect(close(adjusted, expected, 1e-12), "\(words)")
            compared += 1
        }
        #expect(compared == 8)
    }
}
