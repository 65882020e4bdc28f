package import Warehouse

/// The tables as they are now, and how those of earlier builds become so.
extension EventTables {
    /// The layout that this build writes and reads; `gosset_deliveries` keeps that of the tables, as a source of this name.
    package static let layout: Int64 = 2
    private static let layoutName = "layout"

    /// Makes the tables where they are not there, and brings those of earlier builds up to date.
    ///
    /// - Throws: Also if a newer build has laid them out, which this one could only damage.
    package func prepare() async throws(WarehouseError) {
        // Without it, two servers that begin at the same time get in each other's way. Whoever fails lets go of it with the connection.
        if dialect == .postgreSQL { try await warehouse.execute("SELECT pg_advisory_lock(5144045731)") }
        for statement in dialect.eventTables { try await warehouse.execute(statement) }
        let found = try await position(of: EventTables.layoutName)
        guard found <= EventTables.layout else {
            throw .invalid(
                "the tables in the warehouse were laid out by a newer Gosset (layout \(found), this one knows \(EventTables.layout)); use that one"
            )
        }
        if found < EventTables.layout {
            if try await hasColumn("epoch", in: "gosset_exposures") {
                try await note(EventTables.layoutName, EventTables.layout)
            } else {
                try await addBlocks()
            }
        }
        if dialect == .postgreSQL { try await warehouse.execute("SELECT pg_advisory_unlock(5144045731)") }
        try await dropKeptSums()
    }

    // MARK: Sums over events

    /// What the names of tables begin with that hold sums over events, which whoever works out results may keep in DuckDB.
    package static let keptSums = "gosset_settled_"

    /// Drops the sums over events that are kept: they are of units and events that are to be deleted, or of another build.
    func dropKeptSums() async throws(WarehouseError) {
        guard dialect == .duckDB else { return }
        let found = try await warehouse.query(
            """
            SELECT table_name AS t FROM duckdb_tables()
            WHERE starts_with(table_name, \(value: EventTables.keptSums)) AND database_name = current_database()
            """)
        for name in try found.texts("t") { try await warehouse.execute("DROP TABLE IF EXISTS \(column: name ?? "")") }
    }

    /// From layout 1, whose exposures do not say which block dealt them: the registry does, so they are delivered once more, from the first.
    private func addBlocks() async throws(WarehouseError) {
        switch dialect {
        case .clickHouse:
            // There are no transactions. Whatever ends it half-way, the old exposures are still there and this is done again, or the
            // positions are gone already; what is delivered again on their account replaces itself.
            try await warehouse.execute("DROP TABLE gosset_deliveries")
            try await warehouse.execute("DROP TABLE gosset_exposures")
            for statement in dialect.eventTables { try await warehouse.execute(statement) }
            try await note(EventTables.layoutName, EventTables.layout)
        case .duckDB, .standard, .postgreSQL:
            try await transaction { () throws(WarehouseError) in
                try await warehouse.execute("DROP TABLE gosset_exposures")
                for statement in dialect.eventTables { try await warehouse.execute(statement) }
                try await warehouse.execute("DELETE FROM gosset_deliveries WHERE source LIKE 'exposures/%'")
                try await note(EventTables.layoutName, EventTables.layout)
            }
        }
    }

    private func hasColumn(_ column: String, in table: String) async throws(WarehouseError) -> Bool {
        let columns: SQL =
            dialect == .clickHouse
            ? "system.columns WHERE database = currentDatabase() AND table = \(value: table) AND name = \(value: column)"
            : """
            information_schema.columns WHERE table_catalog = current_database() AND table_schema = current_schema()
            AND table_name = \(value: table) AND column_name = \(value: column)
            """
        return try await warehouse.query("SELECT count(*) AS n FROM \(columns)").counts("n") == [1]
    }
}
