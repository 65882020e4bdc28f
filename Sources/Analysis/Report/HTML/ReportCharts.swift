import Statistics
package import Text

/// The charts of a report as Vega-Lite specifications, each with its title.
package struct ReportCharts: Sendable {
    let report: AnalysisReport

    /// The charts of a report.
    package init(_ report: AnalysisReport) { self.report = report }

    /// One chart.
    package struct Chart: Sendable {
        /// What its file is called, without what tells the format; no other chart of the report is called so.
        package let name: String
        package let title: String
        /// The Vega-Lite specification, without the title.
        package let specification: JSONValue

        /// The specification with the title, for a picture that stands alone.
        package var titled: JSONValue {
            guard case .object(let members) = specification else { return specification }
            return .object(members + [("title", ["text": .string(title), "anchor": "start"]), ("background", "white")])
        }
    }

    /// All charts for which there are data.
    package var all: [Chart] {
        var charts: [Chart] = []
        func add(_ words: [String], _ title: String, _ specification: JSONValue?) {
            guard let specification else { return }
            let name = ReportCharts.fileName(words)
            let others = charts.count { $0.name == name || $0.name.hasPrefix(name + "-") }
            // What a screen reader says of it.
            let described: JSONValue =
                if case .object(let members) = specification { .object([("description", .string(title))] + members) } else { specification }
            charts.append(Chart(name: others == 0 ? name : "\(name)-\(charts.count + 1)", title: title, specification: described))
        }
        add(["differences"], "Differences, as shares of the control", forest)
        for metric in report.metrics {
            add([metric.name, "funnel"], "\(metric.name): from units to conversions", funnel(metric))
            add([metric.name, "segments"], "\(metric.name): by segment", segments(metric))
            add([metric.name, "spread"], "\(metric.name): how values are spread", metric.histogram.map(histogram))
        }
        for course in report.courses where course.points.count > 1 {
            add(
                [course.metric, course.treatment, "course"],
                "\(course.metric): \(course.treatment) less \(course.control), as time went on", self.course(course))
        }
        return charts
    }

    /// A name that is safe on every file system: letters, digits and dashes, not too many.
    private static func fileName(_ words: [String]) -> String {
        words.map { word in
            word.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "-").prefix(40)
        }.filter { !$0.isEmpty }.joined(separator: "-")
    }

    private func chart(_ rows: [JSONValue], height: Int, _ members: [(String, JSONValue)]) -> JSONValue {
        .object(
            [
                ("$schema", "https://vega.github.io/schema/vega-lite/v5.json"), ("width", 640), ("height", .integer(height)),
                ("data", ["values": .array(rows)]),
            ] + members)
    }

    private func field(_ name: String, _ type: String, title: String? = nil) -> [(String, JSONValue)] {
        [("field", .string(name)), ("type", .string(type)), ("title", title.map { .string($0) } ?? .null)]
    }

    private func axis(_ name: String, _ type: String, title: String? = nil, _ more: [(String, JSONValue)] = []) -> JSONValue {
        .object(field(name, type, title: title) + more)
    }

    /// Points with their intervals, and a line at zero.
    private func forest(_ rows: [JSONValue], title: String, format: String) -> JSONValue {
        let y = axis("name", "nominal", [("sort", .null), ("axis", ["labelLimit": 180])])
        return chart(
            rows, height: 24 * rows.count + 24,
            [
                (
                    "layer",
                    [
                        ["mark": ["type": "rule", "color": "#888"], "encoding": ["x": ["datum": 0]]],
                        [
                            "mark": ["type": "rule", "strokeWidth": 2],
                            "encoding": [
                                "y": y, "x": axis("low", "quantitative", title: title, [("axis", ["format": .string(format)])]),
                                "x2": ["field": "high"],
                            ],
                        ],
                        [
                            "mark": ["type": "point", "filled": true, "size": 70, "tooltip": true],
                            "encoding": ["y": y, "x": axis("value", "quantitative")],
                        ],
                    ]
                )
            ])
    }

    private var forest: JSONValue? {
        let rows = report.metrics.flatMap { metric in
            metric.comparisons.compactMap { comparison -> JSONValue? in
                guard let lift = comparison.lift, let interval = comparison.liftInterval, interval.low.isFinite, interval.high.isFinite
                else {
                    return nil
                }
                let name = comparison.treatment + ": " + metric.name
                return ["name": .string(name), "value": .number(lift), "low": .number(interval.low), "high": .number(interval.high)]
            }
        }
        // A literal nil beside a value would be JSON's null.
        guard !rows.isEmpty else { return nil }
        return forest(rows, title: "difference, interval", format: "%")
    }

    private func segments(_ metric: MetricReport) -> JSONValue? {
        let rows = metric.segments.flatMap { segment in
            segment.comparisons.compactMap { comparison -> JSONValue? in
                guard let interval = comparison.interval, interval.low.isFinite, interval.high.isFinite else { return nil }
                let name = "\(segment.column) \(segment.value): \(comparison.treatment)"
                return [
                    "name": .string(name), "value": .number(comparison.difference), "low": .number(interval.low),
                    "high": .number(interval.high),
                ]
            }
        }
        guard !rows.isEmpty else { return nil }
        return forest(rows, title: "difference, interval not adjusted", format: "~g")
    }

    private func funnel(_ metric: MetricReport) -> JSONValue? {
        guard metric.kind == "conversion" else { return nil }
        let rows = metric.groups.flatMap { group -> [JSONValue] in
            let all = report.units.first { $0.variant == group.variant }?.count ?? group.count
            var steps = [("units", all)]
            if let population = metric.population { steps.append((population, group.count)) }
            steps.append((metric.name, Int(group.sum.rounded())))
            return steps.map { ["step": .string($0.0), "variant": .string(group.variant), "units": .integer($0.1)] }
        }
        return chart(
            rows, height: 40 * (metric.population == nil ? 2 : 3),
            [
                ("mark", ["type": "bar", "tooltip": true]),
                (
                    "encoding",
                    [
                        "y": axis("step", "nominal", [("sort", .null)]), "x": axis("units", "quantitative", title: "units"),
                        "yOffset": ["field": "variant"], "color": axis("variant", "nominal"),
                    ]
                ),
            ])
    }

    private func histogram(_ histogram: Histogram) -> JSONValue {
        let rows = histogram.bars.map { bar -> JSONValue in
            ["variant": .string(bar.variant), "low": .number(bar.low), "high": .number(bar.high), "share": .number(bar.share)]
        }
        return chart(
            rows, height: 180,
            [
                ("mark", ["type": "bar", "opacity": 0.5, "tooltip": true]),
                (
                    "encoding",
                    [
                        "x": axis(
                            "low", "quantitative", title: histogram.isOpen ? "value; the last step holds all above" : "value",
                            [("bin", ["binned": true])]), "x2": ["field": "high"],
                        "y": axis(
                            "share", "quantitative", title: "share of units (square root scale)",
                            [("scale", ["type": "sqrt"]), ("stack", .null)]),
                        "color": axis("variant", "nominal"),
                    ]
                ),
            ])
    }

    private func course(_ course: Course) -> JSONValue {
        let rows = course.points.map { point -> JSONValue in
            [
                "time": .number(point.time * 1000), "difference": .number(point.difference), "low": .number(point.low),
                "high": .number(point.high),
                "units": .integer(point.count),
            ]
        }
        let x = axis("time", "temporal", title: "exposed until", [("scale", ["type": "utc"])])
        return chart(
            rows, height: 220,
            [
                (
                    "layer",
                    [
                        ["mark": ["type": "rule", "color": "#888"], "encoding": ["y": ["datum": 0]]],
                        [
                            "mark": ["type": "area", "opacity": 0.25],
                            "encoding": [
                                "x": x, "y": axis("low", "quantitative", title: "difference, always-valid band"), "y2": ["field": "high"],
                            ],
                        ],
                        ["mark": ["type": "line", "tooltip": true], "encoding": ["x": x, "y": axis("difference", "quantitative")]],
                    ]
                )
            ])
    }
}
