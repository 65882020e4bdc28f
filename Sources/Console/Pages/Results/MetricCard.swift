import Analysis
import Charts
import HTTPServer
import Statistics
import Text

/// One metric: its figures by variant, the differences for one look and for any, how they went, and what lies beneath.
struct MetricCard {
    /// For any look.
    let always: MetricReport
    /// For one look at the planned end.
    let fixed: MetricReport?
    /// Whose metric it is.
    let report: AnalysisReport
    let courses: [Course]
    /// False where the page draws charts of other metrics alone.
    var isCharted = true

    var html: HTML {
        let notes = (always.problems + always.notes).map { "<li>\($0)</li>" as HTML }
        let variance: HTML? = always.varianceReduced.map { "<p>\($0)</p>" }
        let direction = always.higherIsBetter ? "more is better" : "less is better"
        return """
            <section class="card metric"><header><h2>\(always.name)</h2>\
            <span class="chip">\(always.kind)\(always.population.map { " among \($0)" } ?? "")</span><span class="quiet">\(direction)</span></header>
            \(groups)\(comparisons)\(withinStrata)\(withinBlocks)\(variance)
            \(isCharted ? figures : [uncharted])
            \(segments)\(alternatives)\(notes.isEmpty ? HTML.empty : "<details><summary>Notes</summary><ul class=\"findings\">\(notes)</ul></details>")</section>

            """
    }

    // MARK: Tables

    private var groups: HTML {
        let rows = always.groups.map { group in
            DataTable.row(
                header: group.variant,
                [
                    Figures.count(group.count), value(group.mean), scale.value(group.standardDeviation), Figures.significant(group.sum, 7),
                ].map { ($0, true) })
        }
        let head = ["Variant", "Units", always.kind == "conversion" ? "Share" : "Value", "Deviation", "Sum"]
        return DataTable.html("\(always.name) by variant", head: head.enumerated().map { ($1, $0 > 0) }, rows)
    }

    private var comparisons: HTML? {
        guard !always.comparisons.isEmpty else { return nil }
        let rows = always.comparisons.map { comparison -> HTML in
            let look = fixed?.comparisons.first { $0.treatment == comparison.treatment }
            return DataTable.row(
                header: "\(comparison.treatment) less \(comparison.control)",
                [
                    scale.cell(comparison.difference), comparison.liftWithEnds ?? "–",
                    ends(look?.interval), look.map { MetricCard.probabilities($0) } ?? "–", ends(comparison.interval),
                    MetricCard.probabilities(comparison),
                ].map { ($0, true) })
        }
        let head = [
            "Comparison", "Difference", "Lift, for any look", "For one look: interval", "p (adjusted)", "For any look: interval",
            "p (adjusted)",
        ]
        let tests = Set(always.comparisons.map { "\($0.test): \($0.reason)" }).sorted().joined(separator: "; ")
        return """
            \(DataTable.html("Differences of \(always.name)", head: head.enumerated().map { ($1, $0 > 0) }, rows))
            <p class="quiet">The interval for one look counts at the planned end alone; the one for any look holds whenever you look. \
            Tested by \(tests).\(scale.legend.map { " \($0)." } ?? "")</p>

            """
    }

    private var scale: FigureScale { always.scale }

    private func value(_ number: Double) -> String { scale.value(number, 5) }

    private func ends(_ interval: ConfidenceInterval?) -> String { interval.map { scale.cell($0) } ?? "–" }

    /// Where weights changed: why differences are not those of the variants' values.
    private var withinStrata: [HTML] {
        always.comparisons.compactMap { comparison in
            comparison.withinStrata.map { within in
                """
                <p class="within-strata">\(comparison.treatment.named) less \(comparison.control.named), within \
                \(Figures.count(within.strata)) epochs of weights: \(value(within.treatment)) and \(value(within.control)), each epoch counting \
                alike for both. So what changes with time is not taken for a difference of the variants.</p>

                """
            }
        }
    }

    /// Of the metric that decides: what the assignment within blocks says and gains.
    private var withinBlocks: [HTML] {
        (fixed?.comparisons ?? []).compactMap { comparison in
            comparison.withinBlocks.map { within in
                "<p class=\"within-blocks\">\(comparison.treatment.named) less \(comparison.control.named), by the assignment \(within.text(scale)).</p>\n"
            }
        }
    }

    private static func probabilities(_ comparison: MetricReport.Comparison) -> String {
        let (p, adjusted) = (probability(comparison.pValue), probability(comparison.adjustedPValue))
        return p == adjusted ? p : "\(p) (\(adjusted))"
    }

    /// Beyond some digits one does not compare them; the API has them all.
    private static func probability(_ p: Double) -> String { p < 0.0001 ? "< 0.0001" : Figures.significant(p, 3) }

    private var segments: HTML? {
        guard !always.segments.isEmpty else { return nil }
        let rows = always.segments.flatMap { segment in
            segment.comparisons.map { comparison in
                DataTable.row(
                    header: "\(segment.column) \(segment.value)",
                    [
                        ("\(comparison.treatment) less \(comparison.control)", false),
                        (Figures.count(segment.groups.reduce(0) { $0 + $1.count }), true),
                        (scale.cell(comparison.difference), true), (ends(comparison.interval), true),
                        (MetricCard.probability(comparison.pValue), true),
                    ])
            }
        }
        let head = [
            ("Segment", false), ("Comparison", false), ("Units, all variants", true), ("Difference", true), ("Interval", true),
            ("p, not adjusted", true),
        ]
        return """
            <details><summary>By segment</summary>
            \(DataTable.html("\(always.name) by segment", head: head.map { (title: $0.0, isNumber: $0.1) }, rows))</details>

            """
    }

    private var alternatives: HTML? {
        guard !always.alternatives.isEmpty else { return nil }
        let rows = always.alternatives.flatMap { alternative in
            alternative.comparisons.map { comparison in
                DataTable.row(
                    header: alternative.policy,
                    [
                        ("\(comparison.treatment) less \(comparison.control)", false), (scale.cell(comparison.difference), true),
                        (ends(comparison.interval), true), (MetricCard.probability(comparison.pValue), true),
                    ])
            }
        }
        let head = [("Counted so", false), ("Comparison", false), ("Difference", true), ("Interval", true), ("p", true)]
        return """
            <details><summary>With units counted in other ways</summary>
            \(DataTable.html("\(always.name), units counted in other ways", head: head.map { (title: $0.0, isNumber: $0.1) }, rows))</details>

            """
    }

    // MARK: Charts

    private var figures: [HTML] {
        let charts = ReportCharts(report)
        return ([differences] + courses.map { charts.chart($0) } + [charts.funnel(always), charts.segments(always), charts.spread(always)])
            .compactMap { $0.map { ChartFigure(chart: $0).html } }
    }

    private var uncharted: HTML {
        "<p class=\"quiet\">Charts are left out: the page draws those of the first metrics alone, for \(Figures.count(ResultsView.mostCharted)) "
            + "variants of all metrics together.</p>\n"
    }

    /// The intervals for one look and for any, below each other.
    private var differences: Chart? {
        let charts = ReportCharts(report)
        let intervals = always.comparisons.flatMap { comparison -> [Chart.Interval] in
            let look = fixed?.comparisons.first { $0.treatment == comparison.treatment }
            return [
                look.flatMap { charts.interval("\($0.treatment), one look", $0, scale) },
                charts.interval("\(comparison.treatment), any look", comparison, scale),
            ].compactMap(\.self)
        }
        return .intervals("\(always.name): differences for one look and for any", intervals, axis: scale.axis)
    }
}

extension MetricReport.Comparison {
    /// `12.5 % (3.1 % to 21 %)`.
    fileprivate var liftWithEnds: String? { lift.map { Figures.percent($0) + (liftInterval.map { " (\($0.relativeRange))" } ?? "") } }
}
