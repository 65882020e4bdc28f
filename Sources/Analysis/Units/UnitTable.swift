import Experiments
import Warehouse

/// One row a unit: its variant, its segments, and all that the plan measures of it.
///
/// It is a temporary table of the warehouse, for which every source is read once (that of the assignment a second time where events are held
/// against exposure). Where every row of a file is a unit and one statement tells all, it is a view, and nothing is stored.
struct UnitTable {
    /// The table's or the view's name.
    var name: String
    /// Whether reading it reads the sources.
    var isView: Bool
    let plan: Plan
    let dialect: Dialect
    let measures: [Measure]
    /// The faults of facts that are counted, in the order of their columns.
    let faults: [(fact: String, fault: EventFault)]
    /// Whether it is known which of a unit's variants came first.
    let knowsOrder: Bool
    /// Whether several rows may be about one unit, and are put together.
    var isGrouped: Bool { plan.assignment.unit != nil }

    /// The column of a measure.
    func column(_ measure: Measure) -> SQL {
        guard let index = measures.firstIndex(of: measure) else { return "\(value: 0.0)" }
        return "\(column: "u_m\(index)")"
    }

    /// The column of a fault.
    static func column(fault index: Int) -> String { "u_x\(index)" }

    /// The column of a segment.
    static func column(segment index: Int) -> String { "u_s\(index)" }

    /// The text that units are compared within; nil where all are compared together.
    var stratum: SQL? { plan.assignment.stratum == nil ? nil : "u_stratum" }

    /// A unit's variant under a policy; missing where it counts for none.
    func variant(_ policy: Plan.Assignment.Policy) -> SQL {
        guard isGrouped else { return "u_low" }
        return switch policy {
        case .first where knowsOrder: "CASE WHEN u_unit IS NOT NULL THEN u_first END"
        case .last where knowsOrder: "CASE WHEN u_unit IS NOT NULL THEN u_last END"
        case .exclude, .first, .last: "CASE WHEN u_unit IS NOT NULL AND u_low = u_high THEN u_low END"
        }
    }

    /// Whether a row stands for a unit of the experiment.
    var isAssigned: SQL { isGrouped ? "u_rows > 0 AND u_unit IS NOT NULL" : "1 = 1" }

    /// Whether a unit belongs to a population; nil where there is none.
    func belongs(to population: Plan.Name?) -> SQL? {
        let bounds = plan.populations(in: population).flatMap { population in
            plan.measure(of: population).map { measure in population.bounds.map { $0.holds(for: column(measure)) } } ?? []
        }
        return bounds.isEmpty ? nil : bounds.joined(" AND ")
    }
}
