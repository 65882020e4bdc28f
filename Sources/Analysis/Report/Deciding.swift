import Experiments
import Statistics
import Text

/// Turns results into a verdict.
struct Deciding {
    let plan: Plan
    let metrics: [MetricReport]
    let guardrails: [GuardrailReport]
    let checks: [Check]
    let counts: UnitCounts

    func verdict() -> Verdict {
        let failed = checks.filter { $0.status == .failed }
        if !failed.isEmpty {
            return Verdict(
                decision: .invalid, variant: nil,
                text: "The data are not fit to decide on. " + failed.map { "\($0.name): \($0.text)." }.joined(separator: " "),
                changes: "Clear this up, and run the analysis again.", moreUnits: nil, moreDays: nil)
        }
        guard let metric = metrics.first(where: { $0.name == plan.decision.metric }), metric.kind != "count" else {
            return Opinion(
                .invalid, "There is nothing to decide on: \(plan.decision.metric) is not compared.",
                changes: "State a metric of the kind conversion, mean, ratio or quantile under decision, ship on."
            ).verdict
        }
        guard !metric.comparisons.isEmpty else {
            return Opinion(
                .keepRunning,
                "Keep running: there is too little of \(metric.name) to compare yet. "
                    + metric.problems.map { "\($0)." }.joined(separator: " "),
                changes: metric.fault?.isOfData == false ? "Another cap." : "More units."
            ).verdict
        }
        let opinions = metric.comparisons.map { ($0, opinion(metric, $0)) }
        let ships = opinions.filter { $0.1.decision == .ship }
        if let best = ships.max(by: { gain(metric, $0.0) < gain(metric, $1.0) }) { return best.1.verdict }
        return Opinion.together(opinions.map(\.1))
    }

    private var alpha: Double { 1 - plan.method.confidence }

    private func gain(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> Double {
        metric.higherIsBetter ? comparison.difference : -comparison.difference
    }

    private func opinion(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> Opinion {
        let said = sentence(metric, comparison)
        let isShown = comparison.adjustedPValue < alpha
        let treatment = comparison.treatment.named
        if isShown, gain(metric, comparison) < 0 {
            return Opinion(
                .doNotShip, "Do not ship \(treatment): it is worse.", said, changes: "Only a fault in the data would change this.")
        }
        if isShown, let worth = smallestWorth(metric, comparison), isRuledOut(worth.effect, metric, comparison) {
            return Opinion(
                .doNotShip, "Do not ship \(treatment): it is better, but by less than \(worth.words), the smallest gain worth it.", said,
                changes: "A smaller effect that is worth it.")
        }
        if isShown {
            let mine = guardrails.filter { $0.treatment == comparison.treatment }
            let broken = mine.filter { $0.outcome == .broken }
            if !broken.isEmpty {
                return Opinion(
                    .doNotShip, "Do not ship \(treatment), though it is better:", said,
                    adding: "It costs more than is acceptable in \(broken.map(\.metric).joined(separator: ", ")).",
                    changes: "A treatment that spares \(broken.map(\.metric).joined(separator: ", ")).")
            }
            let open = mine.filter { $0.outcome == .open }
            if !open.isEmpty {
                let problems = open.compactMap { guardrail in guardrail.problem.map { "\(guardrail.metric): \($0)." } }
                return Opinion(
                    .keepRunning, "Keep running: \(treatment) is better.", said,
                    adding: ([
                        "But it is not yet shown that \(open.map(\.metric).joined(separator: ", ")) "
                            + "\(open.count == 1 ? "stays" : "stay") within the margin."
                    ] + problems).joined(separator: " "),
                    changes: problems.isEmpty
                        ? "Enough units to settle the guardrails."
                        : "What can be compared of \(open.map(\.metric).joined(separator: ", ")).")
            }
            return Opinion(
                .ship, "Ship \(treatment): it is better.", said, adding: harm(comparison.treatment),
                changes:
                    "The smallest gain that the data allow is \(bound(comparison, metric)); if that is too little to be worth it, do not.",
                variant: comparison.treatment)
        }
        return undecided(metric, comparison, said)
    }

    private func undecided(_ metric: MetricReport, _ comparison: MetricReport.Comparison, _ said: String) -> Opinion {
        let (treatment, control) = (comparison.treatment.named, comparison.control.named)
        let base = metric.groups.first { $0.variant == comparison.control }
        let nothing = nothingYet(metric, comparison).map { why in
            Opinion(
                .keepRunning, "Keep running: there is too little of \(metric.name) to tell.", said, adding: why, changes: "More units.")
        }
        guard let worth = smallestWorth(metric, comparison), let base else {
            if let nothing { return nothing }
            if !plan.method.isAlwaysValid, let why = tooFew(metric, comparison) {
                return Opinion(
                    .keepRunning, "Keep running: there are too few units to tell.", said, adding: why,
                    changes: "More units; or the smallest effect worth shipping, to be told how long to run.")
            }
            let needed = base.flatMap { size($0, metric, comparison, effect: abs($0.mean) * 0.05) }
            let hint = needed.map {
                "To find a change of 5 % with a chance of \(Figures.percent(plan.decision.power, 2)) takes about \(Figures.count($0)) units a variant; "
                    + "there are \(Figures.count(base?.count ?? 0)). State the smallest effect worth shipping to be told how long to run."
            }
            return Opinion(
                plan.method.isAlwaysValid ? .keepRunning : .doNotShip,
                "\(plan.method.isAlwaysValid ? "Keep running" : "Do not ship \(treatment)"): no difference is shown.", said,
                adding: "That does not prove the variants equal.", changes: hint ?? "More units.")
        }
        let (effect, worded) = worth
        if isRuledOut(effect, metric, comparison) {
            return Opinion(
                .doNotShip, "Do not ship \(treatment): a gain of \(worded), the smallest worth it, is ruled out.", said,
                changes: "A smaller effect that is worth it.")
        }
        if let nothing { return nothing }
        guard let needed = size(base, metric, comparison, effect: effect) else {
            return Opinion(.keepRunning, "Keep running: no difference is shown yet.", said, changes: "More units.")
        }
        let missing = max(0, needed - base.count)
        guard missing > 0 else {
            // What may be looked at any time goes on until one or the other is shown; the size is only when that may be expected.
            guard !plan.method.isAlwaysValid else {
                return Opinion(
                    .keepRunning,
                    "Keep running: neither is a difference shown yet, nor is a gain of \(worded), the smallest worth it, ruled out.", said,
                    changes: "More units: with enough of them one or the other will be.")
            }
            return Opinion(
                .doNotShip, "Do not ship \(treatment): there were units enough to find \(worded), and no difference is shown.", said,
                changes: "A smaller effect that is worth it takes more units.")
        }
        let share = Double(base.count) / Double(max(1, counts.variants.values.reduce(0, +)))
        let more = Deciding.whole(Double(missing) / max(share, 1e-9))
        var days: Double?
        if let times = counts.times, times.upperBound > times.lowerBound {
            days = Double(more) / (Double(counts.variants.values.reduce(0, +)) / ((times.upperBound - times.lowerBound) / 86400))
        }
        let population = metric.population.map { " that are \($0)" } ?? ""
        let both = metric.groups.count == 2 ? "both variants" : "all \(metric.groups.count) variants"
        let ratio = armRatio(metric, comparison)
        let sizes =
            ratio == 1
            ? "\(Figures.count(needed)) units\(population) in each variant"
            : "\(Figures.count(needed)) units\(population) in \(control) and "
                + "\(Figures.count(Deciding.whole(Double(needed) * ratio))) in \(treatment)"
        let long =
            days.map { $0 <= 1 ? ": less than a day more at the pace so far" : ": \(Figures.roundedUp($0)) days more at the pace so far" }
            ?? "; state the assignment's 'time' to be told how many days that takes"
        return Opinion(
            .keepRunning,
            "Keep running: to find \(worded) with a chance of \(Figures.percent(plan.decision.power, 2)) takes \(sizes), and \(control) has \(Figures.count(base.count)). For that, about "
                + "\(Figures.counted(more, "more unit", "more units")) must be assigned, \(both) together\(population.isEmpty ? "" : " and whether \(metric.population ?? "") or not")"
                + "\(long).", said, changes: "Those units; or a difference that is larger than expected.", units: more, days: days)
    }

    /// The smallest effect worth shipping, where one is stated, in units of the metric and in words.
    private func smallestWorth(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> (effect: Double, words: String)? {
        guard let smallest = plan.decision.smallestEffect else { return nil }
        let base = metric.groups.first { $0.variant == comparison.control }
        guard let value = comparison.values(in: metric.groups).control ?? base?.mean else { return nil }
        let effect = smallest.isRelative ? smallest.value * abs(value) : smallest.value
        return (effect, "\(metric.scale.difference(effect, 3))\(smallest.isRelative ? " (\(Figures.percent(smallest.value, 3)))" : "")")
    }

    /// Whether the interval leaves out every gain as large as that.
    private func isRuledOut(_ effect: Double, _ metric: MetricReport, _ comparison: MetricReport.Comparison) -> Bool {
        guard let interval = comparison.interval else { return false }
        return (metric.higherIsBetter ? interval.high : -interval.low) < effect
    }

    /// Why it says nothing that no difference is shown: so few units show none, whatever the variants are like.
    ///
    /// Nil where it says something: where a mean may be taken to be normal, and a change by half of the control's would probably have been seen.
    private func tooFew(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> String? {
        let groups = groups(metric, comparison)
        guard groups.count == 2, let fewest = groups.min(by: { $0.count < $1.count }) else { return nil }
        guard fewest.count >= Analysis.fewestUnits else {
            return "\(fewest.variant.named) has \(Figures.count(fewest.count)) \(fewest.count == 1 ? "unit" : "units"): fewer than "
                + "\(Analysis.fewestUnits) a variant seldom show a difference, whatever the variants are like."
        }
        let base = groups[0]
        guard let needed = size(base, metric, comparison, effect: abs(base.mean) / 2), needed > base.count else { return nil }
        return
            "Even to find a change by half of \(base.variant.named)'s value with a chance of \(Figures.percent(plan.decision.power, 2)) takes "
            + "about \(Figures.count(needed)) units in it; there are \(Figures.count(base.count))."
    }

    /// That what is measured is zero everywhere, where it is: then no difference is shown as there is nothing that could differ.
    private func nothingYet(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> String? {
        let groups = groups(metric, comparison)
        guard groups.count == 2, groups.allSatisfy({ $0.mean == 0 && $0.standardDeviation == 0 }) else { return nil }
        return "\(metric.name) is 0 for every unit of \(groups[0].variant.named) and of \(groups[1].variant.named)."
    }

    /// The control and the treatment.
    private func groups(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> [MetricReport.Group] {
        [comparison.control, comparison.treatment].compactMap { name in metric.groups.first { $0.variant == name } }
    }

    /// A number of units, rounded up; so many that it cannot be counted is as many as can be.
    private static func whole(_ units: Double) -> Int { Int(min(units, 0x1p62).rounded(.up)) }

    /// The units of the control that it takes to find an effect, going by how uncertain this very difference is.
    private func size(_ base: MetricReport.Group, _ metric: MetricReport, _ comparison: MetricReport.Comparison, effect: Double) -> Int? {
        let deviation = deviation(base, metric, comparison)
        guard effect > 0, deviation > 0,
            let analysis = try? MeansPower(standardDeviation: deviation, significance: alpha, ratio: armRatio(metric, comparison))
        else { return nil }
        let power = plan.decision.power
        let size =
            plan.method.tunedFor.flatMap {
                plan.method.isAlwaysValid ? try? analysis.alwaysValidSize(effect: effect, power: power, tunedFor: $0) : nil
            }
            // What is told by a t test is planned by its power; shares, quantiles and ranks are taken to be normal.
            ?? (try? comparison.degreesOfFreedom == nil
                ? analysis.size(effect: effect, power: power) : WelchPower(analysis).size(effect: effect, power: power))
        guard let size, size < 1e15 else { return nil }
        return Int(size.rounded(.up))
    }

    /// How much units would vary for a difference of means to be as uncertain as this one is: what quantiles are known by, other variances in the treatment,
    /// what strata and covariates take away.
    ///
    /// Of shares and ranks it is the control's deviation, and where that comes to about the same as well, so that one number does for all treatments.
    private func deviation(_ base: MetricReport.Group, _ metric: MetricReport, _ comparison: MetricReport.Comparison) -> Double {
        let alone = base.standardDeviation * (1 - (comparison.varianceReduction ?? 0)).squareRoot()
        guard let error = comparison.standardError, let treatment = metric.groups.first(where: { $0.variant == comparison.treatment })
        else {
            return alone
        }
        let own = error * (1 / (1 / Double(base.count) + 1 / Double(treatment.count))).squareRoot()
        return abs(own - alone) <= 0.1 * alone ? alone : own
    }

    /// The size of the treatment over that of the control; 1 where they differ no more than chance, or a lost unit, explains.
    private func armRatio(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> Double {
        let count = { (name: String) in metric.groups.first { $0.variant == name }.map { Double($0.count) } ?? 0 }
        let ratio = count(comparison.treatment) / max(1, count(comparison.control))
        return ratio > 0 && abs(ratio - 1) > 0.1 ? ratio : 1
    }

    private func sentence(_ metric: MetricReport, _ comparison: MetricReport.Comparison) -> String {
        let within = comparison.withinStrata == nil ? "" : ", compared within each \(plan.assignment.stratum?.text ?? "stratum")"
        let values = comparison.values(in: metric.groups)
        let scale = metric.scale
        func figure(_ value: Double?) -> String { value.map { scale.value($0) } ?? "–" }
        let interval = comparison.interval.map { ", \(Figures.percent($0.level, 2)) interval \(scale.range($0))" }
        // Where both are told as less than the same, the second says nothing.
        let (p, all) = (Figures.pValue(comparison.pValue), Figures.pValue(comparison.adjustedPValue))
        let adjusted = p == all ? "" : ", \(all.dropFirst(2)) adjusted for all comparisons"
        return
            "\(metric.name) is \(figure(values.treatment)) in \(comparison.treatment.named) and "
            + "\(figure(values.control)) in \(comparison.control.named)\(within): "
            + "a difference of \(scale.difference(comparison.difference))\(comparison.varianceReduction == nil ? "" : " after CUPED")\(comparison.lift.map { " (\(Figures.percent($0, 3)))" } ?? "")"
            + "\(interval ?? ""), \(p)\(adjusted)."
    }

    /// The other metrics by which a treatment is shown to be worse; what guardrails say is said by them.
    private func harm(_ treatment: String) -> String {
        let spoken = Set(guardrails.map(\.metric) + [plan.decision.metric])
        let worse = metrics.filter { !spoken.contains($0.name) }.compactMap { metric -> String? in
            guard let comparison = metric.comparisons.first(where: { $0.treatment == treatment }), comparison.adjustedPValue < alpha,
                gain(metric, comparison) < 0
            else { return nil }
            let lift = comparison.lift.map { " (\(Figures.percent($0, 3)))" } ?? ""
            return "\(metric.name) by \(metric.scale.difference(abs(comparison.difference)))\(lift)"
        }
        return worse.isEmpty ? "" : "But it is shown to be worse in \(worse.joined(separator: ", "))."
    }

    private func bound(_ comparison: MetricReport.Comparison, _ metric: MetricReport) -> String {
        comparison.interval.map { metric.scale.difference(metric.higherIsBetter ? $0.low : -$0.high) } ?? "not known"
    }
}
