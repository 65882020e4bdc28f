import Experiments
import Warehouse

/// What the databases call differently of the tables of events.
extension Dialect {
    /// The statements that make the tables where they are not there.
    var eventTables: [SQL] {
        switch self {
        case .duckDB, .standard:
            [
                """
                CREATE TABLE IF NOT EXISTS gosset_events (
                    key BIGINT NOT NULL, id VARCHAR NOT NULL, unit VARCHAR NOT NULL, fact VARCHAR NOT NULL, value DOUBLE,
                    time TIMESTAMP NOT NULL, received TIMESTAMP NOT NULL, claimed TIMESTAMP, properties VARCHAR)
                """,
                """
                CREATE TABLE IF NOT EXISTS gosset_exposures (
                    ordinal BIGINT NOT NULL, unit VARCHAR NOT NULL, experiment VARCHAR NOT NULL, variant VARCHAR NOT NULL,
                    time TIMESTAMP NOT NULL, epoch BIGINT NOT NULL, block BIGINT NOT NULL)
                """,
                """
                CREATE TABLE IF NOT EXISTS gosset_links (
                    number BIGINT NOT NULL, unit VARCHAR NOT NULL, person VARCHAR NOT NULL, time TIMESTAMP NOT NULL)
                """,
                "CREATE TABLE IF NOT EXISTS gosset_deliveries (source VARCHAR NOT NULL, position BIGINT NOT NULL)",
            ]
        case .postgreSQL:
            [
                """
                CREATE TABLE IF NOT EXISTS gosset_events (
                    key bigint NOT NULL, id text NOT NULL, unit text NOT NULL, fact text NOT NULL, value double precision,
                    time timestamp NOT NULL, received timestamp NOT NULL, claimed timestamp, properties text, UNIQUE (key, unit, id))
                """,
                "CREATE INDEX IF NOT EXISTS gosset_events_of_fact ON gosset_events (fact, time)",
                """
                CREATE TABLE IF NOT EXISTS gosset_exposures (
                    ordinal bigint NOT NULL, unit text NOT NULL, experiment text NOT NULL, variant text NOT NULL,
                    time timestamp NOT NULL, epoch bigint NOT NULL, block bigint NOT NULL, PRIMARY KEY (experiment, ordinal))
                """,
                """
                CREATE TABLE IF NOT EXISTS gosset_links (
                    number bigint PRIMARY KEY, unit text NOT NULL, person text NOT NULL, time timestamp NOT NULL)
                """,
                "CREATE TABLE IF NOT EXISTS gosset_deliveries (source text NOT NULL, position bigint NOT NULL)",
            ]
        case .clickHouse:
            // A server of 2018 has no milliseconds of its own.
            [
                """
                CREATE TABLE IF NOT EXISTS gosset_events (
                    key Int64, id String, unit String, fact String, value Nullable(Float64), time DateTime, received DateTime,
                    claimed Nullable(DateTime), properties Nullable(String))
                ENGINE = ReplacingMergeTree() PARTITION BY toYYYYMM(received) ORDER BY (key, unit, id)
                """,
                """
                CREATE TABLE IF NOT EXISTS gosset_exposures (
                    ordinal Int64, unit String, experiment String, variant String, time DateTime, epoch Int64, block Int64)
                ENGINE = ReplacingMergeTree() ORDER BY (experiment, ordinal)
                """,
                """
                CREATE TABLE IF NOT EXISTS gosset_links (number Int64, unit String, person String, time DateTime)
                ENGINE = ReplacingMergeTree() ORDER BY (number)
                """,
                """
                CREATE TABLE IF NOT EXISTS gosset_deliveries (source String, position Int64)
                ENGINE = ReplacingMergeTree() ORDER BY (source, position)
                """,
            ]
        }
    }

    /// The most keys that one query may name: ClickHouse reads no more than 256 KiB of a query.
    var keysInQuery: Int { self == .clickHouse ? 8000 : 100_000 }

    /// A set of keys, as the right side of `IN`.
    ///
    /// As one literal where that is possible: planning a query of thousands of literals takes longer than answering it.
    func set(of keys: [Int64]) -> SQL {
        // Whole numbers only.
        let list = SQL(uncheckedText: keys.map { "\($0)" }.joined(separator: ","))
        return switch self {
        case .duckDB, .standard: "(SELECT unnest(from_json(given.keys, '[\"BIGINT\"]')) FROM (VALUES ('[\(list)]')) AS given (keys))"
        case .postgreSQL: "(SELECT unnest(CAST('{\(list)}' AS bigint[])))"
        case .clickHouse: "(\(list))"
        }
    }

    /// Inserts events.
    func insertEvents(_ rows: RowText) -> SQL {
        switch self {
        case .duckDB, .standard:
            """
            INSERT INTO gosset_events SELECT key, id, unit, fact, value, make_timestamp(time * 1000), make_timestamp(received * 1000),
            make_timestamp(claimed * 1000), properties FROM (SELECT \(columns(rows, [
                "key": "BIGINT", "id": "VARCHAR", "unit": "VARCHAR", "fact": "VARCHAR", "value": "DOUBLE", "time": "BIGINT",
                "received": "BIGINT", "claimed": "BIGINT", "properties": "VARCHAR",
            ])))
            """
        case .postgreSQL:
            """
            INSERT INTO gosset_events SELECT key, id, unit, fact, value, to_timestamp(time / 1000.0) AT TIME ZONE 'UTC',
            to_timestamp(received / 1000.0) AT TIME ZONE 'UTC', to_timestamp(claimed / 1000.0) AT TIME ZONE 'UTC', properties
            FROM json_to_recordset(\(array(rows))) AS row (key bigint, id text, unit text, fact text, value double precision, time bigint,
            received bigint, claimed bigint, properties text) ON CONFLICT DO NOTHING
            """
        case .clickHouse: insertion("INSERT INTO gosset_events FORMAT JSONEachRow\n", rows)
        }
    }

    /// Inserts exposures.
    func insertExposures(_ rows: RowText) -> SQL {
        switch self {
        case .duckDB, .standard:
            """
            INSERT INTO gosset_exposures SELECT ordinal, unit, experiment, variant, make_timestamp(time * 1000), epoch, block
            FROM (SELECT \(columns(rows, [
                "ordinal": "BIGINT", "unit": "VARCHAR", "experiment": "VARCHAR", "variant": "VARCHAR", "time": "BIGINT", "epoch": "BIGINT",
                "block": "BIGINT",
            ])))
            """
        case .postgreSQL:
            """
            INSERT INTO gosset_exposures SELECT ordinal, unit, experiment, variant, to_timestamp(time / 1000.0) AT TIME ZONE 'UTC', epoch, block
            FROM json_to_recordset(\(array(rows)))
            AS row (ordinal bigint, unit text, experiment text, variant text, time bigint, epoch bigint, block bigint)
            ON CONFLICT DO NOTHING
            """
        case .clickHouse: insertion("INSERT INTO gosset_exposures FORMAT JSONEachRow\n", rows)
        }
    }

    /// Inserts links.
    func insertLinks(_ rows: RowText) -> SQL {
        switch self {
        case .duckDB, .standard:
            """
            INSERT INTO gosset_links SELECT number, unit, person, make_timestamp(time * 1000)
            FROM (SELECT \(columns(rows, ["number": "BIGINT", "unit": "VARCHAR", "person": "VARCHAR", "time": "BIGINT"])))
            """
        case .postgreSQL:
            """
            INSERT INTO gosset_links SELECT number, unit, person, to_timestamp(time / 1000.0) AT TIME ZONE 'UTC'
            FROM json_to_recordset(\(array(rows))) AS row (number bigint, unit text, person text, time bigint) ON CONFLICT DO NOTHING
            """
        case .clickHouse: insertion("INSERT INTO gosset_links FORMAT JSONEachRow\n", rows)
        }
    }

    /// A moment in UTC, cut to seconds where a database has no more.
    func moment(_ time: Timestamp) -> SQL {
        switch self {
        case .duckDB, .standard: "make_timestamp(\(value: Int(time.milliseconds)) * 1000)"
        case .postgreSQL: "(to_timestamp(\(value: Int(time.milliseconds)) / 1000.0) AT TIME ZONE 'UTC')"
        case .clickHouse: "toDateTime(\(value: Int(time.milliseconds / 1000)))"
        }
    }

    /// Whether insertions want rows as columns.
    var readsColumns: Bool { self == .duckDB || self == .standard }

    /// The columns of rows, by their types: what is selected, and from where.
    ///
    /// The arrays are the one row of a table, for DuckDB makes each value of a constant array a value of its own while it plans.
    private func columns(_ rows: RowText, _ types: KeyValuePairs<StaticString, StaticString>) -> SQL {
        let arrays = types.indices.map { literal(rows.column($0)) }
        let columns = types.map { "unnest(from_json(given.\($0.key), '[\"\($0.value)\"]')) AS \($0.key)" }
        return SQL(
            uncheckedText: columns.joined(separator: ", ") + " FROM (VALUES (" + arrays.joined(separator: ", ") + ")) AS given ("
                + types.map { "\($0.key)" }.joined(separator: ", ") + ")")
    }

    /// A JSON array of rows as a literal.
    private func array(_ rows: RowText) -> SQL { SQL(uncheckedText: literal(rows.objects)) }

    /// A JSON array, of what is in it.
    ///
    /// Millions of bytes are not gone through again to quote them: ``RowText`` holds no dollar sign, so nothing in it can end the literal.
    private func literal(_ values: String) -> String { "$rows$[" + values + "]$rows$" }

    /// Rows that follow their statement; ClickHouse reads them as data, whatever they say.
    private func insertion(_ head: SQL, _ rows: RowText) -> SQL { head + SQL(uncheckedText: rows.objects) }
}
