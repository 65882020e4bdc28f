import Experiments
import Warehouse

/// Puts persons in the place of their units: what a row is about is its unit's person, or the unit itself where nobody is known.
///
/// Rows that carry a person's own id stay that person's, unless they are of devices only.
struct PersonLinks {
    let persons: Plan.Persons
    let dialect: Dialect
    /// The links, with the columns of their source.
    let links: SQL

    /// The column that stands for the unit.
    static let key: SQL = "g_person"

    /// Rows with one column more, the person; `columns` are those that are kept.
    ///
    /// - Parameter areOfDevices: whether rows are left out whose unit is linked to nobody, and called as a person is: no person, then, but a
    ///   device that took the name, which anybody can.
    func rows(_ rows: SQL, unit: String, columns: [String], areOfDevices: Bool = false) -> SQL {
        let kept = columns.map { "\(column: $0)" as SQL }
        let keyed: SQL = "(SELECT \((["\(dialect.asText("\(column: unit)")) AS g_unit"] + kept).joined(", ")) FROM \(rows)) AS g_keyed"
        // Of several persons the least; how many there are is told by a check.
        let linked: SQL = """
            (SELECT \(dialect.asText("\(column: persons.unit.text)")) AS g_unit, \
            min(\(dialect.asText("\(column: persons.person.text)"))) AS g_linked FROM \(links) \
            WHERE \(dialect.asText("\(column: persons.person.text)")) <> '' GROUP BY g_unit) AS g_links
            """
        let person: SQL = "CASE WHEN \(isNobodys) THEN g_unit ELSE g_linked END"
        let counted: SQL = areOfDevices ? " WHERE g_unit IS NULL OR NOT (\(isNobodys) AND g_unit IN (\(names)))" : ""
        return """
            (SELECT \((["\(person) AS g_person"] + kept).joined(", ")) FROM \(dialect.leftJoin(keyed, linked, using: "g_unit"))\(counted)) \
            AS g_persons
            """
    }

    /// Whether nothing was joined; ClickHouse has an empty text then unless it is told otherwise.
    private var isNobodys: SQL { "(g_linked IS NULL OR g_linked = '')" }

    /// What persons are called; without what is missing, for nothing is known to be none of a list with a gap.
    private var names: SQL {
        let person = dialect.asText("\(column: persons.person.text)")
        return "SELECT \(person) AS g_name FROM \(links) WHERE \(person) IS NOT NULL"
    }

    /// How many units among rows are linked to nobody, and called as a person is.
    func namesakes(in rows: SQL, unit: String) -> SQL {
        let unit = dialect.asText("\(column: unit)")
        return """
            SELECT \(dialect.asNumber("count(DISTINCT g_unit)")) AS g_namesakes FROM (SELECT \(unit) AS g_unit FROM \(rows)) AS g_keyed
            WHERE g_unit IN (\(names)) AND g_unit NOT IN (SELECT \(dialect.asText("\(column: persons.unit.text)")) AS g_linked FROM \(links)
            WHERE \(column: persons.unit.text) IS NOT NULL)
            """
    }

    /// How many units are linked to several persons, and how many links name no unit, or no person.
    var faults: SQL {
        let (unit, person) = (dialect.asText("\(column: persons.unit.text)"), dialect.asText("\(column: persons.person.text)"))
        func sum(_ condition: SQL, _ number: SQL = "\(value: 1.0)") -> SQL {
            "sum(CASE WHEN \(condition) THEN \(number) ELSE \(value: 0.0) END)"
        }
        return """
            SELECT \(sum("g_unit IS NOT NULL AND g_low <> g_high")) AS g_shared, \(sum("g_unit IS NULL", "g_rows")) AS g_unitless,
            \(sum("g_unit IS NOT NULL", "g_gaps")) AS g_personless FROM (SELECT \(unit) AS g_unit,
            min(CASE WHEN \(person) <> '' THEN \(person) END) AS g_low, max(CASE WHEN \(person) <> '' THEN \(person) END) AS g_high,
            \(dialect.asNumber("count(*)")) AS g_rows, \(sum("(\(person)) IS NULL OR \(person) = ''")) AS g_gaps
            FROM \(links) GROUP BY \(unit)) AS g_links
            """
    }
}
