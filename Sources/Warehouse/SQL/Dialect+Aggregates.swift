/// Aggregates over groups, in one pass.
extension Dialect {
    /// Aggregates of a table's rows by a key, and also by the key and each of some texts, all in one pass over the table.
    ///
    /// The answer has the columns `g_variant`, the key; and, where there are texts, `g_place`, which is 0 for the key alone and else the
    /// number of the text, from 1 on, and `g_value`, the text's value.
    ///
    /// - Parameter limit: how many rows the answer may have.
    package func divided(_ table: SQL, by key: SQL, and texts: [SQL], aggregates: [SQL], limit: Int) -> SQL {
        let list = aggregates.joined(", ")
        guard !texts.isEmpty else {
            return "SELECT \(key) AS g_variant, \(list) FROM \(table) GROUP BY \(key) LIMIT \(value: limit)"
        }
        let names = texts.indices.map { "\(column: "g_text\($0)")" as SQL }
        if self == .clickHouse {
            // One of 2018 has no grouping sets; every row is given once for each of them.
            let places = (0...texts.count).map { "\(value: $0)" as SQL }.joined(", ")
            let values = texts.enumerated().map { "WHEN g_place = \(value: $0 + 1) THEN \($1)" as SQL }.joined(" ")
            return """
                SELECT g_variant, g_place, g_value, \(list) FROM (
                SELECT *, CASE \(values) ELSE \(missingText) END AS g_value FROM (
                SELECT *, \(key) AS g_variant, arrayJoin([\(places)]) AS g_place FROM \(table))
                ) GROUP BY g_variant, g_place, g_value LIMIT \(value: limit)
                """
        }
        let columns = zip(texts, names).map { "\($0) AS \($1)" as SQL }.joined(", ")
        let places = names.enumerated().map { "WHEN GROUPING(\($1)) = 0 THEN \(value: $0 + 1)" as SQL }.joined(" ")
        let values = names.map { "WHEN GROUPING(\($0)) = 0 THEN \($0)" as SQL }.joined(" ")
        let sets = ["(g_variant)"] + names.map { "(g_variant, \($0))" as SQL }
        return """
            SELECT g_variant, CASE \(places) ELSE 0 END AS g_place, CASE \(values) END AS g_value, \(list)
            FROM (SELECT *, \(key) AS g_variant, \(columns) FROM \(table)) AS g_divided
            GROUP BY GROUPING SETS (\(sets.joined(", "))) LIMIT \(value: limit)
            """
    }
}
