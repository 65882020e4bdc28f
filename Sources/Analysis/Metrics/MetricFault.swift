import Experiments
import Statistics
import Text

/// Why a metric cannot be judged, whatever the method.
struct MetricFault: Sendable {
    /// The name of the check that says so.
    let check: String
    /// One sentence without its point.
    let text: String
    /// Whether it is the data that are not fit to decide on; else there may be more of them, or another plan.
    let isOfData: Bool

    /// Values whose squares are no numbers any more: the metric's own, or those of a covariate, by its place.
    static func tooLarge(_ metric: Plan.Metric, covariate: Int? = nil) -> MetricFault {
        let whose = covariate.map { "\(metric.covariates[$0].fact.text), a covariate of \(metric.name.text)," } ?? metric.name.text
        let advice = covariate == nil ? "for which a cap in the plan helps" : "and has to be left out of the plan"
        return MetricFault(
            check: "values too large", text: "\(whose) has values too large to be computed with, \(advice)", isOfData: true)
    }
}

// What a cap does to values.
extension MetricFault {
    /// A cap that leaves all units the very same value, as it is not above the least, though some have more; nil of any other.
    ///
    /// The quantile of what few units do is 0: no unit would be told from another, and any two variants would look alike.
    init?(flattening columns: MetricColumns, _ groups: [GroupMoments]) {
        guard let cap = columns.metric.cap, let limit = columns.cap else { return nil }
        let (count, above) = (groups.reduce(0) { $0 + $1.count }, groups.reduce(0) { $0 + $1.beyond })
        guard above > 0, groups.allSatisfy({ $0.minimum >= limit }) else { return nil }
        let (name, value) = (columns.metric.name.text, Figures.plain(limit, 6))
        let among = columns.metric.population.map { " among \($0.text)" } ?? ""
        let what = columns.metric.fact.map { " of \($0.text)" } ?? ""
        let least =
            cap.isRelative
            ? "\(cap.text) of the units\(among) have no more than \(value)\(what)" : "no unit\(among) has less than \(value)\(what)"
        let share = MetricFault.leastShare(above, of: count, after: cap).map { "such as cap: \($0.text)" }
        let advice =
            cap.isRelative
            ? (share.map { "a greater share, \($0), or " } ?? "") + "a number"
            : "a greater number" + (share.map { ", or a share, \($0)" } ?? "")
        (check, isOfData) = ("cap", false)
        text =
            "\(least), so with cap: \(cap.text) all would count the same in \(name), and it is not judged; "
            + "\(Figures.count(above)) of \(Figures.count(count)) units (\(Figures.plain(Double(above) / Double(count) * 100, 2)) %) \(above == 1 ? "has" : "have") more: "
            + "write \(advice)"
    }

    /// How many units a cap cuts, and to what; nil where there is none.
    static func cut(_ columns: MetricColumns, _ groups: [GroupMoments]) -> String? {
        guard let cap = columns.metric.cap, let limit = columns.cap else { return nil }
        let (count, above) = (groups.reduce(0) { $0 + $1.count }, groups.reduce(0) { $0 + $1.beyond })
        guard count > 0 else { return nil }
        let share = Figures.plain(Double(above) / Double(count) * 100, 2) + " %"
        return "cap: \(cap.text)\(cap.isRelative ? " comes to \(Figures.plain(limit, 6))" : ""); "
            + "\(Figures.count(above)) of \(Figures.count(count)) units (\(share)) \(above == 1 ? "has more, and counts" : "have more, and count") as that"
            + (columns.metric.kind != .ratio && isAllOrNothing(limit, groups)
                ? ": these are all that have more than \(Figures.plain(least(groups), 6)), so how much they have does not count" : "")
    }

    private static func least(_ groups: [GroupMoments]) -> Double { groups.reduce(.infinity) { min($0, $1.minimum) } }

    /// Whether every unit has either the least value of all or the limit, and some have that.
    private static func isAllOrNothing(_ limit: Double, _ groups: [GroupMoments]) -> Bool {
        let least = least(groups)
        guard least < limit, groups.contains(where: { $0.maximum == limit }) else { return false }
        // Of two values the variance is the product of the mean's distances from both, and of any between them it is less.
        return groups.allSatisfy { group in
            guard group.count > 1 else { return group.minimum == least || group.maximum == limit }
            let (mean, n) = (group.moments.means[0], Double(group.count))
            let greatest = (mean - least) * (limit - mean)
            return greatest - group.moments.summary(0).variance * (n - 1) / n <= 1e-12 * (limit - least) * (limit - least)
        }
    }

    /// The first of 99 %, 99.9 % and so on whose quantile lies among those that have more than the rest; nil where none does.
    private static func leastShare(_ above: Int, of count: Int, after cap: Plan.Amount) -> Plan.Amount? {
        [0.99, 0.999, 0.9999, 0.99999, 0.999_999].first { share in
            (!cap.isRelative || share > cap.value) && share * Double(count - 1) >= Double(count - above)
        }.map { Plan.Amount(value: $0, isRelative: true) }
    }
}

extension Plan.Amount {
    /// As a plan has it: `99.9 %` or `1000`.
    fileprivate var text: String { isRelative ? Figures.plain(value * 100, 9) + " %" : Figures.plain(value, 6) }
}
