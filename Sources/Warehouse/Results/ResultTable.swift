/// The rows of an answer, column by column.
package struct ResultTable: Hashable, Sendable {
    /// The columns' names, in order.
    package let names: [String]
    /// Their values.
    package let columns: [ResultColumn]

    /// A table of columns that are equally long.
    package init(names: [String], columns: [ResultColumn]) {
        precondition(
            names.count == columns.count && columns.allSatisfy { $0.count == columns[0].count }, "the columns do not fit each other")
        self.names = names
        self.columns = columns
    }

    /// How many rows there are.
    package var rowCount: Int { columns.first?.count ?? 0 }

    /// The column of a name, or of that name in capitals, which some databases make of names without quotes.
    package func column(_ name: String) throws(WarehouseError) -> ResultColumn {
        guard let index = names.firstIndex(of: name) ?? names.firstIndex(of: name.uppercased()) else {
            throw .answer("there is no column \(name) among \(names.joined(separator: ", "))")
        }
        return columns[index]
    }

    /// A column as numbers, missing ones as nil.
    package func numbers(_ name: String) throws(WarehouseError) -> [Double?] { try column(name).numbers }

    /// A column as whole numbers; a missing one counts as zero, as a sum over no rows is.
    package func counts(_ name: String) throws(WarehouseError) -> [Int] {
        try column(name).numbers.map { Int($0 ?? 0) }
    }

    /// A column as texts, missing ones as nil.
    package func texts(_ name: String) throws(WarehouseError) -> [String?] { try column(name).texts }
}
