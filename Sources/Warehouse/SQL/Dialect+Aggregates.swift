/// Aggregates over groups, in one pass.
extension Dialect {
    /// Aggregates of a table's rows by a key, and also by the key and each of some columns, all in one pass over the table.
    ///
    /// The answer has the columns `g_variant`, the key; and, where there are columns, `g_place`, which is 0 for the key alone and else the
    /// number of the column, from 1 on, and `g_value`, the column's value.
    ///
    /// - Parameters:
    ///   - stratum: what every group is divided by as well; the answer has it as `g_stratum`.
    ///   - columns: all of the type of `missing`.
    ///   - missing: what stands for no value: ``missingText`` if nil.
    ///   - limit: how many rows the answer may have.
    package func divided(
        _ table: SQL, by key: SQL, within stratum: SQL? = nil, and columns: [SQL], missing: SQL? = nil, aggregates: [SQL], limit: Int? = nil
    ) -> SQL {
        let list = aggregates.joined(", ")
        let most = limit.map { " LIMIT \(value: $0)" as SQL } ?? ""
        let keys: SQL = stratum.map { "\(key) AS g_variant, \($0) AS g_stratum" } ?? "\(key) AS g_variant"
        let always: SQL = stratum == nil ? "g_variant" : "g_variant, g_stratum"
        guard !columns.isEmpty else {
            return "SELECT \(keys), \(list) FROM \(table) GROUP BY \(stratum.map { "\(key), \($0)" } ?? key)\(most)"
        }
        let names = columns.indices.map { "\(column: "g_part\($0)")" as SQL }
        if self == .clickHouse {
            // One of 2018 has no grouping sets; every row is given once for each of them.
            let places = (0...columns.count).map { "\(value: $0)" as SQL }.joined(", ")
            let values = columns.enumerated().map { "WHEN g_place = \(value: $0 + 1) THEN \($1)" as SQL }.joined(" ")
            return """
                SELECT \(always), g_place, g_value, \(list) FROM (
                SELECT *, CASE \(values) ELSE \(missing ?? missingText) END AS g_value FROM (
                SELECT *, \(keys), arrayJoin([\(places)]) AS g_place FROM \(table))
                ) GROUP BY \(always), g_place, g_value\(most)
                """
        }
        let parts = zip(columns, names).map { "\($0) AS \($1)" as SQL }.joined(", ")
        let places = names.enumerated().map { "WHEN GROUPING(\($1)) = 0 THEN \(value: $0 + 1)" as SQL }.joined(" ")
        let values = names.map { "WHEN GROUPING(\($0)) = 0 THEN \($0)" as SQL }.joined(" ")
        // PostgreSQL takes equal columns for one, and then says of none of them that it is not grouped by; behind an offset they stay apart.
        let fence: SQL = self == .postgreSQL ? " OFFSET 0" : ""
        let sets = ["(\(always))"] + names.map { "(\(always), \($0))" as SQL }
        return """
            SELECT \(always), CASE \(places) ELSE 0 END AS g_place, CASE \(values) END AS g_value, \(list)
            FROM (SELECT *, \(keys), \(parts) FROM \(table)\(fence)) AS g_divided
            GROUP BY GROUPING SETS (\(sets.joined(", ")))\(most)
            """
    }
}
