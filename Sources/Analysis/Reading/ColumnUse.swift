import Experiments

/// What a plan does with a column of a source.
enum ColumnUse: Hashable {
    /// Names the unit.
    case key
    /// Is a text, or is taken as one.
    case text
    /// Is a number.
    case number
    /// Is a time.
    case time
    /// Is whatever it is.
    case other
}

extension Plan {
    /// The columns of a source that the plan speaks of, each with its uses, in the order in which they come up.
    func columns(of source: String) -> [(name: Name, uses: Set<ColumnUse>)] {
        var columns: [(name: Name, uses: Set<ColumnUse>)] = []
        func add(_ name: Name?, _ use: ColumnUse) {
            guard let name else { return }
            if let index = columns.firstIndex(where: { $0.name.text == name.text }) {
                columns[index].uses.insert(use)
            } else {
                columns.append((name, [use]))
            }
        }
        if assignment.source.text == source {
            add(assignment.unit, .key)
            add(assignment.variant, .text)
            add(assignment.time, .time)
            add(assignment.block, .text)
            add(assignment.stratum, .text)
            for segment in segments where segment.fact == nil { add(segment.column, .text) }
        }
        if let persons = assignment.persons, persons.source.text == source {
            add(persons.unit, .key)
            add(persons.person, .key)
        }
        for fact in facts where fact.source.text == source {
            add(fact.unit ?? assignment.unit, .key)
            add(fact.value, .number)
            add(fact.time, .time)
            add(fact.id, .text)
            for condition in fact.conditions { add(condition.column, condition.use) }
            for segment in segments where segment.fact?.text == fact.name.text { add(segment.column, .text) }
        }
        return columns
    }

    /// The facts that speak of a column of a source; nil if something else does as well.
    func facts(speakingOf column: String, of source: String) -> [Fact]? {
        let assigning =
            [assignment.unit, assignment.variant, assignment.time, assignment.block, assignment.stratum]
            + segments.filter { $0.fact == nil }.map(\.column)
        if assignment.source.text == source, assigning.contains(where: { $0?.text == column }) { return nil }
        return facts.filter { fact in
            let segments = segments.filter { $0.fact?.text == fact.name.text }.map(\.column)
            let names = [fact.unit, fact.value, fact.time, fact.id] + fact.conditions.map(\.column) + segments
            return fact.source.text == source && names.contains { $0?.text == column }
        }
    }
}

extension Plan.Condition {
    fileprivate var use: ColumnUse {
        switch test {
        case .compares: .number
        case .isIn(let values), .isNotIn(let values):
            switch values.first {
            case .number?: .number
            case .text?: .text
            case .boolean?, nil: .other
            }
        }
    }
}
