import Experiments
import Warehouse

/// Makes the table of units.
///
/// Every source is aggregated by unit on its own; the results are stacked and aggregated once more. So no join is needed but for times,
/// nothing depends on what a join makes of a missing side, and units without an assignment are found on the way.
struct UnitTableBuilder {
    let plan: Plan
    let session: Session
    let readers: [String: SourceReader]
    /// What is kept of the sums over events from one analysis to the next; nil if nothing is.
    let settlement: Settlement?
    private let keysAreIntegers: Bool
    private let measures: [Measure]
    private let faults: [(fact: String, fault: EventFault)]
    private let knowsOrder: Bool
    /// Whether rows of CSV files with too many values are set aside.
    var isStrict = true
    /// A temporary table of when units were exposed; nil where that is asked of the source.
    var exposures: String?

    init(
        _ plan: Plan, folder: String, session: Session, prefersTables: Bool, settlement: Settlement? = nil
    ) async throws(AnalysisError) {
        (self.plan, self.session, self.settlement) = (plan, session, settlement)
        var readers: [String: SourceReader] = [:]
        let used = [plan.assignment.source.text] + plan.facts.map(\.source.text) + (plan.assignment.persons.map { [$0.source.text] } ?? [])
        for source in plan.sources where used.contains(source.name.text) {
            readers[source.name.text] = try await SourceReader(
                source, plan: plan, folder: folder, session: session, prefersTables: prefersTables)
        }
        self.readers = readers
        measures = plan.measures
        let files = readers[plan.assignment.source.text]?.fileCount ?? 0
        knowsOrder = plan.assignment.unit != nil && (plan.assignment.time != nil || files > 1)
        if plan.assignment.policy != .exclude, !knowsOrder {
            throw .plan(
                plan.assignment.source.place,
                "which variant came \(plan.assignment.policy.rawValue) is not known: give the assignment a 'time', or its files in their order"
            )
        }
        let keys =
            [(plan.assignment.source.text, plan.assignment.unit)] + plan.facts.map { ($0.source.text, $0.unit ?? plan.assignment.unit) }
        keysAreIntegers =
            plan.assignment.persons == nil
            && keys.allSatisfy { source, key in key.map { readers[source]?.isInteger($0.text) ?? false } ?? false }
        let used2 = Set(measures.map(\.fact))
        var faults: [(fact: String, fault: EventFault)] = []
        for fact in plan.facts where used2.contains(fact.name.text) {
            let expressions = EventExpressions(
                plan: plan, dialect: session.dialect, columns: ColumnExpressions(dialect: session.dialect, reader: nil))
            let exposure: SQL? = plan.assignment.time.map { "\(column: $0.text)" }
            // In the assignment's own rows that is told of them already, and the server takes in no event without a unit.
            let isOwn =
                fact.source.text == plan.assignment.source.text && (fact.unit ?? plan.assignment.unit)?.text == plan.assignment.unit?.text
            let isAsked = settlement == nil && plan.assignment.unit != nil && (!isOwn || fact.id != nil)
            faults += expressions.faults(fact, exposure: exposure, unit: isAsked ? "g_unit" : nil).map { (fact.name.text, $0.0) }
        }
        self.faults = faults
    }

    var dialect: Dialect { session.dialect }

    /// Makes the table and says what it holds.
    ///
    /// - Parameter isAskedOnce: whether a single statement will be asked of it; then it may be a view.
    func make(isAskedOnce: Bool) async throws(AnalysisError) -> UnitTable {
        let name = await session.nameOfTable()
        let isView = isAskedOnce && plan.assignment.unit == nil && dialect == .duckDB
        let builder = try await withExposures()
        let query = try await builder.keptSums().map(builder.query) ?? builder.query
        try await session.execute(
            "one row a unit", isView ? dialect.temporaryView(name, as: query) : dialect.temporaryTable(name, as: query))
        return UnitTable(
            name: name, isView: isView, plan: plan, dialect: dialect, measures: measures, faults: faults, knowsOrder: knowsOrder)
    }

    /// Stores what is a view, to be asked more of.
    func keep(_ units: UnitTable) async throws(AnalysisError) -> UnitTable {
        guard units.isView else { return units }
        var kept = units
        (kept.name, kept.isView) = (await session.nameOfTable(), false)
        try await session.execute("one row a unit, kept", dialect.temporaryTable(kept.name, as: "SELECT * FROM \(table: units.name)"))
        return kept
    }

    // MARK: The query

    /// A column of the table of units, and of the parts that it is made of.
    struct Column {
        let name: String
        let isText: Bool
        /// How parts of one unit are put together.
        let merged: (SQL) -> SQL
    }

    var columns: [Column] {
        let isGrouped = plan.assignment.unit != nil
        let order = knowsOrder ? ["first", "last"] : []
        let block = plan.assignment.block == nil ? [] : ["block"]
        let stratum = plan.assignment.stratum == nil ? [] : ["stratum"]
        let texts = ["low"] + (isGrouped ? ["high"] : []) + order + block + stratum + plan.segments.indices.map { "s\($0)" }
        let times = plan.assignment.time == nil ? [] : ["time"]
        let untimed = countsUntimed ? ["untimed"] : []
        let sums = (isGrouped ? ["rows"] : []) + untimed + measures.indices.map { "m\($0)" } + faults.indices.map { "x\($0)" }
        return texts.map { Column(name: $0, isText: true) { "max(\($0))" } }
            + times.map { Column(name: $0, isText: false) { "min(\($0))" } }
            + sums.map { Column(name: $0, isText: false) { "sum(\($0))" } }
    }

    /// Whether rows of the assignment without a time are counted: a person may have others that have one.
    private var countsUntimed: Bool { plan.assignment.persons != nil && plan.assignment.time != nil }

    private var query: SQL {
        let arms = [assignmentArm] + otherGroups.map { arm($0) }
        guard arms.count > 1 else { return select(columns, of: arms[0], prefix: "u_") }
        let parts = arms.map { select(columns, of: $0, prefix: "a_") }
        let list = columns.map { "\($0.merged("\(column: "a_" + $0.name)")) AS \(column: "u_" + $0.name)" as SQL }
        return "SELECT a_unit AS u_unit, \(list.joined(", ")) FROM (\(parts.joined(" UNION ALL "))) AS g_parts GROUP BY a_unit"
    }

    /// What one source says of units, grouped by `key` where there is one.
    struct Arm {
        var values: [String: SQL]
        let key: SQL?
        let rows: SQL
        /// Whether several rows may be about one unit.
        var isGrouped = true
    }

    func select(_ columns: [Column], of arm: Arm, prefix: String) -> SQL {
        let list = columns.map { "\(arm.values[$0.name] ?? missing($0)) AS \(column: prefix + $0.name)" as SQL }
        guard let key = arm.key else { return "SELECT \(list.joined(", ")) FROM \(arm.rows)" }
        let grouping: SQL = arm.isGrouped ? " GROUP BY \(key)" : ""
        return "SELECT \(key) AS \(column: prefix + "unit"), \(list.joined(", ")) FROM \(arm.rows)\(grouping)"
    }

    /// What stands in a column of which an arm says nothing.
    func missing(_ column: Column) -> SQL {
        if column.isText { return dialect.missingText }
        return column.name == "time" || column.name.hasPrefix("w") ? dialect.missingNumber : "\(value: 0.0)"
    }

    /// Whose units are, where persons are counted.
    var links: PersonLinks? {
        plan.assignment.persons.map { PersonLinks(persons: $0, dialect: dialect, links: relation($0.source.text)) }
    }

    /// The rows of a source whose column names the unit, for ``key(_:)``.
    private func relation(_ source: String, by unit: String?, where condition: SQL? = nil) -> SQL {
        guard let links, let unit else { return relation(source, where: condition) }
        return links.rows(
            relation(source), unit: unit, columns: readers[source]?.names ?? [],
            areOfDevices: links.persons.areDealtToDevices && source == plan.assignment.source.text && unit == plan.assignment.unit?.text)
    }

    /// How many devices are left out because they are called as persons are; nil where none are.
    var namesakes: SQL? {
        guard let links, links.persons.areDealtToDevices, let unit = plan.assignment.unit else { return nil }
        return links.namesakes(in: relation(plan.assignment.source.text), unit: unit.text)
    }

    func key(_ column: String) -> SQL {
        if plan.assignment.persons != nil { return PersonLinks.key }
        return keysAreIntegers ? dialect.asInteger("\(column: column)") : dialect.asText("\(column: column)")
    }

    private func relation(_ source: String, where condition: SQL? = nil) -> SQL {
        let expressions = EventExpressions(plan: plan, dialect: dialect, columns: columns(source))
        return readers[source]?.relation(keysAreIntegers: keysAreIntegers, isStrict: isStrict, where: condition) {
            expressions.asks(for: $0, of: source)
        } ?? ""
    }

    var assignmentArm: Arm {
        let assignment = plan.assignment
        let source = assignment.source.text
        let variant = dialect.asText("\(column: assignment.variant.text)")
        let exposure = assignment.time.map { seconds(source, $0.text) }
        let isGrouped = assignment.unit != nil
        func one(_ function: SQL, _ value: SQL) -> SQL { isGrouped ? "\(function)(\(value))" : value }
        var values: [String: SQL] = ["low": one("min", variant), "high": one("max", variant)]
        values["rows"] = isGrouped ? dialect.asNumber("count(*)") : "\(value: 1.0)"
        if let exposure { values["time"] = one("min", exposure) }
        if countsUntimed, let exposure {
            values["untimed"] = "sum(CASE WHEN \(exposure) IS NULL THEN \(value: 1.0) ELSE \(value: 0.0) END)"
        }
        if let block = assignment.block { values["block"] = one("min", dialect.asText("\(column: block.text)")) }
        for (index, segment) in plan.segments.enumerated() where segment.fact == nil {
            values["s\(index)"] = one("min", dialect.asText("\(column: segment.column.text)"))
        }
        if knowsOrder {
            let order = exposure ?? "g_file"
            values["first"] = dialect.value(variant, whereKey: order, isLeast: true)
            values["last"] = dialect.value(variant, whereKey: order, isLeast: false)
        }
        // Where a unit has several strata, that of its first row counts, as far as it is known which came first.
        if let stratum = assignment.stratum.map({ dialect.asText("\(column: $0.text)") }) {
            values["stratum"] = knowsOrder ? dialect.value(stratum, whereKey: exposure ?? "g_file", isLeast: true) : one("min", stratum)
        }
        add(facts(source, assignment.unit?.text), of: source, exposure: exposure, unit: nil, isGrouped: isGrouped, to: &values)
        return Arm(values: values, key: assignment.unit.map { key($0.text) }, rows: relation(source, by: assignment.unit?.text))
    }

    /// Facts that are read together.
    struct Group: Hashable {
        let source: String
        let unit: String
        /// The column by which copies of an event are told.
        let id: String?
    }

    /// The sources of facts beside the assignment, each once for every column that names units in it, and every column that names events.
    var otherGroups: [Group] {
        guard let unit = plan.assignment.unit?.text else { return [] }
        let own = Group(source: plan.assignment.source.text, unit: unit, id: nil)
        var groups: [Group] = []
        let used = Set(measures.map(\.fact) + plan.segments.compactMap { $0.fact?.text })
        for fact in plan.facts where used.contains(fact.name.text) {
            let group = Group(source: fact.source.text, unit: fact.unit?.text ?? unit, id: fact.id?.text)
            if group != own, !groups.contains(group) { groups.append(group) }
        }
        return groups
    }

    private func facts(_ source: String, _ unit: String?, id: String? = nil) -> [Plan.Fact] {
        plan.facts.filter { $0.source.text == source && ($0.unit ?? plan.assignment.unit)?.text == unit && $0.id?.text == id }
    }

    /// - Parameters:
    ///   - condition: what holds for the rows that are read; nil for all.
    ///   - end: sums only over rows whose column is below a value; nil over all. DuckDB takes a condition for a sign that few rows are left,
    ///     and joins the other way round, for twice the price; it knows of no such thing where sums are concerned.
    func arm(_ group: Group, where condition: SQL? = nil, before end: (column: String, value: SQL)? = nil) -> Arm {
        let facts = facts(group.source, group.unit, id: group.id)
        let assignment = plan.assignment
        var values: [String: SQL] = [:]
        let names = readers[group.source]?.names ?? []
        let list = (["\(key(group.unit)) AS g_unit"] as [SQL]) + (names + (end.map { [$0.column] } ?? [])).map { "\(column: $0)" }
        var rows: SQL = "(SELECT \(list.joined(", ")) FROM \(relation(group.source, by: group.unit, where: condition))) AS g_events"
        if let id = group.id { rows = "(\(dialect.copies(in: rows, columns: names, id: id))) AS g_copies" }
        var exposure: SQL?
        if let time = assignment.time, let unit = assignment.unit, facts.contains(where: { $0.time != nil }) {
            rows = dialect.leftJoin(rows, exposed(unit.text, time.text), using: "g_unit")
            exposure = "g_time"
        }
        add(facts, of: group.source, exposure: exposure, unit: "g_unit", isGrouped: true, to: &values)
        if let end { values = values.mapValues { "\($0) FILTER (WHERE \(column: end.column) < \(end.value))" } }
        return Arm(values: values, key: "g_unit", rows: rows)
    }

    private func columns(_ source: String) -> ColumnExpressions { ColumnExpressions(dialect: dialect, reader: readers[source]) }

    private func seconds(_ source: String, _ column: String) -> SQL { columns(source).seconds(column) }

    /// When each unit was exposed first, and where it matters, when it met another variant.
    func exposed(_ unit: String, _ time: String) -> SQL {
        if let exposures { return "(SELECT * FROM \(column: exposures)) AS g_exposed" }
        let source = plan.assignment.source.text
        let (key, seconds, rows) = (key(unit), seconds(source, time), relation(source, by: unit))
        guard endsAtCrossover else {
            return "(SELECT \(key) AS g_unit, min(\(seconds)) AS g_time FROM \(rows) GROUP BY \(key)) AS g_exposed"
        }
        let variant = dialect.asText("\(column: plan.assignment.variant.text)")
        let met: SQL =
            "SELECT \(key) AS g_unit, \(variant) AS g_variant, min(\(seconds)) AS g_met FROM \(rows) GROUP BY \(key), \(variant)"
        return """
            (SELECT g_unit, min(g_met) AS g_time, \(dialect.secondLeast("g_met")) AS g_crossed FROM (\(met)) AS g_meetings GROUP BY g_unit) \
            AS g_exposed
            """
    }

    private var endsAtCrossover: Bool { plan.assignment.persons?.crossover == .firstTouch }

    private func add(
        _ facts: [Plan.Fact], of source: String, exposure: SQL?, unit: SQL?, isGrouped: Bool, to values: inout [String: SQL]
    ) {
        let expressions = EventExpressions(plan: plan, dialect: dialect, columns: columns(source))
        func total(_ value: SQL) -> SQL { isGrouped ? "sum(\(value))" : value }
        for (index, measure) in measures.enumerated() where facts.contains(where: { $0.name.text == measure.fact }) {
            let end: SQL? = endsAtCrossover ? "g_crossed" : nil
            values["m\(index)"] = total(expressions.measure(measure, exposure: exposure ?? dialect.missingNumber, end: end))
        }
        for (index, segment) in plan.segments.enumerated() where facts.contains(where: { $0.name.text == segment.fact?.text }) {
            let first = expressions.first(segment)
            (values["s\(index)"], values["w\(index)"]) = (first?.value, first?.time)
        }
        for fact in facts {
            for (fault, value) in expressions.faults(fact, exposure: exposure, unit: unit) {
                guard let index = faults.firstIndex(where: { $0.fact == fact.name.text && $0.fault == fault }) else { continue }
                values["x\(index)"] = total(value)
            }
        }
    }
}
