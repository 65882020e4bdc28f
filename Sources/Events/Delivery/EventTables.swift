package import Experiments
package import Warehouse

/// The tables that events, exposures and the links of devices to persons go to, in any warehouse.
///
/// `gosset_events`, `gosset_exposures` and `gosset_links` are for analysts; `gosset_deliveries` says how far deliveries came.
package struct EventTables: Sendable {
    let warehouse: any Warehouse

    package init(_ warehouse: any Warehouse) { self.warehouse = warehouse }

    var dialect: Dialect { warehouse.dialect }

    /// Whether several statements can be made one.
    var hasTransactions: Bool { dialect != .clickHouse }

    /// How far the deliveries of a source came; 0 before the first.
    package func position(of source: String) async throws(WarehouseError) -> Int64 {
        let found = try await warehouse.query(
            "SELECT max(position) AS p FROM gosset_deliveries WHERE source = \(value: source) GROUP BY source")
        return try found.numbers("p").first.flatMap { $0.map { Int64($0) } } ?? 0
    }

    /// The last device below an ordinal whose exposure is here, and its token; nil if there is none.
    func lastExposure(below end: Ordinal) async throws(WarehouseError) -> (ordinal: Ordinal, unit: String)? {
        let found = try await warehouse.query(
            "SELECT ordinal AS o, unit AS u FROM gosset_exposures WHERE ordinal < \(SQL(uncheckedText: "\(end)")) ORDER BY ordinal DESC LIMIT 1"
        )
        guard let ordinal = try found.counts("o").first, let unit = try found.texts("u").first?.flatMap({ $0 }) else { return nil }
        return (Ordinal(ordinal), unit)
    }

    // MARK: Delivery

    /// Takes in the events that are not there yet, and gives their number.
    ///
    /// One and the same event, told twice, is there once: also when a delivery is repeated because nobody knows how the last one ended.
    package func deliver(_ events: [Event], source: String, through position: Int64) async throws(WarehouseError) -> Int {
        let different = await warehouse.perform {
            var seen: Set<EventName> = []
            return events.filter { seen.insert(EventName($0)).inserted }
        }
        let known = try await self.known(different)
        let (insertion, count) = await insertion(Dialect.insertEvents) { rows in
            for event in different where known.isEmpty || !known.contains(EventName(event)) { rows.add(event) }
        }
        try await write(insertion, source: source, position: position)
        return count
    }

    /// Takes in exposures; the ordinal after the last device is the position.
    package func deliver(
        _ exposures: @autoclosure @escaping @Sendable () -> [Exposure], source: String, through next: Ordinal
    ) async throws(WarehouseError) {
        let (insertion, _) = await insertion(Dialect.insertExposures) { rows in
            for exposure in exposures() { rows.add(exposure) }
        }
        try await write(insertion, source: source, position: Int64(next))
    }

    /// Takes in links; the number of the last is the position.
    package func deliver(_ links: [UnitLink], source: String, through number: Int64) async throws(WarehouseError) {
        let (insertion, _) = await insertion(Dialect.insertLinks) { rows in
            for link in links { rows.add(link) }
        }
        try await write(insertion, source: source, position: number)
    }

    /// The statement that inserts rows, nil without any, and their number: made where statements run, in the background if those are.
    private func insertion(
        _ statement: @escaping @Sendable (Dialect) -> (RowText) -> SQL, _ fill: @escaping @Sendable (inout RowText) -> Void
    ) async -> (SQL?, count: Int) {
        await warehouse.perform { [dialect] in
            var rows = RowText(for: dialect)
            fill(&rows)
            return (rows.count > 0 ? statement(dialect)(rows) : nil, rows.count)
        }
    }

    private func known(_ events: [Event]) async throws(WarehouseError) -> Set<EventName> {
        var known: Set<EventName> = []
        var start = 0
        while start < events.count {
            let part = events[start..<min(start + dialect.keysInQuery, events.count)]
            start = part.endIndex
            let found = try await warehouse.query(
                "SELECT unit AS u, id AS i FROM gosset_events WHERE key IN \(dialect.set(of: part.map(\.key)))")
            let (units, ids) = (try found.texts("u"), try found.texts("i"))
            for index in units.indices { known.insert(EventName(unit: units[index] ?? "", id: ids[index] ?? "")) }
        }
        return known
    }

    private func write(_ insertion: SQL?, source: String, position: Int64) async throws(WarehouseError) {
        try await transaction { () throws(WarehouseError) in
            if let insertion { try await warehouse.execute(insertion) }
            try await note(source, position)
        }
    }

    /// Notes how far a source came.
    func note(_ source: String, _ position: Int64) async throws(WarehouseError) {
        if hasTransactions { try await warehouse.execute("DELETE FROM gosset_deliveries WHERE source = \(value: source)") }
        try await warehouse.execute(
            "INSERT INTO gosset_deliveries (source, position) VALUES (\(value: source), \(value: Int(position)))")
    }

    func transaction(_ body: () async throws(WarehouseError) -> Void) async throws(WarehouseError) {
        guard hasTransactions else { return try await body() }
        try await warehouse.execute("BEGIN")
        do throws(WarehouseError) {
            try await body()
            try await warehouse.execute("COMMIT")
        } catch {
            // The connection may be gone, and the transaction with it.
            try? await warehouse.execute("ROLLBACK")
            throw error
        }
    }

    // MARK: Deletion

    /// So many units are deleted by one statement, each of which may have to read the whole of a table.
    private static let mostErased = 500

    /// By how much servers' clocks may differ: what one took in before a unit was deleted through another may seem to have come later.
    private static let skew: Int64 = 1000

    /// The tables that speak of units, and their columns that say when what they tell came.
    private static let erased: [(table: String, time: String)] = [
        ("gosset_events", "received"), ("gosset_exposures", "time"), ("gosset_links", "time"),
    ]

    /// Deletes everything about units: what they did, what they took part in, and whose they were; ``areErased(within:)`` tells when it is gone.
    ///
    /// - Parameter moment: what came later is of devices that came again, and stays; nil where nothing can have.
    package func erase(units: [String], until moment: Timestamp? = nil) async throws(WarehouseError) {
        try await dropKeptSums()
        let end = moment.map { dialect.moment(Timestamp(milliseconds: $0.milliseconds + EventTables.skew)) }
        for start in stride(from: 0, to: units.count, by: EventTables.mostErased) {
            let list = units[start..<min(start + EventTables.mostErased, units.count)].map { "\(value: $0)" as SQL }.joined(", ")
            for (table, time) in EventTables.erased {
                let before: SQL = end.map { " AND \(column: time) <= \($0)" } ?? ""
                try await delete(from: table, where: "unit IN (\(list))\(before)")
            }
        }
    }

    /// Whether what was to be deleted is gone, after a wait of some time at most.
    ///
    /// ClickHouse writes tables anew without it when it comes to it, and answers queries from the old ones until then; other databases have
    /// deleted it when they say so.
    package func areErased(within patience: Duration = .zero) async throws -> Bool {
        guard dialect == .clickHouse else { return true }
        let end = ContinuousClock.now + patience
        let names = EventTables.erased.map { "\(value: $0.table)" as SQL }.joined(", ")
        while true {
            let left = try await warehouse.query(
                "SELECT count() AS n FROM system.mutations WHERE database = currentDatabase() AND table IN (\(names)) AND is_done = 0")
            if try left.counts("n") == [0] { return true }
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Deletes the events that were taken in before a moment; exposures stay, for without them events say nothing.
    package func expire(before moment: Timestamp) async throws(WarehouseError) {
        try await dropKeptSums()
        try await delete(from: "gosset_events", where: "received < \(dialect.moment(moment))")
    }

    private func delete(from table: String, where condition: SQL) async throws(WarehouseError) {
        switch dialect {
        case .clickHouse: try await warehouse.execute("ALTER TABLE \(table: table) DELETE WHERE \(condition)")
        default: try await warehouse.execute("DELETE FROM \(table: table) WHERE \(condition)")
        }
    }
}

/// What makes an event the same: its client's name for it, within its unit, so that nobody can keep another's events out.
private struct EventName: Hashable {
    let unit: String
    let id: String

    init(unit: String, id: String) {
        self.unit = unit
        self.id = id
    }

    init(_ event: Event) { self.init(unit: event.unit, id: event.id) }
}
