import Experiments
import Warehouse

/// What is summed over the events of a unit, in SQL.
struct EventExpressions {
    let plan: Plan
    let dialect: Dialect
    /// The columns of the events.
    let columns: ColumnExpressions

    /// What one event adds to a measure.
    ///
    /// - Parameters:
    ///   - exposure: when its unit was exposed.
    ///   - end: when events cease to count; missing where they never do.
    func measure(_ measure: Measure, exposure: SQL, end: SQL? = nil) -> SQL {
        guard let fact = plan.fact(measure.fact) else { return "\(value: 0.0)" }
        var conditions = counts(fact)
        if let time = fact.time.map({ columns.seconds($0.text) }) {
            switch measure.span {
            case .all: break
            case .after(let window):
                conditions.append("\(time) >= \(exposure)")
                if let window { conditions.append("\(time) < \(exposure) + \(value: window)") }
                if let end { conditions.append("(\(end) IS NULL OR \(time) < \(end))") }
            case .before(let span):
                conditions.append("\(time) < \(exposure)")
                if let span { conditions.append("\(time) >= \(exposure) - \(value: span)") }
            }
        }
        guard measure.what == .sum, let value = fact.value else { return sumOfOnes(conditions) }
        let number = columns.number(value.text)
        conditions.append(isFinite(number))
        return "CASE WHEN \(conditions.joined(" AND ")) THEN \(ValueLimits.kept(number)) ELSE \(value: 0.0) END"
    }

    /// What is wrong with an event: nobody's, its value is missing, impossible, it came before its unit was exposed, or it came before at all.
    ///
    /// - Parameter unit: whose it is; nil where that is not asked.
    func faults(_ fact: Plan.Fact, exposure: SQL?, unit: SQL?) -> [(EventFault, SQL)] {
        var faults: [(EventFault, SQL)] = []
        let counts = counts(fact)
        if let unit { faults.append((.unitless, sumOfOnes(counts + ["\(unit) IS NULL"]))) }
        if let id = fact.id {
            let happened = happened(fact)
            let copies = dialect.asNumber("g_repeats")
            faults.append(
                (.repeated, happened.isEmpty ? copies : "CASE WHEN \(happened.joined(" AND ")) THEN \(copies) ELSE \(value: 0.0) END"))
            faults.append((.nameless, sumOfOnes(happened + ["\(column: id.text) IS NULL"])))
        }
        if let value = fact.value {
            let (number, isMissing) = (columns.number(value.text), columns.isMissing(value.text))
            faults.append((.missing, sumOfOnes(counts + [isMissing])))
            var possible = [ValueLimits.isWithin(number)]
            if let least = fact.minimum { possible.append("\(number) >= \(value: least)") }
            if let most = fact.maximum { possible.append("\(number) <= \(value: most)") }
            // Neither AND nor OR of what is missing is the same in all databases.
            let isImpossible: SQL = "CASE WHEN (\(number)) IS NULL THEN 1 WHEN \(possible.joined(" AND ")) THEN 0 ELSE 1 END = 1"
            faults.append((.impossible, sumOfOnes(counts + ["NOT (\(isMissing))", isImpossible])))
        }
        if let time = fact.time {
            faults.append(
                (
                    .timeless,
                    sumOfOnes(conditions(fact) + (fact.id == nil ? [] : ["g_first = 1"]) + ["\(columns.seconds(time.text)) IS NULL"])
                ))
            if let exposure { faults.append((.early, sumOfOnes(counts + ["\(columns.seconds(time.text)) < \(exposure)"]))) }
        }
        return faults
    }

    private func sumOfOnes(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "\(value: 1.0)" : "CASE WHEN \(conditions.joined(" AND ")) THEN \(value: 1.0) ELSE \(value: 0.0) END"
    }

    /// Neither infinite nor undefined; a comparison of what is undefined is false, or puts it above everything.
    private func isFinite(_ number: SQL) -> SQL {
        "\(number) >= \(value: -Double.greatestFiniteMagnitude) AND \(number) <= \(value: Double.greatestFiniteMagnitude)"
    }

    /// What holds for an event that counts: it happened, and is no copy of another.
    private func counts(_ fact: Plan.Fact) -> [SQL] { happened(fact) + (fact.id == nil ? [] : ["g_first = 1"]) }

    private func happened(_ fact: Plan.Fact) -> [SQL] {
        var list = conditions(fact)
        if let time = fact.time {
            if let from = fact.from { list.append("\(columns.seconds(time.text)) >= \(value: from)") }
            if let until = fact.until { list.append("\(columns.seconds(time.text)) < \(value: until)") }
        }
        return list
    }

    private func conditions(_ fact: Plan.Fact) -> [SQL] { fact.conditions.map(holds) }

    private func holds(_ condition: Plan.Condition) -> SQL {
        let column = condition.column.text
        return switch condition.test {
        case .isIn(let values): isIn(column, values)
        // A text is no number, and so anything but 3; what is missing is nothing at all.
        case .isNotIn(let values): "CASE WHEN \(columns.isMissing(column)) THEN 0 WHEN \(isIn(column, values)) THEN 0 ELSE 1 END = 1"
        case .compares(let bounds): bounds.map { $0.holds(for: columns.number(column)) }.joined(" AND ")
        }
    }

    /// What holds for the rows in which a member of objects is looked at, by the columns alone; nil if it may be any row.
    func asks(for member: String, of source: String) -> SQL? {
        guard let facts = plan.facts(speakingOf: member, of: source) else { return nil }
        var rows: [SQL] = []
        for fact in facts {
            let conditions = fact.conditions.filter { columns.reader?.text(ofMember: $0.column.text) == nil }.map(holds)
            // Copies of a row are told by all their columns.
            guard !conditions.isEmpty, fact.id == nil else { return nil }
            rows.append(conditions.joined(" AND ").parenthesized)
        }
        return rows.isEmpty ? nil : rows.joined(" OR ")
    }

    private func isIn(_ column: String, _ values: [Plan.Scalar]) -> SQL {
        let comparisons = values.map { scalar -> SQL in
            switch scalar {
            case .text(let text): "\(columns.text(column)) = \(value: text)"
            case .number(let number): "\(columns.number(column)) = \(value: number)"
            case .boolean(let flag): columns.isTrue(column, flag)
            }
        }
        return comparisons.joined(" OR ").parenthesized
    }

    /// What the first event that says it says of a unit, by its time, and that time.
    func first(_ segment: Plan.Segment) -> (value: SQL, time: SQL)? {
        guard let fact = segment.fact.flatMap({ plan.fact($0.text) }), let time = fact.time else { return nil }
        let text = columns.text(segment.column.text)
        let says = (counts(fact) + ["(\(text)) IS NOT NULL"]).joined(" AND ")
        let said: SQL = "CASE WHEN \(says) THEN \(columns.seconds(time.text)) ELSE \(dialect.missingNumber) END"
        let value = dialect.firstText("CASE WHEN \(says) THEN \(text) ELSE \(dialect.missingText) END", by: said)
        return (value, "min(\(said))")
    }
}

/// What may be wrong with an event.
enum EventFault: String, Hashable, CaseIterable { case missing, impossible, timeless, early, repeated, nameless, unitless }

extension SQL {
    /// In parentheses.
    var parenthesized: SQL { "(\(self))" }
}

extension Plan.Bound {
    /// The comparison for a number in SQL.
    func holds(for number: SQL) -> SQL {
        switch sign {
        case .atLeast: "\(number) >= \(value: value)"
        case .moreThan: "\(number) > \(value: value)"
        case .atMost: "\(number) <= \(value: value)"
        case .lessThan: "\(number) < \(value: value)"
        }
    }
}
