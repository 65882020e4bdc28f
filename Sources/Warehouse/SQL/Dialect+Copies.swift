/// Rows that come more than once.
extension Dialect {
    /// Rows with two columns more, which tell those that repeat the id of another row of the same unit.
    ///
    /// `g_first` is 1 for the one row that counts, and `g_repeats` says how many others a row is or stands for. A row without an id is a copy of
    /// none.
    ///
    /// Of copies that differ, the least counts, by its columns in their order; on ClickHouse, column by column.
    ///
    /// - Parameters:
    ///   - rows: a relation with the column `g_unit` and the columns.
    ///   - id: the one of them that names a row.
    package func copies(in rows: SQL, columns: [String], id: String) -> SQL {
        let names = columns.map { "\(column: $0)" as SQL }
        if self == .clickHouse {
            // One of 2018 has no window functions.
            let inner = columns.enumerated().map { "\(column: $1) AS \(column: "g_c\($0)")" as SQL }
            let least = columns.enumerated().map { "min(\(column: "g_c\($0)")) AS \(column: $1)" as SQL }
            let key: SQL = "ifNull(toString(\(column: id)), toString(generateUUIDv4())) AS g_id"
            return """
                SELECT g_unit, \(least.joined(", ")), 1 AS g_first, count() - 1 AS g_repeats FROM (
                SELECT g_unit, \(key), \(inner.joined(", ")) FROM \(rows)) GROUP BY g_unit, g_id
                """
        }
        let place: SQL = "row_number() OVER (PARTITION BY g_unit, \(column: id) ORDER BY \(names.joined(", ")))"
        return """
            SELECT *, CASE WHEN g_place = 1 THEN 1 ELSE 0 END AS g_first, CASE WHEN g_place = 1 THEN 0 ELSE 1 END AS g_repeats FROM (
            SELECT *, CASE WHEN \(column: id) IS NULL THEN 1 ELSE \(place) END AS g_place FROM \(rows)) AS g_placed
            """
    }
}
