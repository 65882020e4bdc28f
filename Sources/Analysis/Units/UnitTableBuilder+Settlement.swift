import Experiments
import Warehouse

extension UnitTableBuilder {
    /// Sums over events that are kept, and hold.
    struct KeptSums {
        /// The facts that they are about.
        let group: Group
        /// One row a unit that was exposed.
        let table: String
        /// They are of the events that were taken in before, in microseconds since 1970.
        let until: Int
        /// One row a unit that was not, but had events; nil if those were too many.
        let heard: String?
        /// How many units they are of, and how many are exposed now.
        let units: (summed: Int, all: Int)
        /// How many events they are of, and how many there are now.
        let events: (summed: Int, all: Int)
        /// The events that they lack, though those were taken in before: of units that were exposed since.
        let lacking: Lacking
    }

    /// Which earlier events of units are to be read that were exposed since.
    enum Lacking {
        case none
        /// Those that were taken in from a moment on, in microseconds since 1970.
        case since(Int)
        case all
    }

    /// Where sums may be kept, one that has at hand when units were exposed: that is asked for several times, and DuckDB, which does not
    /// know how many they are before they are stored, may join the other way round.
    func withExposures() async throws(AnalysisError) -> UnitTableBuilder {
        guard summedGroup != nil else { return self }
        let name = await session.nameOfTable()
        try await session.execute("when units were exposed", dialect.temporaryTable(name, as: "SELECT * FROM \(exposed)"))
        var builder = self
        builder.exposures = name
        return builder
    }

    /// The sums that are kept, if they hold.
    func keptSums() async throws(AnalysisError) -> KeptSums? {
        guard let settlement, let group = summedGroup, try await exists(settlement.name) else { return nil }
        let kept = try await session.query(
            "which sums are kept", "SELECT part, heard, until, mark FROM \(column: settlement.name) WHERE query = \(value: try law(group))")
        guard let table = try kept.column(texts: "part").first ?? nil, let mark = try kept.column(texts: "mark").first ?? nil else {
            return nil
        }
        let (until, heard) = (Int(try kept.number("until")), try kept.column(texts: "heard").first ?? nil)
        let events = try await events(settlement, until: until)
        guard events.mark == mark else { return nil }
        let found = try await session.query(
            "whether units were exposed when they were",
            """
            SELECT count(*) AS g_units, sum(CASE WHEN g_exposed.g_unit IS NOT NULL AND g_kept.g_time IS NOT DISTINCT FROM g_exposed.g_time THEN 1
            ELSE 0 END) AS g_same, (SELECT count(*) FROM \(exposed)) AS g_all
            FROM \(column: table) AS g_kept LEFT JOIN \(exposed) ON g_kept.g_unit = g_exposed.g_unit
            """)
        let units = (summed: Int(try found.number("g_units")), all: Int(try found.number("g_all")))
        guard units.summed == Int(try found.number("g_same")) else { return nil }
        let lacking = units.all > units.summed ? try await lacking(heard) : .none
        return KeptSums(
            group: group, table: table, until: until, heard: heard, units: units, events: (events.summed, events.all), lacking: lacking)
    }

    private func lacking(_ heard: String?) async throws(AnalysisError) -> Lacking {
        guard let heard else { return .all }
        let found = try await session.query(
            "which events units had before they were exposed",
            """
            SELECT epoch_us(min(g_since)) AS g_since FROM \(column: heard) AS g_heard
            WHERE EXISTS (SELECT 1 FROM \(exposed) WHERE g_exposed.g_unit = g_heard.g_unit)
            """)
        return (try found.column(numbers: "g_since").first ?? nil).map { .since(Int($0)) } ?? .none
    }

    /// Brings the sums that are kept up to date, where that is worth it; in a transaction that the caller commits.
    func settle() async throws(AnalysisError) {
        guard let settlement, summedGroup != nil else { return }
        let (all, latest) = try await newest(settlement)
        guard let latest, all >= settlement.least else { return }
        try await withExposures().settle(settlement, until: latest)
    }

    private func settle(_ settlement: Settlement, until newest: Int) async throws(AnalysisError) {
        guard let group = summedGroup else { return }
        let before = try await keptSums()
        // Later than the newest if that was deleted.
        let latest = max(newest, before?.until ?? newest)
        if let before {
            let news = (events: before.events.all - before.events.summed, units: before.units.all - before.units.summed)
            guard news.events * settlement.share > before.events.all || news.units * settlement.share > before.units.all else { return }
        }
        let names = ["\(settlement.name)_1", "\(settlement.name)_2"]
        let next = before?.table == names[0] ? names[1] : names[0]
        // What is taken in at that very moment may not all be there yet.
        let end = (column: settlement.arrival, value: moment(latest))
        let columns = summed(arm(group))
        let sums = before.map { self.sums(since: $0, before: end) } ?? select(columns, of: arm(group, before: end), prefix: "a_")
        let list = columns.map { "\(orMissing($0, "\(column: "a_" + $0.name)")) AS \(column: $0.name)" as SQL }
        try await session.execute("sums that are not used", "DROP TABLE IF EXISTS \(column: next)")
        try await session.execute(
            "the sums to be kept",
            """
            CREATE TABLE \(column: next) AS SELECT coalesce(g_exposed.g_unit, g_sums.a_unit) AS g_unit, g_exposed.g_time AS g_time,
            \(list.joined(", ")) FROM \(exposed) FULL JOIN (\(sums)) AS g_sums ON g_exposed.g_unit = g_sums.a_unit
            """)
        let heard = try await hear(settlement, before, for: next, until: latest)
        let mark = try await events(settlement, until: latest).mark
        try await session.execute(
            "which sums are kept",
            """
            CREATE TABLE IF NOT EXISTS \(column: settlement.name) (part VARCHAR, heard VARCHAR, until BIGINT, mark VARCHAR, query VARCHAR)
            """)
        try await session.execute("which sums are kept", "DELETE FROM \(column: settlement.name)")
        let values: [SQL] = [
            "\(value: next)", heard.map { "\(value: $0)" } ?? "NULL", "\(value: latest)", "\(value: mark)", "\(value: try law(group))",
        ]
        try await session.execute("which sums are kept", "INSERT INTO \(column: settlement.name) VALUES (\(values.joined(", ")))")
        for name in names where name != next {
            for table in [name, heardName(name)] {
                try await session.execute("sums that are not used", "DROP TABLE IF EXISTS \(column: table)")
            }
        }
    }

    /// Notes which units had events before a moment though they are not exposed; gives the table, or nil if they are too many.
    private func hear(
        _ settlement: Settlement, _ before: KeptSums?, for sums: String, until latest: Int
    ) async throws(AnalysisError) -> String? {
        // They were too many before.
        if let before, before.heard == nil { return nil }
        let (name, received) = (heardName(sums), "\(column: settlement.received)" as SQL)
        let past: SQL = before.map { " AND \(received) >= \(moment($0.until))" } ?? ""
        let news: SQL = """
            SELECT \(key(settlement.unit)) AS g_unit, \(received) AS g_since FROM \(table: settlement.table)
            WHERE \(received) < \(moment(latest))\(past)
            """
        let all: SQL = (before?.heard).map { "SELECT g_unit, g_since FROM \(column: $0) UNION ALL \(news)" } ?? news
        try await session.execute("units that are not used", "DROP TABLE IF EXISTS \(column: name)")
        try await session.execute(
            "units that had events before they were exposed",
            """
            CREATE TABLE \(column: name) AS SELECT g_unit, min(g_since) AS g_since FROM (\(all)) AS g_heard
            WHERE NOT EXISTS (SELECT 1 FROM \(exposed) WHERE g_exposed.g_unit = g_heard.g_unit) GROUP BY g_unit
            """)
        let found = try await session.query(
            "how many they are",
            "SELECT (SELECT count(*) FROM \(column: name)) AS g_heard, (SELECT count(*) FROM \(column: sums)) AS g_summed")
        if try found.number("g_heard") <= found.number("g_summed") + Double(settlement.least) { return name }
        try await session.execute("units that are too many", "DROP TABLE \(column: name)")
        return nil
    }

    private func heardName(_ sums: String) -> String { sums + "_heard" }

    // MARK: Sums over all events

    /// The assignment with the sums over events: joined, for both have one row a unit already.
    func query(_ kept: KeptSums) -> SQL {
        let (assigned, summed) = (assignmentArm, summed(arm(kept.group)))
        let list = columns.map { column in
            let side = assigned.values[column.name] == nil ? "g_sums" : "g_assigned"
            let isThere = side == "g_assigned" || summed.contains { $0.name == column.name }
            let value = isThere ? orMissing(column, "\(column: side).\(column: "a_" + column.name)") : missing(column)
            return "\(value) AS \(column: "u_" + column.name)" as SQL
        }
        let told = columns.filter { assigned.values[$0.name] != nil }
        return """
            SELECT coalesce(g_assigned.a_unit, g_sums.a_unit) AS u_unit, \(list.joined(", "))
            FROM (\(select(told, of: assigned, prefix: "a_"))) AS g_assigned
            FULL JOIN (\(sums(since: kept))) AS g_sums ON g_assigned.a_unit = g_sums.a_unit
            """
    }

    /// What is kept, put together with what came since: one row a unit.
    ///
    /// What is kept of units without news is taken as it is.
    private func sums(since kept: KeptSums, before end: (column: String, value: SQL)? = nil) -> SQL {
        let columns = summed(arm(kept.group))
        var values: [String: SQL] = [:]
        for column in columns { values[column.name] = "\(column: column.name)" }
        func known(_ join: SQL) -> SQL {
            let rows: SQL = "\(column: kept.table) AS g_kept \(join) g_news ON g_kept.g_unit = g_news.a_unit"
            return select(columns, of: Arm(values: values, key: "g_unit", rows: rows, isGrouped: false), prefix: "a_")
        }
        let news = news(since: kept, before: end).map { select(columns, of: $0, prefix: "a_") }
        let list = columns.map { "\($0.merged("\(column: "a_" + $0.name)")) AS \(column: "a_" + $0.name)" as SQL }
        return """
            WITH g_news AS MATERIALIZED (\(news.joined(" UNION ALL "))) \(known("ANTI JOIN")) UNION ALL
            SELECT a_unit, \(list.joined(", ")) FROM (\(known("SEMI JOIN")) UNION ALL SELECT * FROM g_news) AS g_parts GROUP BY a_unit
            """
    }

    /// What came since, and what kept sums lack.
    private func news(since kept: KeptSums, before end: (column: String, value: SQL)?) -> [Arm] {
        guard let settlement else { return [] }
        let (arrival, until) = ("\(column: settlement.arrival)" as SQL, moment(kept.until))
        let units: SQL = """
            \(key(kept.group.unit)) IN (SELECT g_unit FROM \(exposed) WHERE g_unit NOT IN (SELECT g_unit FROM \(column: kept.table)))
            """
        let lacking: [SQL] =
            switch kept.lacking {
            case .none: []
            case .since(let since): ["\(arrival) >= \(moment(since)) AND \(arrival) < \(until) AND \(units)"]
            case .all: ["\(arrival) < \(until) AND \(units)"]
            }
        return (lacking + ["\(arrival) >= \(until)"]).map { arm(kept.group, where: $0, before: end) }
    }

    /// A column of one side of a join, where that side may lack a unit.
    private func orMissing(_ column: Column, _ value: SQL) -> SQL { "coalesce(\(value), \(missing(column)))" }

    // MARK: Columns

    /// When the segments that events tell of were told of, for parts that are about the same events at different times.
    private var moments: [(segment: String, column: Column)] {
        plan.segments.indices.filter { plan.segments[$0].fact != nil }.map { index in
            ("s\(index)", Column(name: "w\(index)", isText: false) { "min(\($0))" })
        }
    }

    /// Columns whose segments are what the first event says, whichever part it is in.
    private func inOrder(_ columns: [Column]) -> [Column] {
        columns.map { column in
            guard moments.contains(where: { $0.segment == column.name }) else { return column }
            let moment = "a_w" + column.name.dropFirst()
            return Column(name: column.name, isText: true) { [dialect] in dialect.firstText($0, by: "\(column: moment)") }
        }
    }

    /// The columns that an arm of events has, so that parts of it can be put together.
    private func summed(_ arm: Arm) -> [Column] { (inOrder(columns) + moments.map(\.column)).filter { arm.values[$0.name] != nil } }

    // MARK: What decides the sums

    /// The facts whose sums may be kept: those of the one source beside the assignment, whose rows count by their units' exposure alone.
    private var summedGroup: Group? {
        guard let settlement, dialect == .duckDB, plan.assignment.unit != nil, plan.assignment.time != nil, plan.assignment.persons == nil,
            otherGroups.count == 1, let group = otherGroups.first, group.source == settlement.source, group.id == nil
        else { return nil }
        return group
    }

    private var exposed: SQL { exposed(plan.assignment.unit?.text ?? "", plan.assignment.time?.text ?? "") }

    /// What the sums are sums of: all that decides it but the rows.
    private func law(_ group: Group) throws(AnalysisError) -> String {
        var builder = self
        builder.exposures = nil
        let arm = builder.arm(group)
        do throws(WarehouseError) {
            return try dialect.text(select(summed(arm), of: arm, prefix: "a_"))
        } catch {
            throw .warehouse(error)
        }
    }

    private func moment(_ microseconds: Int) -> SQL { "make_timestamp(\(value: microseconds))" }

    private func exists(_ name: String) async throws(AnalysisError) -> Bool {
        let found = try await session.query(
            "whether sums are kept",
            "SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = \(value: name) AND database_name = current_database()")
        return try found.number("n") > 0
    }

    private func newest(_ settlement: Settlement) async throws(AnalysisError) -> (count: Int, until: Int?) {
        let found = try await session.query(
            "the newest event",
            "SELECT count(*) AS g_all, epoch_us(max(\(column: settlement.received))) AS g_until FROM \(table: settlement.table)")
        return (Int(try found.number("g_all")), (try found.column(numbers: "g_until").first ?? nil).map { Int($0) })
    }

    /// How many events there are, how many were taken in before a moment, and what tells those from any others.
    private func events(
        _ settlement: Settlement, until: Int
    ) async throws(AnalysisError) -> (mark: String, summed: Int, all: Int) {
        let found = try await session.query(
            "whether the events are those that were summed",
            """
            SELECT count(*) AS g_summed, CAST(coalesce(bit_xor(\(column: settlement.key)), 0) AS VARCHAR) AS g_mark,
            (SELECT count(*) FROM \(table: settlement.table)) AS g_all
            FROM \(table: settlement.table) WHERE \(column: settlement.received) < \(moment(until))
            """)
        let count = Int(try found.number("g_summed"))
        return ("\(count) \((try found.column(texts: "g_mark").first ?? nil) ?? "")", count, Int(try found.number("g_all")))
    }
}
