import Statistics
import Text

extension TestRun {
    /// A test of two samples, carried out on every pair of more, or on the first with each other.
    func pairs(of kind: TestKind) throws -> TestReport {
        let indices = names.indices
        let chosen = indices.flatMap { i in indices.filter { $0 > i && (i == 0 || !question.onlyWithControl) }.map { (i, $0) } }
        // A pair that does not vary is told as such, and does not keep the others from being compared.
        let found = try chosen.map { i, j in
            (
                first: i, second: j,
                attempt: try attempt([i, j]) { try kind.found(TestRun(input: input.pair(i, j), question: question)) }
            )
        }
        let reports = found.compactMap(\.attempt.result)
        guard let sample = reports.first else { throw SampleProblem.nothingVaries(names) }
        // Where p-values come from may differ from pair to pair.
        let tests = reports.map(\.test).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: "; ")
        // It would show nothing: its p-value counts as 1 among those that are adjusted.
        let isTested = reports.allSatisfy { $0.pValue != nil }
        let adjusted = isTested ? try question.adjustment.adjust(found.map { $0.attempt.result?.pValue ?? 1 }) : nil
        // Intervals that hold together: Bonferroni's where the adjustment has none of its own.
        var wider = question
        let alpha = question.adjustment.significance(alpha: question.alpha, comparisons: found.count)
        wider.level = 1 - (alpha ?? question.alpha / Double(found.count))
        let comparisons = try found.enumerated().map { place, pair in
            guard let report = pair.attempt.result else {
                return PairReport(a: names[pair.first], b: names[pair.second], problem: pair.attempt.problem)
            }
            let run = TestRun(input: input.pair(pair.first, pair.second), question: wider)
            let interval = report.interval == nil ? nil : try kind.found(run).interval
            return PairReport(
                a: names[pair.first], b: names[pair.second], statistic: report.statistic, pValue: report.pValue,
                logPValue: report.logPValue, adjustedPValue: adjusted?[place], estimate: report.estimate,
                interval: interval, details: report.details)
        }
        let which = question.onlyWithControl ? "\(names[0]) with each other" : "all pairs"
        return TestReport(
            test: "\(tests), \(which)", statistic: nil, pValue: nil, alternative: sample.alternative,
            samples: try input.reports(), comparisons: comparisons, adjustment: adjusted == nil ? nil : question.adjustment,
            conclusion: conclusion(comparisons, kind),
            assumptions: [
                adjusted == nil
                    ? "intervals hold for all \(found.count) comparisons together, by Bonferroni's level"
                    : "p-values adjusted by \(question.adjustment.rawValue) for \(found.count) comparisons; \(question.adjustment.ofIntervals)"
            ] + (kind.hasBetter ? [question.betterNote] : []))
    }

    /// Compares a pair; a problem of this pair alone is told, any other thrown.
    func attempt<Result>(_ pair: [Int], _ body: () throws -> Result) throws -> (result: Result?, problem: String?) {
        do {
            return (try SampleProblem.naming(pair.map { names[$0] }, columns: question.columnNames, body), nil)
        } catch let problem as SampleProblem {
            guard let reason = problem.reasonOfOnePair else { throw problem }
            return (nil, reason)
        }
    }

    /// Which of the pairs show what the test looks for.
    private func conclusion(_ pairs: [PairReport], _ kind: TestKind) -> String {
        let shown = pairs.filter { pair in
            pair.adjustedPValue.map { $0 < question.alpha } ?? pair.interval.map { !$0.contains(0) } ?? false
        }
        switch kind {
        case .equivalence, .nonInferiority:
            let list = shown.map { "\($0.a) and \($0.b)" }.joined(separator: ", ")
            let what = kind == .equivalence ? "Equivalence" : "Non-inferiority"
            return shown.isEmpty
                ? "\(what) is shown for no pair."
                : "\(what) is shown for \(list); for \(Figures.counted(pairs.count - shown.count, "pair", "pairs")) it is not."
        default:
            if !question.onlyWithControl, [.welch, .student, .permutation, .bootstrap].contains(kind), let samples = try? input.summaries()
            {
                return Conclusion(names: names, question: question).ofPairs(pairs, estimates: samples.map(\.mean), what: "mean")
            }
            if shown.isEmpty, pairs.count == 1 { return "No difference is shown." }
            if shown.isEmpty { return "No difference is shown in any of \(pairs.count) comparisons." }
            let list = shown.map { pair in
                "\(pair.a) and \(pair.b)" + (pair.estimate.map { " (\(Figures.significant($0)))" } ?? "")
            }
            return "\(shown.count) of \(pairs.count) differences \(shown.count == 1 ? "is" : "are") shown: \(list.joined(separator: ", "))."
        }
    }
}
