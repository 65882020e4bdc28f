import Experiments
import Statistics
import Text

extension Evaluation {
    /// What it means that variants are compared within strata; nil where they are not.
    func strataCheck(_ reports: [MetricReport]) -> Check? {
        guard let column = plan.assignment.stratum?.text else { return nil }
        let found = reports.flatMap(\.comparisons).compactMap(\.withinStrata)
        let whole = zip(plan.metrics, reports).filter { metric, report in
            !report.comparisons.isEmpty && !Comparing(metric: metric, method: plan.method).comparesMeans
        }.map(\.1.name)
        var text = ""
        if let most = found.map(\.strata).max() {
            text =
                "variants are compared within \(Figures.count(most)) \(most == 1 ? "value" : "values") of \(column), so that what differs between "
                + "them is not taken for an effect"
        }
        if let left = found.map(\.unitsLeftOut).max(), left > 0 {
            text += "; up to \(Figures.count(left)) units of others, without two of either variant, are left out"
        }
        guard !whole.isEmpty else { return text.isEmpty ? nil : Check("strata", .passed, text) }
        return Check(
            "strata", .warning,
            (text.isEmpty ? "" : text + "; but ")
                + "\(whole.joined(separator: ", ")) of all units together, for quantiles and ranks are not put "
                + "together from strata: what differs between them may look like an effect there")
    }

    /// What the values of a metric say: units outside its population, values below zero, one unit that carries the result.
    func checks(_ metric: Plan.Metric, _ groups: [GroupMoments], _ carrier: (influence: Influence, unit: String?)?) -> [Check] {
        var checks: [Check] = []
        if let outside = outside(metric, groups) { checks.append(outside) }
        if let negatives = negatives(metric, groups) { checks.append(negatives) }
        if let carrier { checks.append(influence(carrier.influence, carrier.unit, metric, groups)) }
        return checks
    }

    /// Units that did what the metric counts, but do not belong to its population.
    private func outside(_ metric: Plan.Metric, _ groups: [GroupMoments]) -> Check? {
        guard let name = metric.population?.text else { return nil }
        let found = groups.map(\.outside)
        let total = found.reduce(0, +)
        guard total > 0 else { return nil }
        let split = zip(variants, found).map { "\($0.named) \(Figures.count($1))" }.joined(separator: ", ")
        return Check(
            "outside the population", .warning,
            "\(Figures.count(total)) units count in \(metric.fact?.text ?? metric.name.text) but are not \(name) (\(split)); \(metric.name.text) leaves them out"
        )
    }

    /// A few values below zero among many that are not, as a fault of the data would make them.
    private func negatives(_ metric: Plan.Metric, _ groups: [GroupMoments]) -> Check? {
        let (total, found) = (groups.reduce(0) { $0 + $1.count }, groups.reduce(0) { $0 + $1.negatives })
        guard metric.kind == .mean, found > 0, Double(found) < 0.05 * Double(total) else { return nil }
        let split = zip(variants, groups).map { "\(Figures.count($1.negatives)) of them in \($0.named)" }.joined(separator: ", ")
        var text = "\(Figures.count(found)) of \(Figures.count(total)) values of \(metric.name.text) are below zero, \(split)"
        if let first = try? Proportion(successes: groups[0].negatives, trials: groups[0].count), groups.count > 1,
            let last = groups.dropFirst().max(by: { $0.negatives < $1.negatives }),
            let second = try? Proportion(successes: last.negatives, trials: last.count),
            TwoProportionZTest(first, second).pValue < UnitChecks.mismatch
        {
            text += ": a split that chance does not make"
        }
        return Check("values below zero", .warning, text)
    }

    /// A unit without which the result is another.
    private func influence(_ worst: Influence, _ unit: String?, _ metric: Plan.Metric, _ groups: [GroupMoments]) -> Check {
        let who = unit.map { "the unit \($0)" } ?? "one unit"
        var text =
            "\(who) with \(Figures.plain(worst.value, 6)) alone moves the mean of \(worst.variant.named) in \(metric.name.text) from "
            + "\(Figures.significant(worst.meanWithout)) to \(Figures.significant(worst.mean))"
        text += without(worst, groups)
        return Check("outliers that carry a result", .warning, text)
    }

    private func without(_ worst: Influence, _ groups: [GroupMoments]) -> String {
        // Within strata it is another difference, of which it is not known in which the unit is.
        guard let place = variants.firstIndex(of: worst.variant), groups.count == 2, groups[place].strata.isEmpty else { return "" }
        let summaries = groups.map { $0.moments.summary(0) }
        var reduced = summaries
        reduced[place] = worst.rest
        guard let before = try? WelchTTest(summaries[1], summaries[0]), let after = try? WelchTTest(reduced[1], reduced[0]) else {
            return ""
        }
        let alpha = 1 - plan.method.confidence
        let hangs = (before.pValue < alpha) != (after.pValue < alpha)
        // Two means that are alike leave what rounding made of them.
        let isNone = abs(after.estimate) <= 1e-12 * max(abs(summaries[0].mean), abs(summaries[1].mean))
        let estimate = Figures.significant(isNone ? 0 : after.estimate)
        return "; without it the difference is \(estimate) (p \(Figures.significant(after.pValue))) instead of "
            + "\(Figures.significant(before.estimate)) (p \(Figures.significant(before.pValue)))"
            + (hangs ? ": the result hangs on it" : ": no other verdict")
    }
}
