import Experiments
import Statistics
import Text

/// Tests a metric from its moments, or from its values.
struct Comparing {
    let metric: Plan.Metric
    let method: Plan.Method
    /// Of a ratio, the multiple of what is below the line that was taken out of what is above it.
    var base = 0.0

    /// The part of a report that comes of groups' moments; the first variant is the control.
    struct Result {
        var groups: [MetricReport.Group] = []
        var comparisons: [MetricReport.Comparison] = []
        var problems: [String] = []
    }

    /// Compares the variants after the first with it.
    func result(_ variants: [String], _ moments: [GroupMoments], values: [[Double]]?) -> Result {
        var result = Result()
        for (variant, group) in zip(variants, moments) { result.groups.append(describe(variant, group, values: nil)) }
        if metric.kind == .quantile, let values {
            result.groups = zip(variants.indices, variants).map { describe($1, moments[$0], values: values[$0]) }
        }
        guard metric.kind != .count, variants.count > 1 else { return result }
        let sides = zip(result.groups, moments).map { Side(group: $0, moments: $1) }
        var adjustment: Adjustment?
        do throws(StatisticsError) {
            adjustment = try self.adjustment(of: moments)
        } catch {
            result.problems.append("covariates are not used: \(words(error, of: sides))")
        }
        for index in variants.indices.dropFirst() {
            do throws(StatisticsError) {
                let pair = try VariantPair(moments[index], against: moments[0], withinStrata: comparesMeans)
                let effect = try adjustment.map { adjustment throws(StatisticsError) in try adjusted(pair, of: index, adjustment) }
                let samples = values.map { (treatment: $0[index], control: $0[0]) }
                var comparison = try compare(variants[index], against: variants[0], pair, samples, cuped: effect)
                if let strata = pair.strata { comparison.withinStrata = try WithinStrata(strata, of: measure) }
                comparison.varianceReduction = effect.flatMap { effect in
                    (try? pair.effect(on: measure)).map { effect.varianceReduction(from: $0) }
                }
                if comparison.lift != nil, comparison.liftInterval == nil, pair.isOfNothing || comparison.lift == -1 {
                    result.problems.append(words(nothingIn: variants[index].named))
                }
                result.comparisons.append(comparison)
            } catch {
                let why = words(error, of: [sides[index], sides[0]])
                result.problems.append("\(variants[index]) is not compared with \(variants[0]): \(why)")
            }
        }
        return result
    }

    /// What units did before the experiment taken out of variants, and which these are.
    struct Adjustment {
        let cuped: CUPED
        let places: [Int]
    }

    /// What units did before the experiment taken out of all variants; nil where there are no covariates.
    func adjustment(of moments: [GroupMoments]) throws(StatisticsError) -> Adjustment? {
        guard !metric.covariates.isEmpty else { return nil }
        // Who has too few units is compared with nobody, and keeps nobody else from it.
        let enough = moments.indices.filter { moments[$0].count > 1 }
        let places = enough.count > 1 && enough[0] == 0 ? enough : Array(moments.indices)
        return Adjustment(cuped: try CUPED(variants: places.map { moments[$0].moments }, outcome: measure), places: places)
    }

    /// What is known at any look of a variant's mean, conversion or ratio, as ``result(_:_:values:)`` tells it.
    ///
    /// - Parameter adjustment: the ``adjustment(of:)`` of the same moments.
    func sequence(
        of index: Int, in moments: [GroupMoments], _ adjustment: Adjustment?, tuning: ConfidenceSequence.Tuning
    ) throws(StatisticsError) -> any EstimatingTest {
        let pair = try VariantPair(moments[index], against: moments[0])
        if let adjustment { return try ConfidenceSequence(adjusted(pair, of: index, adjustment), count: pair.count, tuning: tuning) }
        if isTestedAsShares { return try TwoProportionSequence(pair.testOfShares(), count: pair.count, tuning: tuning) }
        return try ConfidenceSequence(pair.effect(on: measure), count: pair.count, tuning: tuning)
    }

    /// What a test of the same units is held against: the difference of two variants' means, as ``result(_:_:values:)`` tells it.
    ///
    /// - Parameter adjustment: the ``adjustment(of:)`` of the same moments.
    func difference(of index: Int, in moments: [GroupMoments], _ adjustment: Adjustment?) throws(StatisticsError) -> Effect {
        let pair = try VariantPair(moments[index], against: moments[0], withinStrata: comparesMeans)
        if let adjustment { return try adjusted(pair, of: index, adjustment) }
        return try pair.effect(on: measure)
    }

    /// What a unit of each covariate is worth in the difference of two variants; none where covariates are not used.
    ///
    /// - Parameter adjustment: the ``adjustment(of:)`` of the same moments.
    func slopes(of index: Int, in moments: [GroupMoments], _ adjustment: Adjustment?) -> [Double] {
        guard let adjustment,
            let pair = try? VariantPair(moments[index], against: moments[0], withinStrata: comparesMeans)
        else { return [] }
        guard pair.strata != nil else { return adjustment.cuped.slopes }
        return (try? CUPED(treatment: pair.treatment, control: pair.control, outcome: measure))?.slopes ?? []
    }

    /// The difference after what units did before is taken out.
    private func adjusted(_ pair: VariantPair, of index: Int, _ adjustment: Adjustment) throws(StatisticsError) -> Effect {
        if let strata = pair.strata { return try strata.adjustedEffect(on: measure) }
        guard let place = adjustment.places.firstIndex(of: index) else {
            throw .tooFew(argument: "treatment", count: pair.treatment.count, needed: 2)
        }
        return try adjustment.cuped.effect(of: place, against: 0)
    }

    private var isTestedAsShares: Bool { metric.kind == .conversion && metric.test != .welch }

    /// Whether it is told by means, which can be put together from those of strata; quantiles and ranks cannot.
    var comparesMeans: Bool { metric.kind != .quantile && metric.test != .ranks }

    private var measure: Measure { metric.kind == .ratio ? .ratio(of: 0, to: 1, above: base) : .mean(of: 0) }

    private typealias Measure = Statistics.Measure

    private func describe(_ variant: String, _ group: GroupMoments, values: [Double]?) -> MetricReport.Group {
        let means = group.moments.means
        var (mean, deviation) = (means.first ?? 0, 0.0)
        if group.count > 1 { deviation = group.moments.summary(0).standardDeviation }
        if metric.kind == .ratio {
            // Where there is nothing below the line, there is no ratio.
            mean = (try? group.moments.value(of: measure)) ?? .nan
            deviation = group.count > 1 ? (try? group.moments.summary(of: measure))?.standardDeviation ?? .nan : 0
        }
        if let values, values.count > 1, let quantile = try? QuantileEstimate(values, probability: metric.probability) {
            mean = quantile.value
        }
        return MetricReport.Group(variant: variant, count: group.count, mean: mean, standardDeviation: deviation, sum: group.sum)
    }

    private func compare(
        _ treatment: String, against control: String, _ pair: VariantPair, _ samples: (treatment: [Double], control: [Double])?,
        cuped: Effect?
    ) throws(StatisticsError) -> MetricReport.Comparison {
        let (suffix, how) = pair.strata == nil ? ("", "") : (" within strata", ", put together from those within strata")
        let samples = samples ?? ([], [])
        if metric.kind == .quantile, metric.test != .ranks {
            let effect = try Effect(
                treatment: QuantileEstimate(samples.treatment, probability: metric.probability).estimate,
                control: QuantileEstimate(samples.control, probability: metric.probability).estimate)
            return try report(
                effect, control, treatment, "difference of quantiles",
                "a quantile: order statistics and the density between them", pair)
        }
        if metric.test == .ranks {
            let test = try MannWhitneyTest(samples.treatment, samples.control)
            let difference = try center(pair.treatment, samples.treatment) - center(pair.control, samples.control)
            let reason = "asked for: whether values of one group tend to exceed the other's, not whether means differ"
            guard method.isAlwaysValid, let tuning else {
                return MetricReport.Comparison(
                    control: control, treatment: treatment, test: test.name, reason: reason, statistic: test.statistic,
                    degreesOfFreedom: nil, pValue: test.pValue, adjustedPValue: test.pValue, difference: difference, lift: nil,
                    liftInterval: nil, interval: nil, margin: nil)
            }
            // The distribution of ranks where variants are alike is for one look; the chance to exceed can be looked at any time.
            let chance = try SuperiorityEstimate(samples.treatment, samples.control)
            let looks = try ConfidenceSequence(
                estimate: chance.value, standardError: chance.standardError, count: chance.count, tuning: tuning, nullValue: 0.5)
            return MetricReport.Comparison(
                control: control, treatment: treatment, test: "confidence sequence of ranks", reason: "\(reason); valid at every look",
                statistic: looks.statistic, degreesOfFreedom: nil, pValue: looks.pValue, adjustedPValue: looks.pValue,
                difference: difference, lift: nil, liftInterval: nil, interval: nil, margin: nil)
        }
        if let cuped {
            return try report(
                cuped, control, treatment, "Welch's t test\(suffix) after CUPED",
                "\(pair.strata == nil ? "" : "means put together from those within strata; ")what units did before the experiment foretells part of the outcome, and is taken out",
                pair)
        }
        if isTestedAsShares {
            return try report(pair.testOfShares(), control, treatment, "a conversion is a share of units\(how)", pair.count)
        }
        let effect = try pair.effect(on: measure)
        let reason =
            metric.kind == .ratio
            ? "a ratio of sums over units\(how): the delta method, and variances that may differ"
            : "\(metric.kind == .conversion ? "shares" : "means")\(how), whose variances may differ"
        return try report(
            effect, control, treatment, "Welch's t test\(suffix)", reason, pair)
    }

    /// What is told of a variant: its quantile, or its mean.
    private func center(_ moments: CoMoments, _ sample: [Double]) throws(StatisticsError) -> Double {
        guard metric.kind == .quantile else { return moments.means.first ?? 0 }
        return try QuantileEstimate(sample, probability: metric.probability).value
    }

    private var tuning: ConfidenceSequence.Tuning? { method.tunedFor.map { .sampleSize($0, level: method.confidence) } }

    private func report(
        _ effect: Effect, _ control: String, _ treatment: String, _ name: String, _ reason: String, _ pair: VariantPair
    ) throws(StatisticsError) -> MetricReport.Comparison {
        let lift = try? RelativeLift(treatment: effect.treatment, control: effect.control)
        // Of nothing without a spread the test makes a lift of -100 %, and an interval of that alone; with covariates, one of what they
        // foretell of the control: narrower than anybody knows, or beyond what can be.
        let bounded = pair.isOfNothing || lift?.isOfNothing == true ? nil : lift
        let level = method.confidence
        func report(
            _ test: some EstimatingTest, _ name: String, _ reason: String, degreesOfFreedom: Double?, _ liftInterval: ConfidenceInterval?,
            _ tuning: ConfidenceSequence.Tuning?
        ) throws(StatisticsError) -> MetricReport.Comparison {
            MetricReport.Comparison(
                control: control, treatment: treatment, test: name, reason: reason, statistic: test.statistic,
                degreesOfFreedom: degreesOfFreedom, pValue: test.pValue, adjustedPValue: test.pValue, difference: test.estimate,
                lift: lift?.estimate, liftInterval: liftInterval, interval: try test.confidenceInterval(level: level),
                standardError: effect.standardError,
                margin: MarginEvidence(
                    treatment: effect.treatment, control: effect.control, count: pair.count, lift: liftInterval, level: level,
                    tuning: tuning)
            )
        }
        guard method.isAlwaysValid, let tuning, let size = method.tunedFor else {
            return try report(
                effect, name, reason, degreesOfFreedom: effect.degreesOfFreedom.isFinite ? effect.degreesOfFreedom : nil,
                try? bounded?.confidenceInterval(level: level), nil)
        }
        return try report(
            ConfidenceSequence(effect, count: pair.count, tuning: tuning), "confidence sequence", "\(reason); valid at every look",
            degreesOfFreedom: nil, try? bounded?.alwaysValidInterval(count: pair.count, tunedFor: size, level: level), tuning)
    }

    /// The p-value and both intervals are of one test: no difference, and no lift, is left out exactly where the p-value says so.
    private func report(
        _ test: StratifiedProportionTest, _ control: String, _ treatment: String, _ reason: String, _ count: Int
    ) throws(StatisticsError) -> MetricReport.Comparison {
        let (level, lift) = (method.confidence, test.lift)
        guard method.isAlwaysValid, let tuning else {
            return MetricReport.Comparison(
                control: control, treatment: treatment, test: test.name, reason: reason, statistic: test.statistic, degreesOfFreedom: nil,
                pValue: test.pValue, adjustedPValue: test.pValue, difference: test.estimate, lift: lift,
                liftInterval: lift == nil ? nil : try? test.liftInterval(level: level), interval: try test.confidenceInterval(level: level),
                margin: MarginEvidence(shares: test, count: count, level: level, tuning: nil))
        }
        let looks = try TwoProportionSequence(test, count: count, tuning: tuning)
        return MetricReport.Comparison(
            control: control, treatment: treatment, test: "confidence sequence", reason: "\(reason); valid at every look",
            statistic: looks.statistic, degreesOfFreedom: nil, pValue: looks.pValue, adjustedPValue: looks.pValue,
            difference: looks.estimate, lift: lift, liftInterval: lift == nil ? nil : try? looks.liftInterval(level: level),
            interval: try looks.confidenceInterval(level: level),
            margin: MarginEvidence(shares: test, count: count, level: level, tuning: tuning))
    }
}

extension Effect {
    /// The share of the variance of the same units' difference that was taken away.
    fileprivate func varianceReduction(from plain: Effect) -> Double {
        let ratio = standardError / plain.standardError
        return 1 - ratio * ratio
    }
}
