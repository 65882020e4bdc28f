/// What the databases call by different names.
extension Dialect {
    /// A value as text; a missing one stays missing.
    ///
    /// Texts are the same if their bytes are, and follow each other as those do; in PostgreSQL a column may have it otherwise.
    package func asText(_ value: SQL) -> SQL {
        switch self {
        case .clickHouse: "toString(\(value))"
        case .postgreSQL: "CAST(\(value) AS text) COLLATE \"C\""
        case .duckDB, .standard: "CAST(\(value) AS VARCHAR)"
        }
    }

    /// A value as a whole number; a missing one stays missing.
    package func asInteger(_ value: SQL) -> SQL {
        switch self {
        case .clickHouse: "toInt64(\(value))"
        case .postgreSQL, .standard, .duckDB: "CAST(\(value) AS bigint)"
        }
    }

    /// A value as a double; a missing one stays missing.
    package func asNumber(_ value: SQL) -> SQL {
        switch self {
        case .clickHouse: "toFloat64(\(value))"
        case .postgreSQL, .standard: "CAST(\(value) AS double precision)"
        case .duckDB: "CAST(\(value) AS DOUBLE)"
        }
    }

    /// A time as seconds since 1970 in UTC, a double.
    package func asSeconds(_ time: SQL) -> SQL {
        switch self {
        case .clickHouse: "toFloat64(toUnixTimestamp(toDateTime(\(time))))"
        case .postgreSQL: "CAST(extract(epoch from CAST(\(time) AS timestamp)) AS double precision)"
        // What is no time is missing, and counted as such.
        case .duckDB: "epoch(TRY_CAST(\(time) AS TIMESTAMP))"
        case .standard: "CAST(EXTRACT(EPOCH FROM \(time)) AS DOUBLE PRECISION)"
        }
    }

    /// The value of `value` in the row where `key` is least, or greatest, of those that have both.
    package func value(_ value: SQL, whereKey key: SQL, isLeast: Bool) -> SQL {
        switch (self, isLeast) {
        case (.clickHouse, true): "argMin(\(value), \(key))"
        case (.clickHouse, false): "argMax(\(value), \(key))"
        case (.duckDB, true): "arg_min(\(value), \(key))"
        case (.duckDB, false): "arg_max(\(value), \(key))"
        case (.standard, true): "min_by(\(value), \(key))"
        case (.standard, false): "max_by(\(value), \(key))"
        case (.postgreSQL, _):
            """
            (array_agg(\(value) ORDER BY \(key) \(isLeast ? "ASC" : "DESC" as SQL)) \
            FILTER (WHERE (\(key)) IS NOT NULL AND (\(value)) IS NOT NULL))[1]
            """
        }
    }

    /// The value of `value`, a text, in the row where `key`, a number, is least, of those that have both; of several such rows the least value,
    /// so that it does not depend on the order of rows.
    package func firstText(_ value: SQL, by key: SQL) -> SQL {
        switch self {
        case .clickHouse:
            "argMinIf(\(value), tuple(ifNull(\(key), 0.0), ifNull(\(value), '')), \(key) IS NOT NULL AND \(value) IS NOT NULL)"
        case .duckDB:
            "arg_min(\(value), CASE WHEN (\(key)) IS NOT NULL AND (\(value)) IS NOT NULL THEN {'k': \(key), 'v': \(value)} END)"
        case .postgreSQL:
            "(array_agg(\(value) ORDER BY \(key), \(value)) FILTER (WHERE (\(key)) IS NOT NULL AND (\(value)) IS NOT NULL))[1]"
        case .standard: "min_by(\(value), \(key))"
        }
    }

    /// The second least value of a group, a double; missing where there is only one, besides what is missing itself.
    package func secondLeast(_ value: SQL) -> SQL {
        switch self {
        // What is missing is in no array there.
        case .clickHouse: "if(count(\(value)) > 1, arraySort(groupArray(\(value)))[2], \(missingNumber))"
        case .postgreSQL: "(array_agg(\(value) ORDER BY \(value)))[2]"
        case .duckDB, .standard: "list_sort(list(\(value)), 'ASC', 'NULLS LAST')[2]"
        }
    }

    /// A missing text, typed.
    package var missingText: SQL {
        switch self {
        case .clickHouse: "CAST(NULL AS Nullable(String))"
        case .postgreSQL: "CAST(NULL AS text)"
        case .duckDB, .standard: "CAST(NULL AS VARCHAR)"
        }
    }

    /// A missing number, typed.
    package var missingNumber: SQL {
        switch self {
        case .clickHouse: "CAST(NULL AS Nullable(Float64))"
        case .postgreSQL, .standard: "CAST(NULL AS double precision)"
        case .duckDB: "CAST(NULL AS DOUBLE)"
        }
    }

    /// What begins a statement that makes a table of this session alone from a query.
    package func temporaryTable(_ name: String, as query: SQL) -> SQL {
        switch self {
        case .clickHouse: "CREATE TEMPORARY TABLE \(column: name) AS \(query)"
        case .duckDB, .postgreSQL, .standard: "CREATE TEMPORARY TABLE \(column: name) AS \(query)"
        }
    }

    /// What begins a statement that names a query for this session alone.
    package func temporaryView(_ name: String, as query: SQL) -> SQL { "CREATE TEMPORARY VIEW \(column: name) AS \(query)" }

    /// What begins a transaction that sees the data as they are when it begins; nil where there is none.
    var beginningOfSnapshot: SQL? {
        switch self {
        case .clickHouse: nil
        case .postgreSQL: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .duckDB, .standard: "BEGIN TRANSACTION"
        }
    }

    /// A join that keeps what the left side has, on a column that both sides have.
    package func leftJoin(_ left: SQL, _ right: SQL, using column: String) -> SQL {
        switch self {
        // The right side is sent to every shard, where the left side may be spread over a cluster.
        case .clickHouse: "\(left) GLOBAL ALL LEFT JOIN \(right) USING \(column: column)"
        default: "\(left) LEFT JOIN \(right) USING (\(column: column))"
        }
    }
}
