import Experiments
import Warehouse

/// Puts persons in the place of their units: what a row is about is its unit's person, or the unit itself where nobody is known.
///
/// Rows that carry a person's own id stay that person's.
struct PersonLinks {
    let persons: Plan.Persons
    let dialect: Dialect
    /// The links, with the columns of their source.
    let links: SQL

    /// The column that stands for the unit.
    static let key: SQL = "g_person"

    /// Rows with one column more, the person; `columns` are those that are kept.
    func rows(_ rows: SQL, unit: String, columns: [String]) -> SQL {
        let kept = columns.map { "\(column: $0)" as SQL }
        let keyed: SQL = "(SELECT \((["\(dialect.asText("\(column: unit)")) AS g_unit"] + kept).joined(", ")) FROM \(rows)) AS g_keyed"
        // Of several persons the least; how many there are is told by a check.
        let linked: SQL = """
            (SELECT \(dialect.asText("\(column: persons.unit.text)")) AS g_unit, \
            min(\(dialect.asText("\(column: persons.person.text)"))) AS g_linked FROM \(links) GROUP BY g_unit) AS g_links
            """
        // Where nothing is joined, ClickHouse has an empty text unless it is told otherwise.
        let person: SQL = "CASE WHEN g_linked IS NULL OR g_linked = '' THEN g_unit ELSE g_linked END"
        return """
            (SELECT \((["\(person) AS g_person"] + kept).joined(", ")) FROM \(dialect.leftJoin(keyed, linked, using: "g_unit"))) AS g_persons
            """
    }

    /// How many units are linked to several persons.
    var shared: SQL {
        let (unit, person) = (dialect.asText("\(column: persons.unit.text)"), dialect.asText("\(column: persons.person.text)"))
        return """
            SELECT \(dialect.asNumber("count(*)")) AS g_shared FROM (SELECT \(unit) AS g_unit, min(\(person)) AS g_low, max(\(person)) AS g_high
            FROM \(links) GROUP BY g_unit) AS g_links WHERE g_low <> g_high
            """
    }
}
