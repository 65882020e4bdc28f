package import Charts
import Statistics
package import Text

/// The charts of a report.
package struct ReportCharts: Sendable {
    let report: AnalysisReport

    /// The charts of a report.
    package init(_ report: AnalysisReport) { self.report = report }

    /// One chart with a name of its own.
    package struct Named: Sendable {
        /// What its file is called, without what tells the format; no other chart of the report is called so.
        package let name: String
        package let chart: Chart

        package var title: String { chart.title }

        /// The Vega-Lite specification with the title, for a picture that stands alone.
        package var titled: JSONValue {
            guard case .object(let members) = chart.specification() else { return .null }
            return .object(members + [("title", ["text": .string(title), "anchor": "start"]), ("background", "white")])
        }
    }

    /// All charts for which there are data.
    package var all: [Named] {
        var charts: [Named] = []
        func add(_ words: [String], _ chart: Chart?) {
            guard let chart else { return }
            let name = ReportCharts.fileName(words)
            let others = charts.count { $0.name == name || $0.name.hasPrefix(name + "-") }
            charts.append(Named(name: others == 0 ? name : "\(name)-\(charts.count + 1)", chart: chart))
        }
        add(["differences"], differences)
        for metric in report.metrics {
            add([metric.name, "funnel"], funnel(metric))
            add([metric.name, "segments"], segments(metric))
            add([metric.name, "spread"], spread(metric))
        }
        for course in report.courses { add([course.metric, course.treatment, "course"], chart(course)) }
        return charts
    }

    /// A name that is safe on every file system: letters, digits and dashes, not too many.
    private static func fileName(_ words: [String]) -> String {
        words.map { word in
            word.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "-").prefix(40)
        }.filter { !$0.isEmpty }.joined(separator: "-")
    }

    // MARK: The charts

    /// All metrics of all treatments, as shares of the control; where they are many, those of the metric that decides and of the first others.
    package var differences: Chart? {
        var room = Breadth.courses
        let metrics = report.metrics.filter { $0.name == report.primaryMetric } + report.metrics.filter { $0.name != report.primaryMetric }
        let told = Set(
            metrics.prefix { metric in
                defer { room -= metric.comparisons.count }
                return metric.name == report.primaryMetric || metric.comparisons.count <= room
            }.map(\.name))
        let intervals = report.metrics.filter { told.contains($0.name) }.flatMap { metric in
            metric.comparisons.compactMap { comparison -> Chart.Interval? in
                guard let lift = comparison.lift, let interval = comparison.liftInterval else { return nil }
                return Chart.Interval("\(comparison.treatment): \(metric.name)", lift, low: interval.low, high: interval.high)
            }
        }
        return .intervals("Differences, as shares of the control", intervals, axis: "difference", isShare: true)
    }

    /// A metric in each value of its segments; intervals are not adjusted.
    package func segments(_ metric: MetricReport) -> Chart? {
        let intervals = metric.segments.flatMap { segment in
            segment.comparisons.compactMap { comparison -> Chart.Interval? in
                interval("\(segment.column) \(segment.value): \(comparison.treatment)", comparison, metric.scale)
            }
        }
        return .intervals("\(metric.name): by segment", intervals, axis: "\(metric.scale.axis), not adjusted")
    }

    /// A difference with its interval; nil where there is none that can be drawn.
    package func interval(_ name: String, _ comparison: MetricReport.Comparison, _ scale: FigureScale) -> Chart.Interval? {
        comparison.interval.flatMap {
            Chart.Interval(name, scale.drawn(comparison.difference), low: scale.drawn($0.low), high: scale.drawn($0.high))
        }
    }

    /// From all units to those that converted.
    package func funnel(_ metric: MetricReport) -> Chart? {
        guard metric.kind == "conversion" else { return nil }
        let rows = metric.groups.flatMap { group -> [[JSONValue]] in
            let all = report.units.first { $0.variant == group.variant }?.count ?? group.count
            var steps = [("units", all)]
            if let population = metric.population { steps.append((population, group.count)) }
            steps.append((metric.name, Int(group.sum.rounded())))
            return steps.map { [.string($0.0), .string(group.variant), .integer($0.1)] }
        }
        return Chart(
            "\(metric.name): from units to conversions", height: 40 * (metric.population == nil ? 2 : 3),
            columns: [
                Chart.Column("step", "step", .text), Chart.Column("variant", "variant", .text), Chart.Column("units", "units", .number),
            ],
            rows: rows,
            [
                ("mark", ["type": "bar", "tooltip": true]),
                (
                    "encoding",
                    [
                        "y": Chart.encoding("step", "nominal", [("sort", .null)]),
                        "x": Chart.encoding("units", "quantitative", title: "units"), "yOffset": ["field": "variant", "sort": .null],
                        "color": Chart.encoding("variant", "nominal", [("sort", .null)]),
                    ]
                ),
            ])
    }

    /// How a metric's values are spread.
    package func spread(_ metric: MetricReport) -> Chart? {
        metric.histogram.map { .spread("\(metric.name): how values are spread", $0) }
    }

    /// How a difference went, with its band.
    package func chart(_ course: Course) -> Chart? {
        guard course.points.count > 1 else { return nil }
        let scale = report.metrics.first { $0.name == course.metric }?.scale ?? .plain
        return .course(
            "\(course.metric): \(course.treatment) less \(course.control), as time went on",
            course.points.map {
                Chart.Moment(
                    seconds: $0.time, value: scale.drawn($0.difference), low: scale.drawn($0.low), high: scale.drawn($0.high),
                    units: $0.count)
            }, axis: "\(scale.axis), always-valid band")
    }
}
