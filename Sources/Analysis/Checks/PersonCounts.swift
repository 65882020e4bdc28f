import Warehouse

/// What is to be known of persons besides what every unit tells.
struct PersonCounts {
    /// How many persons met each variant first, crossed over or not: so many as chance dealt, whatever counts.
    let first: [String: Int]
    /// Units that are linked to several persons.
    let shared: Int
    /// Links that do not say whose they are, or of what.
    let linksWithoutUnit, linksWithoutPerson: Int
    /// Devices that are called as persons are, and left out.
    let namesakes: Int

    /// - Parameter namesakes: asks for those; nil where none are left out.
    init(_ units: UnitTable, _ links: PersonLinks, namesakes: SQL?, _ session: Session) async throws(AnalysisError) {
        let touched = try await session.query(
            "the variants that persons met first",
            """
            SELECT u_first AS g_variant, \(units.dialect.asNumber("count(*)")) AS g_count FROM \(table: units.name)
            WHERE \(units.isAssigned) AND u_first IS NOT NULL GROUP BY u_first
            """)
        let counts = zip(try touched.column(texts: "g_variant"), try touched.column(numbers: "g_count"))
        first = counts.reduce(into: [:]) { if let variant = $1.0 { $0[variant] = Int($1.1 ?? 0) } }
        let linked = try await session.query("units of several persons, and links with gaps", links.faults)
        shared = Int(try linked.number("g_shared"))
        linksWithoutUnit = Int(try linked.number("g_unitless"))
        linksWithoutPerson = Int(try linked.number("g_personless"))
        self.namesakes =
            if let namesakes {
                Int(try await session.query("devices that are called as persons are", namesakes).number("g_namesakes"))
            } else {
                0
            }
    }
}
