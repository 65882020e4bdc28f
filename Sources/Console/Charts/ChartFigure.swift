import Charts
import HTTPServer

/// A chart on a page: drawn where scripts run, and the same as a table for who cannot see it.
struct ChartFigure {
    let chart: Chart

    /// What a page with charts needs in its head.
    static let script: HTML = """
        <link rel="modulepreload" href="\(Assets.vega)"><script src="\(Assets.charts)" type="module"></script>
        """

    var html: HTML {
        """
        <figure><figcaption>\(chart.title)</figcaption>
        <gosset-chart label="\(chart.title)" height="\(chart.height)" specification="\(chart.specification(.container))">\
        \(table)</gosset-chart></figure>

        """
    }

    private var table: HTML {
        let head = chart.head.enumerated().map { index, title -> HTML in
            "<th scope=\"col\"\(mark(index))>\(title)</th>"
        }
        let rows = chart.cells.map { row -> HTML in
            "<tr>\(row.enumerated().map { index, cell -> HTML in "<td\(mark(index))>\(cell)</td>" })</tr>\n"
        }
        return "<table class=\"wide\" aria-label=\"\(chart.title)\"><thead><tr>\(head)</tr></thead>\n<tbody>\(rows)</tbody></table>"
    }

    private func mark(_ column: Int) -> HTML { chart.isOfNumbers(column) ? " class=\"n\"" : .empty }
}
