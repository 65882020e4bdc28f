internal import Glibc
import Statistics
import Text

/// What to do, for somebody who decides and does not read tables.
///
/// Which test answers the question, and what would mislead, is the adviser's; here it is put into words.
struct Recommendation {
    let value: String
    let groups: [NamedValues]
    let findings: [Finding]
    let pairs: [PairComparison]
    let notCompared: [ComparisonReport.NotCompared]
    let question: TestQuestion

    private var control: String { groups[0].name }
    private var isOfProportions: Bool { [.proportions, .boschloo, .fisher].contains(pairs[0].advice.test) }

    func text() throws -> String {
        var paragraphs: [String] = []
        if let headline = try headline() { paragraphs.append(headline) }
        paragraphs += pairs.map { verdict($0) } + notCompared.map { "\($0.text)." }
        paragraphs += pairs.compactMap { dominated($0) }
        let grave = findings.filter { $0.isGrave && $0.kind != .influentialRow }
        if !grave.isEmpty {
            paragraphs.append("First clear up: \(grave.map(\.text).joined(separator: "; ")). Until then no result of these data is safe.")
        }
        paragraphs.append(advice())
        if !pairs.contains(where: { isShown($0) }), let size = sizeNeeded() { paragraphs.append(size) }
        return paragraphs.joined(separator: "\n")
    }

    private func isShown(_ pair: PairComparison) -> Bool { pair.adjustedPValue < question.alpha }

    /// Of several groups, the one to take.
    private func headline() throws -> String? {
        guard groups.count > 2 else { return nil }
        let means = try groups.map { try Summary($0.values).mean }
        let better = groups.indices.dropFirst().filter { index in
            pairs.contains {
                $0.second == control && $0.first == groups[index].name && isShown($0)
                    && ((($0.decisive.difference ?? 0) > 0) == question.higherIsBetter)
            }
        }
        guard let best = better.max(by: { question.higherIsBetter ? means[$0] < means[$1] : means[$0] > means[$1] }) else {
            return "Keep \(control), the control: no other group is shown to be better."
        }
        let rest =
            better.count > 1 ? " Of the \(better.count) groups shown to be better than \(control), its mean is the furthest ahead." : ""
        return "Ship \(groups[best].name): it is shown to be better than \(control), the control.\(rest)"
    }

    private func verdict(_ pair: PairComparison) -> String {
        let difference = pair.decisive.difference ?? 0
        let range = pair.decisive.interval.map { " (\($0.text))" } ?? ""
        let noun = isOfProportions ? "share of \(value)" : "mean \(value)"
        let size =
            difference == 0
            ? "\(noun) of \(pair.first) equals that of \(pair.second)\(range)"
            : "\(noun) of \(pair.first) is \(Figures.significant(abs(difference))) "
                + "\(difference > 0 ? "higher" : "lower") than that of \(pair.second)\(range)"
        let isWithControl = pair.second == control
        guard isShown(pair) else {
            let start = isWithControl ? "Do not ship \(pair.first) on these data" : "\(pair.second) and \(pair.first)"
            return "\(start): no difference is shown. The \(size), which chance explains "
                + "(\(Figures.pValue(pair.adjustedPValue))). That does not prove the groups equal."
        }
        let firstIsBetter = (difference > 0) == question.higherIsBetter
        let (better, worse) = firstIsBetter ? (pair.first, pair.second) : (pair.second, pair.first)
        guard isWithControl else { return "\(better) is better than \(worse). The \(size)." }
        return firstIsBetter
            ? "\(pair.first) is better than \(pair.second), the control. The \(size)."
            : "Do not ship \(pair.first): \(pair.second), the control, is better. The \(size)."
    }

    /// What becomes of the result without the rows that dominate it.
    private func dominated(_ pair: PairComparison) -> String? {
        guard let without = pair.withoutRows, let before = pair.decisive.difference, let after = without.difference else { return nil }
        let rows = pair.influential.count == 1 ? "the dominating row" : "the \(pair.influential.count) dominating rows"
        let name = pairs.count > 1 ? " between \(pair.second) and \(pair.first)" : ""
        let now =
            "Without \(rows) the difference\(name) is \(Figures.significant(after))"
            + (without.interval.map { " (\($0.range))" } ?? "") + ", \(Figures.pValue(without.pValue)), "
            + "instead of \(Figures.significant(before)), \(Figures.pValue(pair.decisive.pValue)): "
        let that = pair.influential.count == 1 ? "that row is a real customer or a fault" : "those rows are real customers or faults"
        let it = pair.influential.count == 1 ? "it" : "them"
        if without.isShown == pair.decisive.isShown, (after > 0) == (before > 0) || !without.isShown {
            return now + "the verdict is the same either way. Find out whether \(that) of the data; "
                + "drop \(it) only for a reason that does not look at the result."
        }
        return now + "the verdict hangs on \(pair.influential.count == 1 ? "that one row" : "those rows"). "
            + "Find out whether \(that) of the data before anything else, and not by the result."
    }

    /// Which test answers the question, and what does not change that.
    private func advice() -> String {
        guard isOfProportions else { return adviceOnMeans() }
        let exact = pairs.filter { $0.advice.test != .proportions }
        if exact.isEmpty {
            return
                "The z test answers the question: in \(groups.count == 2 ? "both groups" : "all groups") at least 5 successes and 5 failures are "
                + "expected if the groups are alike, which is enough for it."
        }
        let which = exact.count < pairs.count ? " for \(exact.map { "\($0.second) and \($0.first)" }.joined(separator: ", "))" : ""
        let answer =
            exact.allSatisfy { $0.advice.test == .boschloo }
            ? "Boschloo's exact test answers the question\(which), and loses less than Fisher's."
            : "an exact test answers the question\(which), Fisher's where there are too many units for Boschloo's."
        return
            "So few events are expected that the z test is not safe: \(answer)"
            + (which.isEmpty ? "" : " The z test answers it for the others.")
    }

    private func adviceOnMeans() -> String {
        let redealt = pairs.filter { $0.advice.test == .permutation }
        let test =
            redealt.isEmpty
            ? "Welch's test of means is the one that answers the question."
            : "The groups are too small and too skewed for a normal mean, so the permutation test, which redeals the units, answers the question"
                + (redealt.count < pairs.count
                    ? " for \(redealt.map { "\($0.second) and \($0.first)" }.joined(separator: ", ")), Welch's test for the others." : ".")
        var sentences = [test]
        let cautions = pairs.flatMap { pair in pair.advice.cautions.map { (pair, $0) } }
        if cautions.contains(where: { $0.1 == .answersAnotherQuestion(.mannWhitney) }) {
            sentences.append(
                "Whether the values are normal is no reason for another: Mann-Whitney tests whether one group's values tend to exceed the "
                    + "other's, not the mean, and so not the total.")
        }
        var skewed: [String] = []
        for (pair, caution) in cautions {
            guard case .skewed(let place, let skewness, let count, let needed) = caution else { continue }
            let text =
                "\(place == "first" ? pair.first : pair.second) (skewness \(Figures.significant(skewness, 3)): "
                + "\(Figures.count(count)) values where about \(Figures.count(needed)) would do)"
            if !skewed.contains(text) { skewed.append(text) }
        }
        sentences.append(
            skewed.isEmpty
                ? "With groups of this size means are normal, whatever the values are."
                : "But a few large values carry the mean in \(skewed.joined(separator: " and ")): take the interval as rough, and collect more data."
        )
        for (pair, caution) in cautions {
            guard case .unequalVariances(let ratio) = caution else { continue }
            sentences.append(
                "The variances of \(pair.second) and \(pair.first) differ by a factor of \(Figures.significant(ratio, 2)): "
                    + "Student's test, which pools them, would mislead where the groups differ in size.")
        }
        return sentences.joined(separator: " ")
    }

    /// How many values a group would need to show a tenth of the control's mean.
    private func sizeNeeded() -> String? {
        guard groups.count == 2, let a = try? Summary(groups[0].values), let b = try? Summary(groups[1].values), a.mean != 0 else {
            return nil
        }
        let lift = abs(a.mean) / 10
        guard
            let known = try? MeansPower(
                standardDeviation: a.standardDeviation, secondDeviation: b.standardDeviation, significance: question.alpha),
            let size = try? isOfProportions
                ? known.size(effect: lift, power: 0.8) : WelchPower(known).size(effect: lift, power: 0.8), size < 9e15
        else { return nil }
        return
            "To find a difference of 10 % of \(groups[0].name)'s \(isOfProportions ? "share" : "mean") (\(Figures.significant(lift))) with a "
            + "chance of 80 %, \(Figures.count(Int(ceil(size)))) values a group are needed; there are \(Figures.count(a.count)) and \(Figures.count(b.count))."
    }
}
