import Experiments
import Warehouse

extension UnitTableBuilder {
    /// Sums over events that are kept, and hold.
    struct Settled {
        /// One row a unit that was exposed.
        let table: String
        /// They are of the events that were taken in before, in microseconds since 1970.
        let until: Int
        /// How many units they are of, and how many are exposed now.
        let units: (settled: Int, all: Int)
        /// How many events they are of, and how many there are now.
        let events: (settled: Int, all: Int)

        /// Whether there are units whose earlier events are not in them.
        var lacksUnits: Bool { units.all > units.settled }
    }

    /// Where sums may be kept, one that has at hand when units were exposed: that is asked for several times, and DuckDB, which does not
    /// know how many they are before they are stored, may join the other way round.
    func withExposures() async throws(AnalysisError) -> UnitTableBuilder {
        guard settledGroup != nil else { return self }
        let name = await session.nameOfTable()
        try await session.execute("when units were exposed", dialect.temporaryTable(name, as: "SELECT * FROM \(exposed)"))
        var builder = self
        builder.exposures = name
        return builder
    }

    /// The sums that are kept, if they hold.
    func settled() async throws(AnalysisError) -> Settled? {
        guard let settlement, let group = settledGroup, try await exists(settlement.name) else { return nil }
        let kept = try await session.query(
            "which sums are kept", "SELECT part, until, mark FROM \(column: settlement.name) WHERE query = \(value: try law(group))")
        guard let table = try kept.column(texts: "part").first ?? nil, let mark = try kept.column(texts: "mark").first ?? nil else {
            return nil
        }
        let until = Int(try kept.number("until"))
        let events = try await events(settlement, until: until)
        guard events.mark == mark else { return nil }
        let found = try await session.query(
            "whether units were exposed when they were",
            """
            SELECT count(*) AS g_units, sum(CASE WHEN g_exposed.g_unit IS NOT NULL AND g_kept.g_time IS NOT DISTINCT FROM g_exposed.g_time THEN 1
            ELSE 0 END) AS g_same, (SELECT count(*) FROM \(exposed)) AS g_all
            FROM \(column: table) AS g_kept LEFT JOIN \(exposed) ON g_kept.g_unit = g_exposed.g_unit
            """)
        let units = Int(try found.number("g_units"))
        guard units == Int(try found.number("g_same")) else { return nil }
        return Settled(
            table: table, until: until, units: (units, Int(try found.number("g_all"))), events: (events.settled, events.all))
    }

    /// Brings the sums that are kept up to date, where that is worth it; in a transaction that the caller commits.
    func settle() async throws(AnalysisError) {
        guard let settlement, settledGroup != nil else { return }
        let (all, latest) = try await newest(settlement)
        guard let latest, all >= settlement.least else { return }
        try await withExposures().settle(settlement, until: latest)
    }

    private func settle(_ settlement: Settlement, until newest: Int) async throws(AnalysisError) {
        guard let group = settledGroup else { return }
        let settled = try await settled()
        // Later than the newest if that was deleted.
        let latest = max(newest, settled?.until ?? newest)
        if let settled {
            let news = (events: settled.events.all - settled.events.settled, units: settled.units.all - settled.units.settled)
            guard news.events * settlement.share > settled.events.all || news.units * settlement.share > settled.units.all else { return }
        }
        let names = ["\(settlement.name)_1", "\(settlement.name)_2"]
        let next = settled?.table == names[0] ? names[1] : names[0]
        // What is taken in at that very moment may not all be there yet.
        let end = (column: settlement.arrival, value: moment(latest))
        let exposure = Arm(values: ["time": "g_time"], key: "g_unit", rows: exposed, isGrouped: false)
        let arms = settled.map { self.arms(group, since: $0, before: end) } ?? [arm(group, before: end)]
        let columns = kept(arm(group))
        let time = Column(name: "time", isText: false) { "min(\($0))" }
        let parts = ([exposure] + arms).map { select(columns + [time], of: $0, prefix: "a_") }
        let list = columns.map { "\($0.merged("\(column: "a_" + $0.name)")) AS \(column: $0.name)" as SQL }
        try await session.execute("sums that are not used", "DROP TABLE IF EXISTS \(column: next)")
        try await session.execute(
            "the sums to be kept",
            """
            CREATE TABLE \(column: next) AS SELECT a_unit AS g_unit, min(a_time) AS g_time, \(list.joined(", "))
            FROM (\(parts.joined(" UNION ALL "))) AS g_parts GROUP BY a_unit
            """)
        let mark = try await events(settlement, until: latest).mark
        try await session.execute(
            "which sums are kept",
            "CREATE TABLE IF NOT EXISTS \(column: settlement.name) (part VARCHAR, until BIGINT, mark VARCHAR, query VARCHAR)")
        try await session.execute("which sums are kept", "DELETE FROM \(column: settlement.name)")
        try await session.execute(
            "which sums are kept",
            "INSERT INTO \(column: settlement.name) VALUES (\(value: next), \(value: latest), \(value: mark), \(value: try law(group)))")
        for name in names where name != next { try await session.execute("sums that are not used", "DROP TABLE IF EXISTS \(column: name)") }
    }

    /// What is kept, and what came since.
    func arms(_ group: Group, since settled: Settled, before end: (column: String, value: SQL)? = nil) -> [Arm] {
        guard let settlement else { return [arm(group, before: end)] }
        var values: [String: SQL] = [:]
        for column in kept(arm(group)) { values[column.name] = "\(column: column.name)" }
        let arrival: SQL = "\(column: settlement.arrival)"
        var arms = [Arm(values: values, key: "g_unit", rows: "\(column: settled.table)", isGrouped: false)]
        if settled.lacksUnits {
            let lacking: SQL = """
                (SELECT g_unit FROM \(exposed) WHERE g_unit NOT IN (SELECT g_unit FROM \(column: settled.table)))
                """
            arms.append(arm(group, where: "\(arrival) < \(moment(settled.until)) AND \(key(group.unit)) IN \(lacking)", before: end))
        }
        return arms + [arm(group, where: "\(arrival) >= \(moment(settled.until))", before: end)]
    }

    /// The facts whose sums may be kept: those of the one source beside the assignment, whose rows count by their units' exposure alone.
    private var settledGroup: Group? {
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
            return try dialect.text(select(kept(arm), of: arm, prefix: "a_"))
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
    ) async throws(AnalysisError) -> (mark: String, settled: Int, all: Int) {
        let found = try await session.query(
            "which events are settled",
            """
            SELECT count(*) AS g_settled, CAST(coalesce(bit_xor(\(column: settlement.key)), 0) AS VARCHAR) AS g_mark,
            (SELECT count(*) FROM \(table: settlement.table)) AS g_all
            FROM \(table: settlement.table) WHERE \(column: settlement.received) < \(moment(until))
            """)
        let count = Int(try found.number("g_settled"))
        return ("\(count) \((try found.column(texts: "g_mark").first ?? nil) ?? "")", count, Int(try found.number("g_all")))
    }
}
