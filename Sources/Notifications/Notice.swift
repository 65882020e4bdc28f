/// What people are told: words, a few figures, a picture; how it looks is the channel's business.
package struct Notice: Hashable, Codable, Sendable {
    /// A small table: words to the left, figures to the right.
    package struct Table: Hashable, Codable, Sendable {
        package let headings: [String]
        package let rows: [[String]]

        package init(headings: [String], rows: [[String]]) {
            self.headings = headings
            self.rows = rows
        }
    }

    package let title: String
    package let paragraphs: [String]
    package let table: Table?
    /// A Vega-Lite specification, with its data in it.
    package let chart: String?

    package init(title: String, paragraphs: [String] = [], table: Table? = nil, chart: String? = nil) {
        self.title = title
        self.paragraphs = paragraphs
        self.table = table
        self.chart = chart
    }
}
