import Tables
import Text

/// Groups in which every unit counts once.
struct Units {
    let groups: [NamedValues]
    /// The rows that those rest on.
    let usedRows: Int
    let report: SourceReport.Units

    /// Sees to it that no unit has more than one value or is in more than one group, as the rule says.
    init(_ rule: UnitRule, of groups: [NamedValues], in table: Table) throws {
        let labels = try table.labels(rule.column)
        // The group and the place in it where a unit was first met.
        var homes = [Int32](repeating: -1, count: labels.values.count)
        var firsts = [Int32](repeating: -1, count: labels.values.count)
        var crossed: Set<Int> = []
        var repeated: Set<Int> = []
        var (nameless, crossing, repeating): (Int, UnitError.Example?, UnitError.Example?) = (0, nil, nil)
        for (number, group) in groups.enumerated() {
            for (place, row) in group.rows.enumerated() {
                let code = Int(labels.codes[row])
                guard code >= 0 else {
                    nameless += 1
                    continue
                }
                if homes[code] < 0 {
                    (homes[code], firsts[code]) = (Int32(number), Int32(place))
                } else if homes[code] != Int32(number) {
                    let first = groups[Int(homes[code])]
                    if crossed.insert(code).inserted, crossing == nil {
                        crossing = UnitError.Example(
                            unit: labels.values[code], groups: [first.name, group.name],
                            lines: [table.line(of: first.rows[Int(firsts[code])]), table.line(of: row)])
                    }
                } else if repeated.insert(code).inserted, repeating == nil {
                    repeating = UnitError.Example(
                        unit: labels.values[code], groups: [group.name],
                        lines: [table.line(of: group.rows[Int(firsts[code])]), table.line(of: row)])
                }
            }
        }
        let all = homes.count { $0 >= 0 }
        if let crossing, !rule.leavesOutCrossed {
            throw UnitError.crossed(column: rule.column, count: crossed.count, of: all, example: crossing)
        }
        if let repeating, rule.aggregate == nil {
            throw UnitError.repeated(column: rule.column, count: repeated.count, of: all, example: repeating)
        }
        (self.groups, usedRows) = Units.gathered(groups, labels, crossed, rule.aggregate)
        report = SourceReport.Units(
            column: rule.column, count: all - crossed.count, repeated: repeated.count, aggregate: rule.aggregate?.rawValue,
            crossed: crossed.count, nameless: nameless)
    }

    /// One value for each unit: the sum, the mean, the greatest or the least of its rows'.
    private static func gathered(
        _ groups: [NamedValues], _ labels: Labels, _ crossed: Set<Int>, _ aggregate: UnitRule.Aggregate?
    ) -> (groups: [NamedValues], rows: Int) {
        var (result, rows) = ([NamedValues](), 0)
        var places = [Int32](repeating: -1, count: labels.values.count)
        for group in groups {
            var gathered = NamedValues(name: group.name, values: [], others: group.others.map { _ in [] }, partNames: group.partNames)
            var sizes: [Double] = []
            for (index, row) in group.rows.enumerated() {
                let code = Int(labels.codes[row])
                guard code >= 0, !crossed.contains(code) else { continue }
                rows += 1
                let place = Int(places[code])
                guard place >= 0 else {
                    places[code] = Int32(gathered.values.count)
                    gathered.values.append(group.values[index])
                    gathered.rows.append(row)
                    sizes.append(1)
                    for column in group.others.indices { gathered.others[column].append(group.others[column][index]) }
                    if !group.parts.isEmpty { gathered.parts.append(group.parts[index]) }
                    continue
                }
                sizes[place] += 1
                let size = sizes[place]
                let join = { (old: Double, new: Double) -> Double in
                    switch aggregate {
                    case .sum, nil: old + new
                    case .mean: old + (new - old) / size
                    case .max: Swift.max(old, new)
                    case .min: Swift.min(old, new)
                    }
                }
                gathered.values[place] = join(gathered.values[place], group.values[index])
                for column in group.others.indices {
                    gathered.others[column][place] = join(gathered.others[column][place], group.others[column][index])
                }
            }
            if !gathered.values.isEmpty { result.append(gathered) }
        }
        return (result, rows)
    }
}

/// Why rows are no units.
package enum UnitError: Error, Hashable, Sendable {
    /// One of the units it is about.
    package struct Example: Hashable, Sendable {
        let unit: String
        let groups: [String]
        let lines: [Int]
    }

    case repeated(column: String, count: Int, of: Int, example: Example)
    case crossed(column: String, count: Int, of: Int, example: Example)
}

extension UnitError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .repeated(let column, let count, let all, let example):
            "\(Figures.count(count)) of \(Figures.count(all)) units of '\(column)' have more than one row (such as '\(example.unit)' in lines "
                + "\(example.lines[0]) and \(example.lines[1])), and rows of one unit depend on each other; "
                + "--aggregate sum, mean, max or min makes one value of them"
        case .crossed(let column, let count, let all, let example):
            "\(Figures.count(count)) of \(Figures.count(all)) units of '\(column)' are in more than one group (such as '\(example.unit)' in "
                + "\(example.groups[0]), line \(example.lines[0]), and in \(example.groups[1]), line \(example.lines[1])); "
                + "--crossed leave-out leaves them out"
        }
    }
}
