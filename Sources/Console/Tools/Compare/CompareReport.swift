import Comparison
import HTTPServer
import Statistics
import Text

/// A comparison as a page shows it: what to do first, then what it rests on.
struct CompareReport {
    private let report: ComparisonReport
    private let question: CompareQuestion

    init(_ report: ComparisonReport, question: CompareQuestion) { (self.report, self.question) = (report, question) }

    var html: HTML {
        """
        \(recommendation)\(findings)\(differences)
        <section class="card" id="charts"><header><h2>Charts</h2></header>\(report.charts.map { ChartFigure(chart: $0).html })</section>
        \(description)\(checks)\(source)
        """
    }

    private var recommendation: HTML {
        let paragraphs = report.recommendation.split(separator: "\n").map { "<p>\($0)</p>\n" as HTML }
        return """
            <section class="card" id="recommendation"><header><h2>What to do</h2></header>
            \(paragraphs)</section>

            """
    }

    private var findings: HTML {
        let items = report.findings.map { finding -> HTML in
            """
            <li><span class="chip \(finding.isGrave ? "alarm" : "paused")">\(finding.isGrave ? "clear up first" : "mind")</span> \
            \(finding.text)</li>
            """
        }
        let list: HTML = items.isEmpty ? "<p class=\"quiet\">Nothing was found.</p>" : "<ul class=\"findings\">\(items)</ul>"
        return """
            <section class="card" id="findings"><header><h2>What is suspicious in the file</h2></header>
            \(list)</section>

            """
    }

    private var differences: HTML {
        let isOneOfMany = report.isOneOfMany
        let pairs = report.pairs.map { pair -> HTML in
            let results = [pair.decisive] + [pair.withoutRows].compactMap(\.self) + pair.others
            let rows = results.map { result -> HTML in
                DataTable.row(
                    header: result.test,
                    [
                        (result.asks, false), (result.difference.map { Figures.significant($0) } ?? "–", true),
                        (result.interval.map { "\(Figures.significant($0.low)) to \(Figures.significant($0.high))" } ?? "–", true),
                        (Figures.significant(result.statistic, 5), true),
                        (Probability.text(result.pValue, log: result.logPValue), true),
                    ] + (isOneOfMany ? [(Probability.text(result.adjustedPValue, log: nil), true)] : []))
            }
            let notes = [isOneOfMany ? PairComparison.note(report.adjustment) : nil, pair.intervalNote].compactMap(\.self).map {
                note -> HTML in
                "<p class=\"quiet\">\(note).</p>"
            }
            let head =
                [("Test", false), ("Asks", false), ("Difference", true), ("Interval", true), ("Statistic", true), ("p", true)]
                + (isOneOfMany ? [("p adjusted", true)] : [])
            return """
                <h3>\(pair.first) less \(pair.second)</h3>
                \(DataTable.html("\(pair.first) less \(pair.second)", head: head.map { (title: $0.0, isNumber: $0.1) }, rows))
                \(notes)<p>\(pair.agreement)</p>

                """
        }
        let others = report.notCompared.map { "<p>\($0.text).</p>\n" as HTML }
        let together: HTML? = report.together.flatMap { check in
            guard let p = check.pValue, let statistic = check.statistic else { return nil }
            return
                "<p>All groups together: \(check.test), statistic \(Figures.significant(statistic)), p \(Probability.text(p, log: nil)).</p>"
        }
        return """
            <section class="card" id="differences"><header><h2>Do the groups differ?</h2></header>
            <p class="quiet">A difference is the treatment less the control, as on the results’ pages; between two treatments it is the later \
            less the earlier.</p>
            \(together)\(pairs)\(others)</section>

            """
    }

    private var description: HTML {
        let rows = report.descriptions.map { group -> HTML in
            let figures = [group.minimum, group.lowerQuartile, group.median, group.upperQuartile, group.maximum].map {
                Figures.significant($0)
            }
            let mean = report.means.first { $0.group == group.name }?.interval
            return DataTable.row(
                header: group.name,
                [
                    (Figures.count(group.count), true), (Figures.significant(group.mean), true),
                    (mean.map { "\(Figures.significant($0.low)) to \(Figures.significant($0.high))" } ?? "–", true),
                    (group.standardDeviation.map { Figures.significant($0) } ?? "–", true),
                ] + figures.map { ($0, true) })
        }
        let head = ["Group", "Values", "Mean", "Interval", "Deviation", "Least", "25 %", "Median", "75 %", "Most"]
        return """
            <section class="card" id="description"><header><h2>What the data are</h2></header>
            \(DataTable.html("\(question["value"]) by \(question["group"])", head: head.enumerated().map { ($1, $0 > 0) }, rows))</section>

            """
    }

    private var checks: HTML {
        let rows = report.checks.map { check -> HTML in
            DataTable.row(
                header: check.test,
                [
                    (check.subject, false), (check.statistic.map { Figures.significant($0) } ?? "not defined", true),
                    (check.pValue.map { Probability.text($0, log: nil) } ?? "–", true),
                ])
        }
        return """
            <section class="card" id="checks"><header><h2>Normality and variances</h2></header>
            <p class="quiet">For information: no test above depends on them.</p>
            \(DataTable.html("Normality and variances", head: [("Test", false), ("Hypothesis", false), ("Statistic", true), ("p", true)], rows))</section>

            """
    }

    private var source: HTML {
        let lines = report.source.lines.map { "<li>\($0)</li>" as HTML }
        return
            "<section class=\"card\" id=\"source\"><header><h2>What was read</h2></header><ul class=\"findings\">\(lines)</ul></section>\n"
    }
}
