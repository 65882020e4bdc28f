import Experiments
import Warehouse

/// How many units there are of every sort.
struct UnitCounts {
    /// The variants that have units, by name.
    let variants: [String: Int]
    /// Units in several variants.
    let contradicted: Int
    /// Units in facts that nobody assigned.
    let unassigned: Int
    /// Rows of the assignment beyond one a unit.
    let repeated: Int
    /// Units whose variant is missing.
    let withoutVariant: Int
    /// Rows of the assignment whose unit is missing.
    let withoutUnit: Int
    /// When the first and the last unit were exposed, in seconds since 1970.
    let times: ClosedRange<Double>?
    /// Units whose time of exposure is missing.
    let withoutTime: Int
    /// How often every fault of the table occurs, by variant; the missing variant stands for units that count for none.
    let faults: [String?: [Double]]

    init(_ units: UnitTable, _ session: Session) async throws(AnalysisError) {
        let variant = units.variant(units.plan.assignment.policy)
        let assigned = units.isAssigned
        var list: [SQL] = ["\(variant) AS g_variant", "sum(CASE WHEN \(assigned) THEN \(value: 1.0) ELSE \(value: 0.0) END) AS g_units"]
        for index in units.faults.indices {
            let name = UnitTable.column(fault: index)
            list.append("sum(\(column: name)) AS \(column: "g_" + name)")
        }
        let groups = try await session.query(
            "units by variant", "SELECT \(list.joined(", ")) FROM \(table: units.name) GROUP BY \(variant)")
        let names = try groups.column(texts: "g_variant")
        let counts = try groups.column(numbers: "g_units")
        var variants: [String: Int] = [:]
        for (name, count) in zip(names, counts) {
            if let name, let count, count > 0 { variants[name] = Int(count) }
        }
        self.variants = variants
        var faults: [String?: [Double]] = [:]
        for index in units.faults.indices {
            let sums = try groups.column(numbers: "g_" + UnitTable.column(fault: index))
            for (name, sum) in zip(names, sums) {
                faults[name, default: Array(repeating: 0, count: units.faults.count)][index] += sum ?? 0
            }
        }
        self.faults = faults
        let table = try await session.query("units of every sort", UnitCounts.sorts(units))
        contradicted = Int(try table.number("g_contradicted"))
        unassigned = Int(try table.number("g_unassigned"))
        repeated = Int(try table.number("g_repeated"))
        withoutVariant = Int(try table.number("g_novariant"))
        withoutUnit = Int(try table.number("g_nounit"))
        withoutTime = Int(try table.number("g_notime"))
        let (first, last) = (try table.column(numbers: "g_first").first ?? nil, try table.column(numbers: "g_last").first ?? nil)
        times = if let first, let last, first <= last { first...last } else { nil }
    }

    private static func sorts(_ units: UnitTable) -> SQL {
        let assigned = units.isAssigned
        func count(_ condition: SQL, _ name: String, of number: SQL = "\(value: 1.0)") -> SQL {
            "sum(CASE WHEN \(condition) THEN \(number) ELSE \(value: 0.0) END) AS \(column: name)"
        }
        let noUnit: SQL = units.plan.assignment.unit == nil ? "1 = 0" : "u_rows > 0 AND u_unit IS NULL"
        let list = [
            count("\(assigned) AND u_low <> u_high", "g_contradicted"), count("u_rows = 0", "g_unassigned"),
            count(assigned, "g_repeated", of: "u_rows - \(value: 1.0)"), count("\(assigned) AND u_low IS NULL", "g_novariant"),
            count(noUnit, "g_nounit", of: "u_rows"), count("\(assigned) AND u_time IS NULL", "g_notime"),
            "min(u_time) AS g_first", "max(u_time) AS g_last",
        ]
        return "SELECT \(list.joined(", ")) FROM \(table: units.name)"
    }
}
