package import Tables

/// The beginning of a file: its columns, its first rows, and which columns are likely meant.
package struct UploadPreview: Sendable {
    package let columns: [String]
    /// The first rows.
    package let rows: [[String]]
    /// The column that most likely says which group a row belongs to, and the one that is most likely compared.
    package let group: String?
    package let value: String?

    /// How much of a file is looked at.
    private static let bytes = 64 << 10
    private static let shownRows = 5

    /// - Throws: `TableError` for what is no table.
    package init(_ upload: [UInt8], name: String) throws(TableError) {
        var head = upload.prefix(UploadPreview.bytes)
        // The last line may be cut in two.
        if head.count < upload.count, let end = head.lastIndex(of: UInt8(ascii: "\n")) { head = head[...end] }
        let table = try Table(Array(head), name: name)
        columns = table.header
        let kept = table.kept
        rows = (0..<min(UploadPreview.shownRows, table.rows)).map { row in kept.map { $0.text(row) ?? "" } }
        group = UploadPreview.group(in: table)
        value = UploadPreview.value(in: table, besides: group)
    }

    /// A column of few different values, rather one that is called so and holds words.
    private static func group(in table: Table) -> String? {
        let words = ["group", "variant", "arm", "ab", "treatment", "test"]
        var best: (column: String, score: Int)?
        for column in table.kept where table.header.count(where: { $0 == column.name }) == 1 {
            guard let labels = try? table.labels(column.name), (2...20).contains(labels.values.count),
                labels.values.count * 3 <= table.rows
            else { continue }
            let numbers = table.numbers(column)
            let name = column.name.lowercased()
            let isNamedSo = words.contains { name.contains($0) }
            let score = (isNamedSo ? 2 : 0) + (numbers.present == 0 ? 1 : 0)
            if score > best?.score ?? 0 { best = (column.name, score) }
        }
        return best?.column
    }

    /// The first column of numbers that are not all different whole numbers, as ids are.
    private static func value(in table: Table, besides group: String?) -> String? {
        let numeric = table.kept.filter { column in
            let numbers = table.numbers(column)
            return column.name != group && numbers.present > 0 && numbers.strays.count * 20 <= numbers.present
                && table.header.count { $0 == column.name } == 1
        }
        let isIdentity = { (column: Column) -> Bool in
            let values = table.numbers(column).values.filter { !$0.isNaN }
            return values.count > 10 && Set(values).count == values.count && values.allSatisfy { $0 == $0.rounded() }
        }
        return (numeric.first { !isIdentity($0) } ?? numeric.first)?.name
    }
}
