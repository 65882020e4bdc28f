import Experiments
import Warehouse

/// One row a unit, in a temporary table of the warehouse: its variant, its segments, and all that the plan measures of it.
///
/// Every source is read once to make it (that of the assignment a second time where events are held against exposure); everything after
/// is asked of this table alone.
struct UnitTable {
    let name: String
    let plan: Plan
    let dialect: Dialect
    let measures: [Measure]
    /// The faults of facts that are counted, in the order of their columns.
    let faults: [(fact: String, fault: EventFault)]
    /// Whether it is known which of a unit's variants came first.
    let knowsOrder: Bool
    /// Rows of files that could not be read.
    let rejects: [Reject]

    /// A row of a file that could not be read.
    struct Reject: Hashable {
        let file: String
        let line: Int
        let reason: String
    }

    /// The column of a measure.
    func column(_ measure: Measure) -> SQL {
        guard let index = measures.firstIndex(of: measure) else { return "\(value: 0.0)" }
        return "\(column: "u_m\(index)")"
    }

    /// The column of a fault.
    static func column(fault index: Int) -> String { "u_x\(index)" }

    /// The column of a segment.
    static func column(segment index: Int) -> String { "u_s\(index)" }

    /// A unit's variant under a policy; missing where it counts for none.
    func variant(_ policy: Plan.Assignment.Policy) -> SQL {
        switch policy {
        case .exclude: "CASE WHEN u_low = u_high THEN u_low END"
        case .first: knowsOrder ? "u_first" : "CASE WHEN u_low = u_high THEN u_low END"
        case .last: knowsOrder ? "u_last" : "CASE WHEN u_low = u_high THEN u_low END"
        }
    }

    /// Whether a row stands for a unit of the experiment.
    var isAssigned: SQL { plan.assignment.unit == nil ? "u_rows > 0" : "u_rows > 0 AND u_unit IS NOT NULL" }

    /// Whether a unit belongs to a population; nil where there is none.
    func belongs(to population: Plan.Name?) -> SQL? {
        let bounds = plan.populations(in: population).flatMap { population in
            plan.measure(of: population).map { measure in population.bounds.map { $0.holds(for: column(measure)) } } ?? []
        }
        return bounds.isEmpty ? nil : bounds.joined(" AND ")
    }
}
