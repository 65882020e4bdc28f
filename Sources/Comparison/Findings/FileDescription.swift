package import Tables
package import Text

/// What a file holds, column by column.
package struct FileDescription: Sendable {
    /// A column of text.
    package struct TextColumn: Sendable {
        package let name: String
        package let count: Int
        package let missing: Int
        package let distinct: Int
        package let top: String
        package let frequency: Int
    }

    package let numbers: [Description]
    package let texts: [TextColumn]
    package let source: SourceReport

    /// Describes the rows of a table that a condition keeps.
    ///
    /// A column is one of numbers if most of what it holds is; the rest is listed.
    package init(_ table: Table, filter: Filter?) throws {
        let rows = try filter?.rows(of: table).rows ?? Array(0..<table.rows)
        var numbers: [Description] = []
        var texts: [TextColumn] = []
        var source = SourceReport(table, selected: rows.count, used: rows.count)
        for column in table.kept {
            let values = table.numbers(column)
            if values.present > values.strays.count {
                let kept = rows.map { values.values[$0] }.filter { !$0.isNaN }
                if !kept.isEmpty { numbers.append(try Description(name: column.name, kept, missing: rows.count - kept.count)) }
                if !values.strays.isEmpty {
                    let first = values.strays.first.prefix(3).map { "line \(table.line(of: $0.row)): '\($0.text)'" }
                    source.strays.append((column.name, values.strays.count, first))
                }
            } else {
                texts.append(FileDescription.text(try table.labels(column.name), rows))
            }
        }
        (self.numbers, self.texts, self.source) = (numbers, texts, source)
    }

    private static func text(_ labels: Labels, _ rows: [Int]) -> TextColumn {
        var counts = [Int](repeating: 0, count: labels.values.count)
        for row in rows where labels.codes[row] >= 0 { counts[Int(labels.codes[row])] += 1 }
        let present = counts.reduce(0, +)
        let top = counts.indices.max { counts[$0] < counts[$1] }
        return TextColumn(
            name: labels.name, count: present, missing: rows.count - present, distinct: counts.count { $0 > 0 },
            top: top.map { labels.values[$0] } ?? "", frequency: top.map { counts[$0] } ?? 0)
    }

    package var json: JSONValue {
        .object([
            ("numbers", .array(numbers.map(\.json))),
            (
                "texts",
                .array(
                    texts.map {
                        .object([
                            ("name", .string($0.name)), ("count", .integer($0.count)), ("missing", .integer($0.missing)),
                            ("distinct", .integer($0.distinct)), ("top", .string($0.top)), ("frequency", .integer($0.frequency)),
                        ])
                    })
            ),
            ("source", source.json),
        ])
    }

    package var text: String { text(width: Page.width) }

    /// The description for a person, in lines of at most `width` characters where that is possible.
    package func text(width: Int) -> String {
        var lines: [String] = []
        if !numbers.isEmpty { lines += Description.lines(numbers, width: width) + [""] }
        if !texts.isEmpty {
            var table = TextTable(["", "count", "missing", "different", "most often", "times"])
            for text in texts {
                let counts = [text.count, text.missing, text.distinct].map { Figures.count($0) }
                table.add([text.name] + counts + [text.top, Figures.count(text.frequency)])
            }
            lines += table.lines(fitting: width) + [""]
        }
        return (lines + source.lines).joined(separator: "\n")
    }
}
