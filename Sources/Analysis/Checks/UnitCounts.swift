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
    /// Rows of the assignment without a time, where persons are counted: other rows of theirs may have one.
    let untimed: Int
    /// How often every fault of the table occurs among units of the experiment, by variant; the missing variant stands for units that count for
    /// none, and for what is nobody's.
    let faults: [String?: [Double]]

    /// Of each fact that a metric rests on, whether some unit of the experiment told it so that it counts.
    let told: [String: Bool]

    /// What is to be asked for by variant.
    static func aggregates(_ units: UnitTable) -> [SQL] {
        let assigned = units.isAssigned
        func count(_ condition: SQL, _ name: String, of number: SQL = "\(value: 1.0)") -> SQL {
            "sum(CASE WHEN \(condition) THEN \(number) ELSE \(value: 0.0) END) AS \(column: name)"
        }
        var list = [count(assigned, "g_units"), count("\(assigned) AND u_low IS NULL", "g_novariant")]
        if units.isGrouped {
            list += [
                count("\(assigned) AND u_low <> u_high", "g_contradicted"), count("u_rows = 0 AND u_unit IS NOT NULL", "g_unassigned"),
                count(assigned, "g_repeated", of: "u_rows - \(value: 1.0)"),
                count("u_rows > 0 AND u_unit IS NULL", "g_nounit", of: "u_rows"),
            ]
        }
        list += units.plan.tellings.enumerated().map { index, telling in
            "max(CASE WHEN \(assigned) THEN \(units.column(telling.count)) ELSE \(value: 0.0) END) AS \(column: "g_told\(index)")"
        }
        if units.plan.assignment.time != nil {
            list += [count("\(assigned) AND u_time IS NULL", "g_notime"), "min(u_time) AS g_first", "max(u_time) AS g_last"]
        }
        if units.plan.assignment.persons != nil { list.append(count(assigned, "g_untimed", of: "u_untimed")) }
        return list
            + units.faults.enumerated().map { index, column in
                let name = UnitTable.column(fault: index)
                // What others than the experiment's units did is no fault of its data.
                return count(column.fault == .unitless ? "u_unit IS NULL" : assigned, "g_" + name, of: "\(column: name)")
            }
    }

    /// From the answer that these aggregates were asked for in.
    init(_ units: UnitTable, _ answer: MomentsQuery.Answer) throws(AnalysisError) {
        // Rows about the variants as wholes.
        let rows = answer.rows.indices.filter { answer.rows[$0].part == nil }
        let names = rows.map { answer.rows[$0].variant }
        func column(_ name: String) throws(AnalysisError) -> [Double?] {
            let all = try answer.table.column(numbers: name)
            return rows.map { all[$0] }
        }
        func total(_ name: String, if isAsked: Bool = true) throws(AnalysisError) -> Int {
            isAsked ? Int(try column(name).reduce(0) { $0 + ($1 ?? 0) }) : 0
        }
        var variants: [String: Int] = [:]
        for (name, count) in zip(names, try column("g_units")) {
            if let name, let count, count > 0 { variants[name, default: 0] += Int(count) }
        }
        self.variants = variants
        var faults: [String?: [Double]] = [:]
        for index in units.faults.indices {
            for (name, sum) in zip(names, try column("g_" + UnitTable.column(fault: index))) {
                faults[name, default: Array(repeating: 0, count: units.faults.count)][index] += sum ?? 0
            }
        }
        self.faults = faults
        var told: [String: Bool] = [:]
        for (index, telling) in units.plan.tellings.enumerated() {
            told[telling.fact] = try column("g_told\(index)").contains { $0 ?? 0 > 0 }
        }
        self.told = told
        let (isGrouped, isTimed) = (units.isGrouped, units.plan.assignment.time != nil)
        contradicted = try total("g_contradicted", if: isGrouped)
        unassigned = try total("g_unassigned", if: isGrouped)
        repeated = try total("g_repeated", if: isGrouped)
        withoutVariant = try total("g_novariant")
        withoutUnit = try total("g_nounit", if: isGrouped)
        withoutTime = try total("g_notime", if: isTimed)
        untimed = try total("g_untimed", if: units.plan.assignment.persons != nil)
        let first = isTimed ? try column("g_first").compactMap(\.self).min() : nil
        let last = isTimed ? try column("g_last").compactMap(\.self).max() : nil
        times = if let first, let last, first <= last { first...last } else { nil }
    }
}
