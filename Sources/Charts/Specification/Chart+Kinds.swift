package import Text

extension Chart {
    /// A value with its interval, in a row of a chart of intervals.
    package struct Interval: Sendable {
        let name: String
        let value: Double
        let low: Double
        let high: Double

        /// - Returns: nil where an end is not finite: it could not be drawn.
        package init?(_ name: String, _ value: Double, low: Double, high: Double) {
            guard value.isFinite, low.isFinite, high.isFinite else { return nil }
            (self.name, self.value, self.low, self.high) = (name, value, low, high)
        }
    }

    /// Points with their intervals below each other, and a line at zero; nil where there are none.
    ///
    /// - Parameters:
    ///   - axis: what the values are.
    ///   - isShare: whether they are shares, shown as percentages.
    ///   - hasZero: whether zero means something, such as no difference.
    package static func intervals(
        _ title: String, _ intervals: [Interval], axis: String, isShare: Bool = false, hasZero: Bool = true
    ) -> Chart? {
        guard !intervals.isEmpty else { return nil }
        let y = encoding("name", "nominal", [("sort", .null)])
        let scale: (String, JSONValue) = ("scale", ["zero": .boolean(hasZero)])
        let zero = hasZero ? [Chart.zero(at: "x")] : []
        let format: Column.Format = isShare ? .share : .number
        // All layers that share an axis must give its title: one without takes it away.
        let label = "\(axis), interval"
        return Chart(
            title, height: 24 * intervals.count + 24,
            columns: [
                Column("name", "", .text), Column("value", axis, format), Column("low", "from", format), Column("high", "to", format),
            ],
            rows: intervals.map { [.string($0.name), .number($0.value), .number($0.low), .number($0.high)] },
            [
                (
                    "layer",
                    .array(
                        zero + [
                            [
                                "mark": ["type": "rule", "strokeWidth": 2, "aria": false],
                                "encoding": [
                                    "y": y, "tooltip": told,
                                    "x": encoding(
                                        "low", "quantitative", title: label,
                                        [("axis", ["format": .string(isShare ? "%" : ",.6~g")]), scale]), "x2": ["field": "high"],
                                ],
                            ],
                            [
                                "mark": ["type": "point", "filled": true, "opacity": 1, "size": 70],
                                "encoding": [
                                    "y": y, "x": encoding("value", "quantitative", title: label, [scale]), "tooltip": told,
                                    "description": told,
                                ],
                            ],
                            // What one points at need not be as thin as the line.
                            [
                                "mark": ["type": "rule", "strokeWidth": 18, "opacity": 0, "aria": false],
                                "encoding": [
                                    "y": y, "x": encoding("low", "quantitative", title: label, [scale]), "x2": ["field": "high"],
                                    "tooltip": told,
                                ],
                            ],
                        ])
                )
            ])
    }

    /// How the values of variants are spread.
    package static func spread(_ title: String, _ histogram: Histogram, axis: String = "value") -> Chart {
        let axis = histogram.isOpen ? "\(axis); the last step holds all above" : axis
        return Chart(
            title, height: 180,
            columns: [
                Column("variant", "", .text), Column("values", "values", .text), Column("low", "low", .hidden),
                Column("high", "high", .hidden),
                Column("share", "share of units", .share),
            ],
            rows: histogram.bars.map { bar in
                let low = Figures.significant(bar.low)
                let values = bar.isOpen ? "\(low) or more" : "\(low) to \(Figures.significant(bar.high))"
                return [.string(bar.variant), .string(values), .number(bar.low), .number(bar.high), .number(bar.share)]
            },
            [
                ("mark", ["type": "bar", "opacity": 0.5]),
                (
                    "encoding",
                    [
                        "x": encoding("low", "quantitative", title: axis, [("bin", ["binned": true])]), "x2": ["field": "high"],
                        "y": encoding(
                            "share", "quantitative", title: "share of units (square root scale)",
                            [("scale", ["type": "sqrt"]), ("stack", .null), ("axis", ["format": "%"])]),
                        "color": encoding("variant", "nominal", [("sort", .null)]),
                    ]
                ),
            ])
    }

    /// A value at a time, with a band around it.
    package struct Moment: Sendable {
        let seconds: Double
        let value: Double
        let low: Double
        let high: Double
        let units: Int

        /// - Parameter seconds: since 1970.
        package init(seconds: Double, value: Double, low: Double, high: Double, units: Int) {
            (self.seconds, self.value, self.low, self.high, self.units) = (seconds, value, low, high, units)
        }
    }

    /// How a value went as time went on, and a line at zero.
    package static func course(_ title: String, _ moments: [Moment], axis: String) -> Chart {
        let labels = TimeLabels(from: moments.first?.seconds ?? 0, to: moments.last?.seconds ?? 0)
        let x = encoding(
            "time", "temporal", title: "exposed until, \(labels.title)",
            [
                ("scale", ["type": "utc"]),
                ("axis", ["format": .string(labels.format), "labelOverlap": true, "tickCount": 8]),
            ])
        let y: (String, JSONValue) = ("scale", reach(moments))
        return Chart(
            title, height: 220,
            columns: [
                Column("time", "exposed until", labels.areSeconds ? .second : .time), Column("difference", "difference", .number),
                Column("low", "from", .number),
                Column("high", "to", .number), Column("units", "units", .number),
            ],
            rows: moments.map { [.number($0.seconds * 1000), .number($0.value), .number($0.low), .number($0.high), .integer($0.units)] },
            [
                (
                    "layer",
                    [
                        Chart.zero(at: "y"),
                        [
                            "mark": ["type": "area", "opacity": 0.25, "clip": true, "aria": false],
                            "encoding": ["x": x, "y": encoding("low", "quantitative", title: axis, [y]), "y2": ["field": "high"]],
                        ],
                        [
                            "mark": ["type": "line", "clip": true, "aria": false],
                            "encoding": ["x": x, "y": encoding("difference", "quantitative", title: axis, [y])],
                        ],
                        // The moment that lies nearest to where one points is shown, and told. What one points at then is a cell around
                        // the mark, and the mark is its datum.
                        [
                            "mark": [
                                "type": "point", "filled": true, "size": 70, "clip": true, "tooltip": ["expr": "datum.description"],
                            ],
                            "params": [
                                [
                                    "name": "near",
                                    "select": [
                                        "type": "point", "on": "pointerover", "clear": "pointerout", "nearest": true, "encodings": ["x"],
                                    ],
                                ]
                            ],
                            "encoding": [
                                "x": x, "y": encoding("difference", "quantitative", title: axis, [y]),
                                "description": told, "opacity": ["condition": ["param": "near", "empty": false, "value": 1], "value": 0],
                            ],
                        ],
                    ]
                )
            ])
    }

    /// A line at zero of an axis.
    private static func zero(at axis: String) -> JSONValue {
        let place: JSONValue = ["datum": 0]
        return [
            "data": ["values": [.object([])]], "mark": ["type": "rule", "color": "#888", "aria": false],
            "encoding": .object([(axis, place)]),
        ]
    }

    /// The values that a course shows: the first bands are so wide that all that follows would be a line.
    private static func reach(_ moments: [Moment]) -> JSONValue {
        guard let last = moments.last else { return [:] }
        let shown = moments.filter { $0.high - $0.low <= 6 * (last.high - last.low) }
        let (low, high) = (shown.map(\.low).min() ?? last.low, shown.map(\.high).max() ?? last.high)
        guard low < high else { return [:] }
        return ["domain": [.number(min(low, 0)), .number(max(high, 0))], "nice": true]
    }

    /// A field as an axis or a colour shows it; without a title unless one is given.
    package static func encoding(
        _ field: String, _ type: String, title: String? = nil, _ more: [(String, JSONValue)] = []
    ) -> JSONValue {
        .object([("field", .string(field)), ("type", .string(type)), ("title", title.map { .string($0) } ?? .null)] + more)
    }
}
