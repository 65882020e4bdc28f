package import Tables

/// The beginning of a file: its columns, its first rows, and what is likely meant.
package struct UploadPreview: Sendable {
    package let columns: [String]
    /// The first rows.
    package let rows: [[String]]
    /// The column that most likely says which group a row belongs to, and the one that is most likely compared.
    package let group: String?
    package let value: String?
    /// How numbers are most likely written.
    package let decimal: DecimalMark

    /// How much of a file is looked at, at each of its beginning, middle and end.
    private static let bytes = 64 << 10
    private static let shownRows = 5

    /// - Throws: `TableError` for what is no table.
    package init(_ upload: [UInt8], name: String) throws(TableError) {
        let sample = UploadPreview.sample(of: upload)
        var table = try Table(sample, name: name)
        if UploadPreview.value(in: table, besides: nil) == nil {
            // Numbers with a decimal comma are no numbers to who expects a point.
            let other = try Table(sample, name: name, format: TableFormat(decimal: .comma))
            if UploadPreview.value(in: other, besides: nil) != nil { table = other }
        }
        decimal = table.decimal
        columns = table.header
        let kept = table.kept
        rows = (0..<min(UploadPreview.shownRows, table.rows)).map { row in kept.map { $0.text(row) ?? "" } }
        group = UploadPreview.group(in: table)
        value = UploadPreview.value(in: table, besides: group)
    }

    /// Whole lines of a file from where they may differ: files are often sorted by their groups.
    private static func sample(of upload: [UInt8]) -> [UInt8] {
        guard upload.count > 3 * bytes else { return upload }
        var sample = upload.prefix(bytes)
        // Where there is none, lines end in carriage returns.
        let lineEnd = sample.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        if let end = sample.lastIndex(of: lineEnd) { sample = sample[...end] }
        for start in [upload.count / 2, upload.count - bytes] {
            let piece = upload[start..<start + bytes]
            guard let first = piece.firstIndex(of: lineEnd), let last = piece.lastIndex(of: lineEnd), first < last else { continue }
            sample += piece[(first + 1)...last]
        }
        return Array(sample)
    }

    /// A column of few different values, rather one that is called so and holds words.
    private static func group(in table: Table) -> String? {
        let words = ["group", "variant", "arm", "ab", "treatment", "test"]
        var best: (column: String, score: Int)?
        for column in table.kept where table.header.count(where: { $0 == column.name }) == 1 {
            guard let labels = try? table.labels(column.name), (2...20).contains(labels.values.count),
                labels.values.count * 3 <= table.rows
            else { continue }
            let name = column.name.lowercased()
            let isNamedSo = words.contains { name.contains($0) }
            let score = (isNamedSo ? 2 : 0) + (table.numbers(column).present == 0 ? 1 : 0)
            if score > best?.score ?? 0 { best = (column.name, score) }
        }
        return best?.column
    }

    /// The first column of numbers that are not, as ids are, whole and mostly different.
    private static func value(in table: Table, besides group: String?) -> String? {
        let numeric = table.kept.filter { column in
            let numbers = table.numbers(column)
            return column.name != group && numbers.present > 0 && numbers.strays.count * 20 <= numbers.present
                && table.header.count { $0 == column.name } == 1
        }
        let identities = numeric.filter { column in
            let values = table.numbers(column).values.filter { !$0.isNaN }
            return values.count > 10 && Set(values).count * 2 >= values.count && values.allSatisfy { $0 == $0.rounded() }
        }.map(\.name)
        return (numeric.first { !identities.contains($0.name) } ?? numeric.first)?.name
    }
}
