internal import Glibc
import Statistics
import Text

/// What to do, for somebody who decides and does not read tables.
struct Recommendation {
    let value: String
    let groups: [NamedValues]
    let findings: [Finding]
    let pairs: [PairComparison]
    let question: TestQuestion

    func text() throws -> String {
        var paragraphs = pairs.map { verdict($0) }
        paragraphs += pairs.compactMap { dominated($0) }
        let grave = findings.filter { $0.isGrave && $0.kind != .influentialRow }
        if !grave.isEmpty {
            paragraphs.append("First clear up: \(grave.map(\.text).joined(separator: "; ")). Until then no result of these data is safe.")
        }
        paragraphs.append(try adviceOnTest())
        if !pairs.contains(where: { isShown($0) }), let size = sizeNeeded() { paragraphs.append(size) }
        return paragraphs.joined(separator: "\n")
    }

    private func isShown(_ pair: PairComparison) -> Bool { pair.adjustedPValue < question.alpha }

    private func verdict(_ pair: PairComparison) -> String {
        let difference = pair.welch.estimate
        let range = pair.welch.interval.map { " (\(Figures.percent(question.level, 2)) interval \($0.text))" } ?? ""
        let size =
            "mean \(value) of \(pair.control) is \(Figures.significant(abs(difference))) "
            + "\(difference >= 0 ? "higher" : "lower") than that of \(pair.other)\(range)"
        guard isShown(pair) else {
            return "Do not ship \(pair.other) on these data: no difference is shown. The \(size), which chance explains "
                + "(p \(Probability.text(pair.adjustedPValue, log: nil))). That does not prove the groups equal."
        }
        let controlIsBetter = (difference > 0) == question.higherIsBetter
        return controlIsBetter
            ? "Do not ship \(pair.other): \(pair.control), the control, is better. The \(size)."
            : "\(pair.other) is better than \(pair.control), the control. The \(size)."
    }

    /// What becomes of the result without the rows that dominate it.
    private func dominated(_ pair: PairComparison) -> String? {
        guard let without = pair.welchWithout else { return nil }
        let now =
            "Without the dominating row the difference is \(Figures.significant(without.estimate))"
            + (without.interval.map { " (\($0.text))" } ?? "") + ", p \(Probability.text(without.pValue, log: nil)), "
            + "instead of \(Figures.significant(pair.welch.estimate)), p \(Probability.text(pair.welch.pValue, log: nil)): "
        if without.isShown == pair.welch.isShown, (without.estimate > 0) == (pair.welch.estimate > 0) || !without.isShown {
            return now + "the verdict is the same either way. Find out whether that row is a real customer or a fault of the data; "
                + "drop it only for a reason that does not look at the result."
        }
        return now + "the verdict hangs on that one row. Decide whether it is real before anything else, and not by the result."
    }

    /// Which test answers the question, and what does not change that.
    private func adviceOnTest() throws -> String {
        let descriptions = try groups.map { try Description(name: $0.name, $0.values) }
        // R. Kohavi, A. Deng, R. Longbotham and Y. Xu, "Seven rules of thumb for web site experimenters", KDD (2014),
        // doi:10.1145/2623330.2623341, rule 7: the mean of n values of skewness s is normal enough if n > 355 s².
        let short = descriptions.filter { Double($0.count) < 355 * ($0.skewness ?? 0) * ($0.skewness ?? 0) }
        let stands =
            "Welch's test of means is the one that answers the question. That the values are not normal is no reason for "
            + "another: Mann-Whitney tests whether one group's values tend to exceed the other's, not the mean, and so not the total"
        guard !short.isEmpty else { return stands + ". With groups of this size means are normal, whatever the values are." }
        let skewed = short.map { "\($0.name) (skewness \(Figures.significant($0.skewness ?? 0, 3)))" }.joined(separator: " and ")
        return stands + ". But a few large values carry the mean in \(skewed): take the interval as rough, and collect more data."
    }

    /// How many values a group would need to show a tenth of the control's mean.
    private func sizeNeeded() -> String? {
        guard groups.count == 2, let a = try? Summary(groups[0].values), let b = try? Summary(groups[1].values), a.mean != 0 else {
            return nil
        }
        let lift = abs(a.mean) / 10
        guard
            let analysis = try? MeansPower(
                standardDeviation: a.standardDeviation, secondDeviation: b.standardDeviation, significance: question.alpha),
            let size = try? analysis.size(effect: lift, power: 0.8), size < 9e15
        else { return nil }
        return "To find a difference of 10 % of \(groups[0].name)'s mean (\(Figures.significant(lift))) with a chance of 80 %, "
            + "\(Figures.count(Int(ceil(size)))) values a group are needed; there are \(Figures.count(a.count)) and \(Figures.count(b.count))."
    }
}
