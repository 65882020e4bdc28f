internal import Foundation
package import Text

/// A chart as Vega-Lite draws it, and the same as a table for who reads rather than looks.
package struct Chart: Sendable {
    /// One of the values that a row of the data has.
    package struct Column: Sendable {
        /// How a value is written in the table; what is hidden is there to be drawn only.
        package enum Format: Sendable { case text, number, share, time, second, hidden }

        let field: String
        /// What people call it.
        let title: String
        let format: Format

        package init(_ field: String, _ title: String, _ format: Format) { (self.field, self.title, self.format) = (field, title, format) }
    }

    package let title: String
    /// Of the drawing without its axes, in pixels.
    package let height: Int
    package let columns: [Column]
    /// A value for each column.
    let rows: [[JSONValue]]
    /// What the specification says beside data and size.
    let members: [(String, JSONValue)]

    package init(_ title: String, height: Int, columns: [Column], rows: [[JSONValue]], _ members: [(String, JSONValue)]) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has a value for each column")
        (self.title, self.height, self.columns, self.rows, self.members) = (title, height, columns, rows, members)
    }

    /// How wide it is drawn.
    package enum Width: Sendable {
        /// In pixels, without the axis.
        case fixed(Int)
        /// As wide as there is room.
        case container
    }

    /// The Vega-Lite specification, without the title.
    package func specification(_ width: Width = .fixed(640)) -> JSONValue {
        let data = zip(rows, told).map { row, told in
            JSONValue.object(zip(columns, row).map { ($0.field, $1) } + [("told", .string(told))])
        }
        var size: JSONValue = "container"
        var config: [(String, JSONValue)] = []
        if case .fixed(let pixels) = width {
            size = .integer(pixels)
            config = [("config", ["axisY": ["labelLimit": 180]])]
        }
        return .object(
            [
                ("$schema", "https://vega.github.io/schema/vega-lite/v6.json"), ("description", .string(title)), ("width", size),
                ("height", .integer(height)), ("data", ["values": .array(data)]),
            ] + tellingMembers + config)
    }

    /// The members; where they are one layer, whoever points at a mark, or hears it, is told its row as the table has it.
    private var tellingMembers: [(String, JSONValue)] {
        members.map { name, value in
            guard name == "encoding", case .object(let encoding) = value else { return (name, value) }
            return (name, .object(encoding + [("tooltip", Chart.told), ("description", Chart.told)]))
        }
    }

    /// The field that holds what is told of a row, as a channel takes it.
    static let told: JSONValue = ["field": "told", "type": "nominal"]

    /// What is told of each row: its cells, one a line, and an interval's ends on one.
    package var told: [String] {
        cells.map { row in
            zip(head, row).reduce(into: "") { text, cell in
                if !text.isEmpty { text += cell.0 == "to" ? " " : "\n" }
                text += cell.0.isEmpty ? cell.1 : ["from", "to"].contains(cell.0) ? "\(cell.0) \(cell.1)" : "\(cell.0): \(cell.1)"
            }
        }
    }
}

extension Chart {
    /// What the columns are called.
    package var head: [String] { shown.map { columns[$0].title } }

    /// The rows as people read them.
    package var cells: [[String]] { rows.map { row in shown.map { columns[$0].text(row[$0]) } } }

    /// Whether a column of the table holds numbers, which are best set to the right.
    package func isOfNumbers(_ column: Int) -> Bool { [.number, .share].contains(columns[shown[column]].format) }

    /// The columns of the table.
    private var shown: [Int] { columns.indices.filter { columns[$0].format != .hidden } }
}

extension Chart.Column {
    fileprivate func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let count): Figures.count(count)
        case .number(let milliseconds) where format == .time: Chart.Column.moment(milliseconds / 1000).prefix(16).description
        case .number(let milliseconds) where format == .second: Chart.Column.moment(milliseconds / 1000)
        case .number(let share) where format == .share: Figures.percent(share)
        case .number(let number): Figures.significant(number)
        default: "–"
        }
    }

    /// `2026-01-31 09:30:15`, in UTC.
    static func moment(_ seconds: Double) -> String {
        let text = Date(timeIntervalSince1970: seconds).formatted(Date.ISO8601FormatStyle())
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
    }
}
