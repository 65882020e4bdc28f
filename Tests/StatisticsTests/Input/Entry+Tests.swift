import Statistics

extension Entry {
    static let all = means + ranks + variances + resampling + estimators

    private static let few = (try? Resampling(count: 19, seed: 1)) ?? .standard

    private static let means: [Entry] = [
        Entry("Welch") { Answer(try WelchTTest($0, $1)) },
        Entry("Student") { Answer(try StudentTTest($0, $1)) },
        Entry(one: "one-sample t") { Answer(try OneSampleTTest($0)) },
        Entry("paired t") { Answer(try OneSampleTTest(paired: $0, $1)) },
        Entry("paired t from moments") { Answer(try OneSampleTTest(paired: CoMoments([$0, $1]))) },
        Entry("Yuen") { Answer(try YuenTTest($0, $1)) },
        Entry(one: "trimmed t") { Answer(try YuenTTest($0)) },
        Entry("paired trimmed t") { Answer(try YuenTTest(paired: $0, $1)) },
        Entry("Cohen's d") { Answer(estimate: CohenD(try StudentTTest($0, $1))) },
        Entry(one: "Cohen's d of one") { Answer(estimate: CohenD(try OneSampleTTest($0))) },
        Entry("Tukey") { Answer(try TukeyTest([Summary($0), Summary($1)], first: 0, second: 1)) },
        Entry("equivalence") {
            let test = try EquivalenceTest(WelchTTest($0, $1), lowerMargin: -1, upperMargin: 2)
            return Answer(probabilities: [test.lowerPValue, test.upperPValue, test.pValue])
        },
    ]

    private static let ranks: [Entry] =
        MannWhitneyTest.Method.allCases.map { method in
            Entry("Mann-Whitney, \(method.rawValue)") {
                let test = try MannWhitneyTest($0, $1, method: method)
                var answer = Answer(test)
                answer.numbers += [test.shift, test.rankBiserialCorrelation]
                answer.add(try test.shiftInterval())
                return answer
            }
        }
        + WilcoxonSignedRankTest.Method.allCases.map { method in
            Entry(one: "Wilcoxon, \(method.rawValue)") {
                let test = try WilcoxonSignedRankTest($0, method: method)
                var answer = Answer(test)
                answer.numbers += [test.pseudomedian, test.rankBiserialCorrelation]
                answer.add(try test.pseudomedianInterval())
                return answer
            }
        } + [
            Entry("paired Wilcoxon") { Answer(try WilcoxonSignedRankTest(paired: $0, $1)) },
            Entry("Kolmogorov-Smirnov") { Answer(try KolmogorovSmirnovTest($0, $1)) },
            Entry("Kolmogorov-Smirnov, asymptotic") { Answer(try KolmogorovSmirnovTest($0, $1, exact: false)) },
            Entry(one: "one-sample Kolmogorov-Smirnov") { Answer(try OneSampleKolmogorovSmirnovTest($0, against: Normal.standard)) },
            Entry("Kruskal-Wallis") { Answer(try KruskalWallisTest([$0, $1])) },
            Entry(one: "Shapiro-Wilk") { Answer(try ShapiroWilkTest($0)) },
            Entry("power of Mann-Whitney") {
                let plan = try MannWhitneyPower(first: $0, second: $1)
                return Answer(probabilities: [try plan.power(effect: 0.1, size: 100)], numbers: [plan.pilotEffect ?? 0])
            },
        ]

    private static let variances: [Entry] = [
        Entry("analysis of variance") {
            let test = try AnalysisOfVariance([$0, $1])
            var answer = Answer(test)
            answer.numbers += [test.etaSquared, test.omegaSquared]
            return answer
        },
        Entry("Welch's analysis of variance") { Answer(try WelchAnalysisOfVariance([$0, $1])) },
        Entry("Bartlett") { Answer(try BartlettTest([$0, $1])) },
        Entry("Levene") { Answer(try LeveneTest([$0, $1], center: .mean)) },
        Entry("Brown-Forsythe") { Answer(try LeveneTest([$0, $1])) },
        Entry("Levene, trimmed") { Answer(try LeveneTest([$0, $1], center: .trimmedMean(0.2))) },
    ]

    private static let resampling: [Entry] = [
        Entry("permutation") { Answer(try PermutationTest($0, $1, few)) },
        Entry("permutation in blocks") { Answer(try PermutationTest(blocks: [.init(first: $0, second: $1)], few)) },
        Entry("permuted max-T") {
            let test = try StepDownMaxT([$0, $0], [$1, $1], few)
            return Answer(probabilities: test.pValues + test.adjustedPValues, numbers: test.statistics)
        },
        Entry(one: "bootstrap of a mean") { try bootstrap(Bootstrap(mean: $0, few)) },
        Entry("bootstrap of a difference") { try bootstrap(Bootstrap(differenceOfMeans: $0, $1, studentizing: true, few)) },
        Entry("bootstrap of a lift") { try bootstrap(Bootstrap(relativeLiftOf: $0, over: $1, few)) },
        Entry("bootstrap of a ratio") { try bootstrap(Bootstrap(ratioOf: $0, to: $1, few)) },
        Entry(one: "bootstrap of a quantile") { try bootstrap(Bootstrap(quantile: 0.3, of: $0, few)) },
        Entry("bootstrap of quantiles") { try bootstrap(Bootstrap(differenceOfQuantiles: 0.3, $0, $1, few)) },
    ]

    private static func bootstrap(_ bootstrap: Bootstrap) throws -> Answer {
        var answer = Answer(estimate: bootstrap)
        answer.numbers += [bootstrap.standardError, bootstrap.bias]
        for method in Bootstrap.Method.allCases {
            if let interval = try? bootstrap.confidenceInterval(method) { answer.add(interval) }
        }
        return answer
    }

    private static let estimators: [Entry] = [
        Entry(one: "summary") {
            let summary = try Summary($0)
            return Answer(numbers: [summary.mean, summary.variance, summary.standardDeviation, summary.standardError, summary.sum])
        },
        Entry(one: "moments") {
            let moments = try Moments($0)
            return Answer(numbers: [moments.mean, moments.variance, moments.skewness ?? 0, moments.excessKurtosis ?? 0])
        },
        Entry("co-moments") {
            let moments = try CoMoments([$0, $1])
            return Answer(numbers: moments.means + moments.products + [moments.correlation(0, 1) ?? 0])
        },
        Entry("effect") { Answer(try Effect(treatment: Summary($0), control: Summary($1))) },
        Entry("relative lift") {
            let lift = try RelativeLift(treatment: Summary($0), control: Summary($1))
            var answer = Answer(lift)
            answer.numbers.append(lift.standardError)
            for method in RelativeLift.Method.allCases {
                if let interval = try? lift.confidenceInterval(method) { answer.add(interval) }
            }
            return answer
        },
        Entry("CUPED") {
            let moments = try CoMoments([$0, $1])
            return Answer(try CUPED(treatment: moments, control: moments).effect())
        },
        Entry("ratio") { Answer(estimate: try Estimate(CoMoments([$0, $1]).summary(of: .ratio(of: 0, to: 1)))) },
        Entry("power of a ratio") {
            Answer(probabilities: [try MeansPower(ratioIn: CoMoments([$0, $1])).power(effect: 0.1, size: 100)])
        },
        Entry("Lin") {
            Answer(
                try LinRegression(treatment: .init(outcome: $0, covariates: [$1]), control: .init(outcome: $1, covariates: [$0])).effect())
        },
        Entry("Lin from moments") {
            Answer(try LinRegression(treatment: CoMoments([$0, $1]), control: CoMoments([$1, $0])).effect())
        },
        Entry("least squares") {
            let fit = try LeastSquares(response: $0, columns: [$1])
            return Answer(numbers: fit.coefficients + fit.residuals + [fit.rSquared] + (try fit.standardErrors(.hc1)))
        },
        Entry("post-stratification") { Answer(try PostStratification([.init(treatment: Summary($0), control: Summary($1))]).effect()) },
        Entry("heterogeneity") {
            let test = try Heterogeneity([Estimate(Summary($0)), Estimate(Summary($1))])
            var answer = Answer(test)
            answer.numbers +=
                [test.common.value, test.average.value, test.varianceBetween, test.inconsistency] + test.shrunken.map(\.value)
            return answer
        },
        Entry(one: "quantile") {
            let quantile = try QuantileEstimate($0, probability: 0.5)
            var answer = Answer(estimate: try quantile.estimate)
            answer.add(try quantile.confidenceInterval())
            return answer
        },
        Entry(one: "clusters") { Answer(estimate: try ClusterSums($0, clusters: Array($0.indices)).estimate()) },
        Entry(one: "limits") {
            let limits = try Limits(pooled: $0, lower: .quantile(0.1), upper: .quantile(0.9))
            return Answer(numbers: try limits.winsorized($0) + limits.trimmed($0))
        },
        Entry("confidence sequence") { Answer(try ConfidenceSequence(Summary($0), Summary($1), tuning: .sampleSize(100))) },
        Entry("mixture SPRT") {
            var test = try MixtureSPRT(effectSpread: 1)
            try test.observe(Summary($0), Summary($1))
            return Answer(probabilities: [test.pValue], numbers: test.interval.map { [$0.low, $0.high] } ?? [])
        },
        Entry("normal posterior") {
            let posterior = try NormalPosterior(treatment: Summary($0), control: Summary($1), prior: Normal.standard)
            let interval = try posterior.credibleInterval()
            return Answer(
                probabilities: [posterior.chanceToBeatControl, posterior.chanceToLose],
                numbers: [posterior.expectedLossOfControl, posterior.expectedLossOfTreatment, interval.low, interval.high])
        },
        Entry("advice") {
            for question in Question.allCases { _ = try Advice(question, $0, $1) }
            return Answer()
        },
    ]
}
