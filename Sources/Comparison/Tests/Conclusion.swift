import Statistics
import Text

/// What figures mean, in words that somebody can act on; the first sample is the control.
struct Conclusion {
    let names: [String]
    let question: TestQuestion

    /// Two samples whose difference, the first less the second, is shown or not.
    func ofDifference(_ estimate: Double, _ interval: ConfidenceInterval?, isShown: Bool, what: String) -> String {
        let (a, b) = (names[0], names[1])
        let range = interval.map { " (\($0.text) for \(a) less \(b))" } ?? ""
        guard isShown else {
            let found =
                estimate == 0
                ? "the \(what)s of \(a) and \(b) are equal in these data\(range)"
                : "the \(what) of \(a) is \(Figures.significant(abs(estimate))) \(estimate > 0 ? "higher" : "lower") than that of "
                    + "\(b)\(range), which chance alone explains"
            return "No difference is shown: \(found). "
                + "That is no proof of equality\(interval == nil ? "." : ": the interval says how large a difference may still be.")"
        }
        let firstIsBetter = (estimate > 0) == question.higherIsBetter
        let (better, worse) = firstIsBetter ? (a, b) : (b, a)
        return "\(better) is better: its \(what) is \(Figures.significant(abs(estimate))) "
            + "\(question.higherIsBetter ? "higher" : "lower") than that of \(worse)\(range). "
            + (firstIsBetter ? "\(a) is the control: do not ship \(b)." : "\(a) is the control: ship \(b).")
    }

    /// Several samples, compared by pairs.
    func ofPairs(_ pairs: [PairReport], estimates: [Double], what: String) -> String {
        let order = estimates.indices.sorted {
            question.higherIsBetter ? estimates[$0] > estimates[$1] : estimates[$0] < estimates[$1]
        }
        // Where there are no p-values, an interval without zero shows a difference.
        let shown = pairs.filter { pair in
            pair.adjustedPValue.map { $0 < question.alpha } ?? pair.interval.map { !$0.contains(0) } ?? false
        }
        let ranking = order.indices.map { place in
            let found = "\(names[order[place]]) \(Figures.significant(estimates[order[place]]))"
            if place == 0 { return found }
            let isEqual = estimates[order[place]] == estimates[order[place - 1]]
            return (isEqual ? " = " : question.higherIsBetter ? " > " : " < ") + found
        }.joined()
        let best = names[order[0]]
        if shown.isEmpty { return "No difference between any two is shown: \(ranking)." }
        let rivals = names.filter { name in
            name != best && !shown.contains { Set([$0.a, $0.b]) == [name, best] }
        }
        let differences =
            shown.count == pairs.count
            ? "all \(pairs.count) differences are shown"
            : "\(shown.count) of \(pairs.count) differences \(shown.count == 1 ? "is" : "are") shown"
        if rivals.isEmpty { return "\(best) is the best: its \(what) is ahead of every other (\(ranking); \(differences))." }
        return "\(best) is ahead, but its lead over \(rivals.joined(separator: ", ")) is not shown (\(ranking); \(differences))."
    }
}
