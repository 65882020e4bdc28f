import Statistics
import Text

extension TestRun {
    /// A test of two samples, carried out on every pair of more, or on the first with each other.
    func pairs(of kind: TestKind) throws -> TestReport {
        let indices = names.indices
        let chosen = indices.flatMap { i in indices.filter { $0 > i && (i == 0 || !question.onlyWithControl) }.map { (i, $0) } }
        let found = try chosen.map { i, j in
            let report = try SampleProblem.naming([names[i], names[j]]) {
                try kind.found(TestRun(input: input.pair(i, j), question: question))
            }
            return (first: i, second: j, report: report)
        }
        let own = found.compactMap(\.report.pValue)
        let adjusted = own.count == found.count ? try question.adjustment.adjust(own) : nil
        // Intervals that hold together: Bonferroni's where the adjustment has none of its own.
        var wider = question
        let alpha = question.adjustment.significance(alpha: question.alpha, comparisons: found.count)
        wider.level = 1 - (alpha ?? question.alpha / Double(found.count))
        let comparisons = try found.enumerated().map { place, pair in
            let run = TestRun(input: input.pair(pair.first, pair.second), question: wider)
            let interval = pair.report.interval == nil ? nil : try kind.found(run).interval
            return PairReport(
                a: names[pair.first], b: names[pair.second], statistic: pair.report.statistic, pValue: pair.report.pValue,
                logPValue: pair.report.logPValue, adjustedPValue: adjusted?[place], estimate: pair.report.estimate,
                interval: interval, details: pair.report.details)
        }
        let which = question.onlyWithControl ? "\(names[0]) with each other" : "all pairs"
        return TestReport(
            test: "\(found[0].report.test), \(which)", statistic: nil, pValue: nil, alternative: found[0].report.alternative,
            samples: try input.reports(), comparisons: comparisons, adjustment: adjusted == nil ? nil : question.adjustment,
            conclusion: conclusion(comparisons, found.map(\.report), kind),
            assumptions: [
                adjusted == nil
                    ? "intervals hold for all \(found.count) comparisons together, by Bonferroni's level"
                    : "p-values adjusted by \(question.adjustment.rawValue) for \(found.count) comparisons; intervals hold for all of them together"
            ] + (kind.hasBetter ? [question.betterNote] : []))
    }

    /// Which of the pairs show what the test looks for.
    private func conclusion(_ pairs: [PairReport], _ reports: [TestReport], _ kind: TestKind) -> String {
        let shown = pairs.filter { pair in
            pair.adjustedPValue.map { $0 < question.alpha } ?? pair.interval.map { !$0.contains(0) } ?? false
        }
        switch kind {
        case .equivalence, .nonInferiority:
            let list = shown.map { "\($0.a) and \($0.b)" }.joined(separator: ", ")
            let what = kind == .equivalence ? "Equivalence" : "Non-inferiority"
            return shown.isEmpty
                ? "\(what) is shown for no pair." : "\(what) is shown for \(list); for \(pairs.count - shown.count) pairs it is not."
        default:
            if !question.onlyWithControl, [.welch, .student, .permutation, .bootstrap].contains(kind), let samples = try? input.summaries()
            {
                return Conclusion(names: names, question: question).ofPairs(pairs, estimates: samples.map(\.mean), what: "mean")
            }
            if shown.isEmpty { return "No difference is shown in any of \(pairs.count) comparisons." }
            let list = shown.map { pair in
                "\(pair.a) and \(pair.b)" + (pair.estimate.map { " (\(Figures.significant($0)))" } ?? "")
            }
            return "\(shown.count) of \(pairs.count) differences are shown: \(list.joined(separator: ", "))."
        }
    }
}
