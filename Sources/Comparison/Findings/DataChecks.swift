import Statistics
import Tables
import Text

/// Looks for what is suspicious in a file: over all its rows, not only those that are compared.
struct DataChecks {
    let table: Table
    let selection: Selection
    let samples: Samples
    /// The shares in which units were meant to be dealt to the groups.
    let weights: [Double]?

    /// A probability below which chance is no explanation: these checks are made on every comparison.
    private static let alarm = 0.001

    func findings() throws -> [Finding] {
        var findings = fileFindings()
        guard let name = selection.group else { return findings }
        let labels = try table.labels(name)
        let groups = labels.values.indices.filter { code in samples.groups.contains { $0.name == labels.values[code] } }
            .sorted { labels.values[$0] < labels.values[$1] }
        let sizes = try sizes(of: groups, labels)
        if let finding = try sampleRatio(groups.map { labels.values[$0] }, sizes) { findings.insert(finding, at: 0) }
        for column in table.kept where ![name, selection.value, selection.unit?.column].contains(column.name) {
            let numbers = table.numbers(column)
            guard numbers.present > numbers.strays.count else { continue }
            let values = groups.map { code in
                numbers.values.indices.filter { labels.codes[$0] == Int32(code) }.map { numbers.values[$0] }.filter { !$0.isNaN }
            }
            guard values.allSatisfy({ $0.count > 1 }) else { continue }
            let names = groups.map { labels.values[$0] }
            if let finding = try negatives(column.name, names, values) { findings.append(finding) }
            if let finding = try spread(column.name, names, values) { findings.append(finding) }
        }
        return findings
    }

    /// The units of each group in the whole file, or its rows where nothing says whose they are.
    private func sizes(of groups: [Int], _ labels: Labels) throws -> [Int] {
        guard let unit = selection.unit else { return groups.map { code in labels.codes.count { $0 == Int32(code) } } }
        let units = try table.labels(unit.column)
        var isCounted = [Bool](repeating: false, count: units.values.count)
        var counts = [Int](repeating: 0, count: labels.values.count)
        for row in 0..<table.rows {
            let (code, group) = (Int(units.codes[row]), Int(labels.codes[row]))
            guard code >= 0, group >= 0, !isCounted[code] else { continue }
            isCounted[code] = true
            counts[group] += 1
        }
        return groups.map { counts[$0] }
    }

    private func fileFindings() -> [Finding] {
        var findings: [Finding] = []
        if !table.problems.isEmpty {
            let first = table.problems.first.prefix(3).map(\.description).joined(separator: "; ")
            let rows = Figures.counted(table.problems.count, "row cannot be read and is", "rows cannot be read and are")
            let text = "\(rows) left out: \(first)"
            findings.append(Finding(kind: .badRows, isGrave: table.problems.count * 100 > table.rows, text: text))
        }
        for (column, count) in samples.source.missing {
            let rows = "\(Figures.count(count)) of \(Figures.counted(samples.source.selected, "row", "rows"))"
            let text = "\(rows) \(count == 1 ? "has" : "have") no '\(column)' and \(count == 1 ? "is" : "are") left out"
            findings.append(Finding(kind: .missing, isGrave: count * 20 > samples.source.selected, text: text))
        }
        for (column, count, first) in samples.source.strays {
            let values = Figures.counted(
                count, "value of '\(column)' is no number and is", "values of '\(column)' are no numbers and are")
            let text = "\(values) left out: \(first.joined(separator: "; "))"
            findings.append(Finding(kind: .notNumbers, isGrave: count * 20 > samples.source.selected, text: text))
        }
        let copies = table.copies
        // Where many rows are alike, the columns tell no unit from another, and copies mean nothing.
        if copies > 0, copies * 20 < table.rows {
            let rows = Figures.counted(copies, "row is an exact copy of an earlier one", "rows are exact copies of earlier ones")
            let text = "\(rows): were units counted twice?"
            findings.append(Finding(kind: .duplicates, isGrave: false, text: text))
        }
        return findings
    }

    private func sampleRatio(_ names: [String], _ sizes: [Int]) throws -> Finding? {
        guard sizes.count > 1 else { return nil }
        let weights = weights ?? Array(repeating: 1, count: sizes.count)
        let test = try ChiSquareTest(observed: sizes, weights: weights)
        guard test.pValue < DataChecks.alarm else { return nil }
        let counts = zip(names, sizes).map { "\($0) \(Figures.count($1))" }.joined(separator: ", ")
        let shares = weights.map { Figures.significant($0, 3) }.joined(separator: ":")
        let text =
            "the groups are not as large as they should be: \(counts), where \(shares) was meant "
            + "(\(Figures.pValue(test.pValue))); units were lost or dealt wrongly"
        return Finding(kind: .sampleRatio, isGrave: true, text: text)
    }

    /// Negative values that are rare as a whole and nearly all in one group.
    private func negatives(_ column: String, _ names: [String], _ values: [[Double]]) throws -> Finding? {
        let negative = values.map { $0.count { $0 < 0 } }
        let (total, all) = (negative.reduce(0, +), values.reduce(0) { $0 + $1.count })
        guard total > 0, total * 5 < all, let most = negative.indices.max(by: { negative[$0] < negative[$1] }) else { return nil }
        let table = try ContingencyTable(zip(negative, values).map { [$0, $1.count - $0] })
        guard ChiSquareTest(table).pValue < DataChecks.alarm, negative[most] * 10 >= total * 9 else { return nil }
        let share = negative[most] == total ? "all" : Figures.count(negative[most])
        let text =
            "'\(column)' is negative in \(Figures.counted(total, "row", "rows")), \(share) of them in \(names[most]): "
            + "if it cannot be negative, the groups were measured differently"
        return Finding(kind: .oneSidedNegatives, isGrave: true, text: text)
    }

    /// Other columns whose spread differs between the groups.
    private func spread(_ column: String, _ names: [String], _ values: [[Double]]) throws -> Finding? {
        let deviations = try values.map { try Summary($0).standardDeviation }
        guard let least = deviations.min(), let most = deviations.max(), least > 0, most > 1.5 * least else { return nil }
        let p = try LeveneTest(values, center: .median).pValue
        guard p < DataChecks.alarm else { return nil }
        let figures = zip(names, deviations).map { "\(Figures.significant($1)) in \($0)" }.joined(separator: ", ")
        let text =
            "the spread of '\(column)' differs between the groups: standard deviation \(figures) (Brown-Forsythe p \(Probability.text(p, log: nil)))"
        return Finding(kind: .unequalSpread, isGrave: false, text: text)
    }
}
