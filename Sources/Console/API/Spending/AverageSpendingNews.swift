import Notifications
import Spending
import Text

/// Average spending as management is told of it: figures of groups, nobody's name.
struct AverageSpendingNews {
    private let averages: AgeAverages

    init(_ averages: AgeAverages) { self.averages = averages }

    /// What is told once for each change.
    var topic: String { averages.year.map { "average-spending/\($0)" } ?? "average-spending" }

    /// The figures themselves: they are few.
    var fingerprint: String {
        (averages.bands + [averages.under18, averages.withoutAge]).map { "\($0.customers)/\($0.spenders)/\($0.payments)/\($0.total)" }
            .joined(separator: " ")
    }

    var notice: Notice {
        let rows = AgeBand.allCases.map { band in
            let figures = averages[band]
            return [
                band.name, Numbers.count(UInt64(figures.spenders)), AverageSpendingNews.amount(figures.perSpender),
                AverageSpendingNews.amount(figures.perRegisteredCustomer),
            ]
        }
        let apart = averages.under18.customers + averages.withoutAge.customers
        let others = Figures.counted(apart, "customer under 18 or without age is", "customers under 18 or without age are")
        return Notice(
            title: "Average spending by age" + (averages.year.map { ", \($0)" } ?? ""),
            paragraphs: ["Per customer who spent anything, and per registered customer."]
                + (apart > 0 ? ["\(others) not among them."] : []),
            table: .init(headings: ["Age", "Spent", "Per spender", "Per customer"], rows: rows), chart: chart)
    }

    /// A Vega-Lite specification with its data.
    private var chart: String {
        let values = AgeBand.allCases.map { band -> JSONValue in
            ["age": .string(band.name), "average": JSONValue(averages[band].perSpender.map { ($0 * 100).rounded() / 100 })]
        }
        // A tenth above the highest bar, so that its figure does not lie on the frame.
        let highest = averages.bands.compactMap(\.perSpender).max() ?? 0
        let scale: JSONValue = highest > 0 ? ["domainMax": JSONValue((highest * 1.1).rounded(.up))] : [:]
        let order = JSONValue.array(AgeBand.allCases.map { .string($0.name) })
        return JSONValue.object([
            ("$schema", "https://vega.github.io/schema/vega-lite/v5.json"), ("width", 420), ("height", 240), ("background", "white"),
            ("title", .string("Average spending by age" + (averages.year.map { ", \($0)" } ?? ""))), ("data", ["values": .array(values)]),
            (
                "encoding",
                [
                    "x": ["field": "age", "type": "ordinal", "sort": order, "axis": ["title": "age", "labelAngle": 0]],
                    "y": [
                        "field": "average", "type": "quantitative", "scale": scale, "axis": ["title": "average per customer who spent"],
                    ],
                ]
            ),
            (
                "layer",
                [
                    ["mark": ["type": "bar", "color": "#3566b8"]],
                    [
                        "mark": ["type": "text", "dy": -6],
                        "encoding": ["text": ["field": "average", "type": "quantitative", "format": ",.2f"]],
                    ],
                ]
            ),
        ]).description
    }

    /// `20,707.98`; a dash for none.
    static func amount(_ amount: Double?) -> String {
        guard let amount, let cents = Cents(rounding: amount) else { return "–" }
        return AverageSpendingNews.amount(cents)
    }

    static func amount(_ cents: Cents) -> String {
        let text = Cents(abs(cents.count)).description
        return (cents < .zero ? "−" : "") + Numbers.count(UInt64(text.dropLast(3)) ?? 0) + text.suffix(3)
    }
}
