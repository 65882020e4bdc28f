package import Text

/// Something about the data that a reader of the result must know.
package struct Finding: Sendable {
    package enum Kind: String, Sendable {
        case sampleRatio, influentialRow, oneSidedNegatives, unequalSpread, missing, notNumbers, badRows, duplicates
    }

    package let kind: Kind
    /// Whether the result cannot be trusted before it is cleared up.
    package let isGrave: Bool
    package let text: String

    var json: JSONValue {
        .object([("kind", .string(kind.rawValue)), ("grave", .boolean(isGrave)), ("text", .string(text))])
    }
}

/// A row that alone moves the mean of its group.
package struct InfluentialRow: Sendable {
    package let group: String
    package let line: Int
    package let value: Double
    /// The group's mean with the row, and without it.
    package let mean: Double
    package let meanWithout: Double
    /// The place of the value in its group.
    let index: Int

    /// The row of a group that moves its mean most, if by more than half the standard error that the mean has without it.
    ///
    /// Among 250 normal values the extreme one moves the mean by a fifth of its standard error.
    init?(in group: NamedValues, line: (Int) -> Int) throws {
        guard group.values.count > 2, let index = InfluentialRow.farthest(group.values) else { return nil }
        var others = group.values
        let value = others.remove(at: index)
        let (all, rest) = (try Description(name: group.name, group.values), try Description(name: group.name, others))
        let error = (rest.standardDeviation ?? 0) / Double(others.count).squareRoot()
        guard abs(all.mean - rest.mean) > error / 2, error > 0 else { return nil }
        self.group = group.name
        self.line = line(group.rows[index])
        (self.value, mean, meanWithout, self.index) = (value, all.mean, rest.mean, index)
    }

    private static func farthest(_ values: [Double]) -> Int? {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.indices.max { abs(values[$0] - mean) < abs(values[$1] - mean) }
    }

    package var json: JSONValue {
        .object([
            ("group", .string(group)), ("line", .integer(line)), ("value", .number(value)), ("mean", .number(mean)),
            ("meanWithout", .number(meanWithout)),
        ])
    }
}
