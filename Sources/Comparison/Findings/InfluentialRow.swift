import Statistics
package import Text

/// A row that alone moves the mean of its group, as the adviser found it.
package struct InfluentialRow: Sendable {
    package let group: String
    package let line: Int
    package let value: Double
    /// The group's mean with the row, and without it.
    package let mean: Double
    package let meanWithout: Double
    /// By how many standard errors of the difference.
    let standardErrors: Double
    /// The place of the value in its group.
    let index: Int

    /// The row that a caution is about; `nil` for a caution about something else.
    init?(_ caution: Advice.Caution, in groups: [NamedValues], line: (Int) -> Int) {
        guard case .oneValueDecides(let place, let value, let shift, let standardErrors) = caution,
            let group = place == "first" ? groups.first : groups.last, let index = group.values.firstIndex(of: value),
            let summary = try? Summary(group.values)
        else { return nil }
        (self.group, self.line) = (group.name, group.rows.isEmpty ? 0 : line(group.rows[index]))
        (self.value, mean, meanWithout) = (value, summary.mean, summary.mean - shift)
        (self.standardErrors, self.index) = (standardErrors, index)
    }

    package var json: JSONValue {
        .object([
            ("group", .string(group)), ("line", .integer(line)), ("value", .number(value)), ("mean", .number(mean)),
            ("meanWithout", .number(meanWithout)),
        ])
    }
}
