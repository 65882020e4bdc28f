package import Analysis
import Text

/// How far an experiment has come on the way to its planned size.
package struct PlannedSize: Sendable, Hashable {
    /// The units that are planned, all variants together; nil if the plan does not say.
    package let planned: Int?
    /// The units that are in the experiment.
    package let units: Int
    /// How many came a day: over the last week, or since it was started; nil before a minute has passed.
    package let unitsPerDay: Double?
    /// Whether units still come.
    package let isRunning: Bool

    /// The longest span that arrivals are counted over.
    static let week: Int64 = 7 * 86_400_000

    /// - Parameters:
    ///   - recent: the units that came in the span.
    ///   - span: in milliseconds.
    package init(planned: Int?, units: Int, recent: Int, span: Int64, isRunning: Bool) {
        (self.planned, self.units, self.isRunning) = (planned, units, isRunning)
        unitsPerDay = span < 60_000 ? nil : Double(recent) / (Double(span) / 86_400_000)
    }

    /// The share of the planned units that are there, at most 1.
    package var progress: Double? { planned.map { min(1, Double(units) / Double($0)) } }

    package var isReached: Bool? { planned.map { units >= $0 } }

    /// How many days until it is reached, at the pace so far; nil where that cannot be said.
    package var daysLeft: Double? {
        guard let planned else { return nil }
        if units >= planned { return 0 }
        guard isRunning, let unitsPerDay, unitsPerDay > 0 else { return nil }
        return Double(planned - units) / unitsPerDay
    }

    /// How long it takes until it is reached, in words: hours within two days; nil once it is, and where that cannot be said.
    package var timeLeft: String? {
        guard let daysLeft, daysLeft > 0 else { return nil }
        let hours = daysLeft * 24
        if hours <= 1 { return "less than an hour left" }
        return hours < 48 ? "about \(Figures.roundedUp(hours)) hours left" : "about \(Figures.roundedUp(daysLeft)) days left"
    }

    /// What it means for results that are for one look at the end.
    package var check: Check {
        let name = "planned size"
        guard let planned else {
            return Check(name, .skipped, "the plan names no 'size': intervals for one look hold for one look that was chosen beforehand")
        }
        let counts = "\(Figures.count(units)) of \(Figures.counted(planned, "planned unit", "planned units"))"
        return units >= planned
            ? Check(name, .passed, counts)
            : Check(name, .warning, "\(counts): not yet at the planned size, so intervals for one look do not count yet")
    }

    var json: JSONValue {
        [
            "planned": planned.map { .integer($0) } ?? .null, "units": .integer(units),
            "progress": progress.map { .number($0) } ?? .null, "isReached": isReached.map { .boolean($0) } ?? .null,
            "unitsPerDay": unitsPerDay.map { .number($0) } ?? .null, "daysLeft": daysLeft.map { .number($0) } ?? .null,
        ]
    }
}
