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
        let (epochs, variants, counts) = (try table.numbers("g_epoch"), try table.texts("g_variant"), try table.numbers("g_units"))
        return epochs.indices.compactMap { row in
            guard let epoch = epochs[row], let variant = variants[row], let count = counts[row] else { return nil }
            return Arrivals(epoch: Int(epoch), variant: variant, units: Int(count))
        }
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

    private func counted(without excluded: [Ordinal]) -> SQL {
        excluded.isEmpty ? "" : " AND ordinal NOT IN (\(excluded.map { "\(value: Int($0))" as SQL }.joined(", ")))"
    }
}
