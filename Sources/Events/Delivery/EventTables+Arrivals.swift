package import Experiments
package import Warehouse

/// How many units came, by the epoch that dealt them their variant.
package struct Arrivals: Sendable, Hashable {
    package let epoch: Int
    package let variant: String
    package let units: Int

    package init(epoch: Int, variant: String, units: Int) { (self.epoch, self.variant, self.units) = (epoch, variant, units) }
}

extension EventTables {
    /// The units of an experiment that the warehouse knows of: those that were exposed, or those of them that a fact tells of.
    ///
    /// - Parameter excluded: devices that count for nothing.
    package func arrivals(
        in experiment: ExperimentKey, active fact: String? = nil, excluding excluded: [Ordinal] = []
    ) async throws(WarehouseError) -> [Arrivals] {
        let active: SQL = fact.map { " AND unit IN (SELECT unit FROM gosset_events WHERE fact = \(value: $0))" } ?? ""
        let table = try await warehouse.query(
            """
            SELECT epoch AS g_epoch, variant AS g_variant, count(DISTINCT ordinal) AS g_units FROM gosset_exposures
            WHERE experiment = \(value: experiment.text)\(active)\(counted(without: excluded)) GROUP BY epoch, variant
            """)
        return try arrivals(table)
    }

    /// How many units of an experiment were exposed from a moment on.
    package func exposures(
        in experiment: ExperimentKey, since moment: Timestamp, excluding excluded: [Ordinal] = []
    ) async throws(WarehouseError) -> Int {
        let table = try await warehouse.query(
            """
            SELECT count(DISTINCT ordinal) AS g_units FROM gosset_exposures
            WHERE experiment = \(value: experiment.text) AND time >= \(warehouse.dialect.moment(moment))
            \(counted(without: excluded))
            """)
        return Int((try table.numbers("g_units").first ?? nil) ?? 0)
    }

    // MARK: Persons

    /// The persons of an experiment that the warehouse knows of, each by the epoch and the variant that their first unit was dealt; whoever is
    /// linked to nobody is a person of their own, but for devices that took a person's name.
    ///
    /// - Parameters:
    ///   - fact: counts only those of whom it tells, on whatever unit or under their own name.
    ///   - excluded: devices that count for nothing.
    package func arrivals(
        ofPersonsIn experiment: ExperimentKey, active fact: String? = nil, excluding excluded: [Ordinal] = []
    ) async throws(WarehouseError) -> [Arrivals] {
        var active: SQL = ""
        if let fact {
            let units: SQL = "(SELECT DISTINCT unit AS g_unit FROM gosset_events WHERE fact = \(value: fact)) AS g_active"
            active = " WHERE g_person IN (SELECT \(person) FROM \(linked(units)))"
        }
        let table = try await warehouse.query(
            """
            SELECT g_epoch, g_variant, count(*) AS g_units FROM \(persons(in: experiment, without: excluded))\(active)
            GROUP BY g_epoch, g_variant
            """)
        return try arrivals(table)
    }

    /// How many persons of an experiment were exposed for the first time from a moment on.
    package func exposures(
        ofPersonsIn experiment: ExperimentKey, since moment: Timestamp, excluding excluded: [Ordinal] = []
    ) async throws(WarehouseError) -> Int {
        let table = try await warehouse.query(
            """
            SELECT count(*) AS g_units FROM \(persons(in: experiment, without: excluded))
            WHERE g_time >= \(warehouse.dialect.moment(moment))
            """)
        return Int((try table.numbers("g_units").first ?? nil) ?? 0)
    }

    private func persons(in experiment: ExperimentKey, without excluded: [Ordinal]) -> SQL {
        let exposed: SQL = """
            (SELECT unit AS g_unit, ordinal AS g_ordinal, epoch AS g_e, variant AS g_v, time AS g_t FROM gosset_exposures
            WHERE experiment = \(value: experiment.text)\(counted(without: excluded))) AS g_exposed
            """
        let (epoch, variant) = (
            dialect.value("g_e", whereKey: "g_ordinal", isLeast: true), dialect.value("g_v", whereKey: "g_ordinal", isLeast: true)
        )
        return """
            (SELECT g_person, \(epoch) AS g_epoch, \(variant) AS g_variant, min(g_t) AS g_time FROM (
            SELECT \(person) AS g_person, g_ordinal, g_e, g_v, g_t FROM \(linked(exposed))
            WHERE NOT (\(isNobodys) AND g_unit IN (SELECT person FROM gosset_links))) AS g_linked_units GROUP BY g_person) AS g_persons
            """
    }

    /// Rows with a column `g_unit`, beside the person that each is linked to: of several the least, as in analyses.
    private func linked(_ rows: SQL) -> SQL {
        let least: SQL = "min(\(dialect.asText("person")))"
        return dialect.leftJoin(
            rows, "(SELECT unit AS g_unit, \(least) AS g_linked FROM gosset_links GROUP BY unit) AS g_links", using: "g_unit")
    }

    private var person: SQL { "CASE WHEN \(isNobodys) THEN g_unit ELSE g_linked END" }

    /// Whether nothing was joined; ClickHouse has an empty text then unless it is told otherwise.
    private var isNobodys: SQL { "(g_linked IS NULL OR g_linked = '')" }

    private func arrivals(_ table: ResultTable) throws(WarehouseError) -> [Arrivals] {
        let (epochs, variants, counts) = (try table.numbers("g_epoch"), try table.texts("g_variant"), try table.numbers("g_units"))
        return epochs.indices.compactMap { row in
            guard let epoch = epochs[row], let variant = variants[row], let count = counts[row] else { return nil }
            return Arrivals(epoch: Int(epoch), variant: variant, units: Int(count))
        }
    }

    private func counted(without excluded: [Ordinal]) -> SQL {
        excluded.isEmpty ? "" : " AND ordinal NOT IN (\(excluded.map { "\(value: Int($0))" as SQL }.joined(", ")))"
    }
}
