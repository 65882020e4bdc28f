import Experiments
import Statistics
import Text

/// What the counts of units say of the assignment and of the facts.
struct UnitChecks {
    let units: UnitTable
    let counts: UnitCounts
    /// The control first.
    let variants: [String]
    /// Rows of files that could not be read.
    let rejects: RejectedRows
    /// Whether rows with too many values were among them.
    let isStrict: Bool
    /// Files whose last line does not end.
    var unfinished: [String] = []
    /// Files of patterns that lack columns which others have.
    var gaps: [String] = []
    /// Where persons are counted.
    var persons: PersonCounts?
    /// Whether it is a running experiment's, of the server's own events: its sample ratio is watched by a test that holds at any look.
    var isWatched = false

    /// A mismatch less likely than this is none of chance.
    ///
    /// R. Kohavi, D. Tang and Y. Xu, "Trustworthy Online Controlled Experiments" (2020),
    /// chapter 21.
    static let mismatch = 0.001

    func checks() -> [Check] {
        [sampleRatio, twoVariants, unassigned, duplicates] + missing + [impossible, early]
            + [shared, linkGaps, namesakes, unreadable, cutOff, gap].compactMap(\.self)
    }

    private var plan: Plan { units.plan }

    private func some(_ count: Int, _ one: String, _ many: String) -> String { "\(Figures.count(count)) \(count == 1 ? one : many)" }

    private var sampleRatio: Check {
        let weights = plan.assignment.weights
        let shares = variants.map { name in weights.isEmpty ? 1 : weights.first { $0.variant == name }?.weight ?? 0 }
        // Of persons all are counted who met a variant first: those who are left out later are not left out of each alike.
        let dealt = persons?.first ?? counts.variants
        let sizes = variants.map { dealt[$0] ?? 0 }
        let listed = zip(variants, sizes).map { "\($0.named) \(Figures.count($1))" }.joined(separator: ", ")
        guard let test = try? SampleRatioTest(counts: sizes, weights: shares) else {
            // Where units are still coming it is only early; whether one variant is missing altogether is watched over time.
            return isWatched
                ? Check("sample ratio", .warning, "there are not two variants with units yet: \(listed)")
                : Check("sample ratio", .failed, "there are not two variants with units: \(listed)")
        }
        if test.unexpectedUnits > 0 {
            return Check(
                "sample ratio", .failed, "\(some(test.unexpectedUnits, "unit is", "units are")) in variants without a weight: \(listed)")
        }
        let meant = weights.isEmpty ? "equal shares, as the plan states no weights" : "the plan's weights"
        let p = Figures.pValue(test.pValue, 3)
        if isWatched {
            let text = "\(listed): \(p) by \(meant), for one look alone; 'sample ratio over time' decides, which holds at any look"
            return Check("sample ratio", test.pValue < UnitChecks.mismatch ? .warning : .passed, text)
        }
        return test.pValue < UnitChecks.mismatch
            ? Check(
                "sample ratio", .failed,
                "\(listed): not \(meant) (\(p)); units are lost or added in one variant, and its result is not to be trusted"
                    + (weights.isEmpty ? ", unless other weights were meant: state them" : ""))
            : Check("sample ratio", .passed, "\(listed): \(p) by \(meant); less than \(UnitChecks.mismatch) would be a mismatch")
    }

    private var twoVariants: Check {
        if let persons = plan.assignment.persons { return crossedOver(persons.crossover) }
        let name = "units in two variants"
        guard plan.assignment.unit != nil else { return Check(name, .skipped, "every row is a unit") }
        guard counts.contradicted > 0 else { return Check(name, .passed, "none") }
        let total = variants.reduce(counts.contradicted) { $0 + (counts.variants[$1] ?? 0) }
        let kept =
            switch plan.assignment.policy {
            case .exclude: "they are left out"
            case .first: "they count for the first"
            case .last: "they count for the last"
            }
        // A hundredth of the units with a doubtful label can make or hide a difference of the size that experiments look for.
        let status = Double(counts.contradicted) > 0.01 * Double(total) ? Check.Status.failed : .warning
        return Check(
            name, status,
            "\(some(counts.contradicted, "unit is", "units are")) in two variants; \(kept) (in two variants: \(plan.assignment.policy))")
    }

    private func crossedOver(_ crossover: Plan.Persons.Crossover) -> Check {
        let name = "persons who crossed over"
        guard counts.contradicted > 0 else { return Check(name, .passed, "none (crossed over: \(crossover.rawValue))") }
        var text = some(counts.contradicted, "person has", "persons have") + " met several variants, on several devices; "
        switch crossover {
        case .firstTouch: text += "they count in the first, with what they did until they met another"
        case .exclude: text += "they are left out"
        case .intentionToTreat: text += "they count in the first, with all that they did since"
        }
        text += " (crossed over: \(crossover.rawValue))"
        if crossover == .exclude, Set(plan.assignment.weights.map(\.weight)).count > 1 {
            text += "; the smaller a variant, the more of those with several devices it loses, so groups differ in who they are"
        }
        return Check(name, .warning, text)
    }

    private var shared: Check? {
        guard let persons else { return nil }
        let name = "units of several persons"
        return persons.shared > 0
            ? Check(
                name, .warning, some(persons.shared, "unit is", "units are") + " linked to several persons, and counted for one of them")
            : Check(name, .passed, "none")
    }

    private var linkGaps: Check? {
        guard let persons else { return nil }
        let name = "links with gaps"
        var lost: [String] = []
        if persons.linksWithoutUnit > 0 { lost.append(some(persons.linksWithoutUnit, "link names no unit", "links name no unit")) }
        if persons.linksWithoutPerson > 0 { lost.append(some(persons.linksWithoutPerson, "link names no person", "links name no person")) }
        return lost.isEmpty
            ? Check(name, .passed, "none")
            : Check(name, .warning, lost.joined(separator: ", ") + "; they are left out")
    }

    private var namesakes: Check? {
        guard let persons, persons.namesakes > 0 else { return nil }
        return Check(
            "devices named as persons are", .warning,
            some(persons.namesakes, "device has", "devices have") + " a person's id for a name, and nobody said whose "
                + (persons.namesakes == 1 ? "it is: it counts" : "they are: they count") + " for nobody, until linked to that person")
    }

    private var unassigned: Check {
        guard plan.assignment.unit != nil else { return Check("units without assignment", .skipped, "every row is a unit") }
        // Of a running experiment only what its units did is read.
        if isWatched {
            return Check(
                "units without assignment", .skipped,
                "events of other units are not read; how many came of units that are no device here is counted by fact, under Events")
        }
        return counts.unassigned > 0
            ? Check(
                "units without assignment", .warning,
                "\(some(counts.unassigned, "unit has", "units have")) facts but no variant, and count for none")
            : Check("units without assignment", .passed, "none")
    }

    private var duplicates: Check {
        guard plan.assignment.unit != nil else { return Check("duplicates", .skipped, "every row is a unit") }
        var found: [String] = []
        // A person has a row for each of their devices.
        if counts.repeated > 0, plan.assignment.persons == nil {
            found.append("\(some(counts.repeated, "row repeats", "rows repeat")) a unit of the assignment; each unit counts once")
        }
        found += self.found(.repeated).map {
            "\(some($0.count, "event", "events")) of \($0.fact) repeat an id of the same unit (\($0.split)); each id counts once"
        }
        guard found.isEmpty else { return Check("duplicates", .warning, found.joined(separator: "; ")) }
        // The server takes in every event once.
        if isWatched { return Check("duplicates", .passed, "none in the assignment; an event that is told twice counts once") }
        let named = plan.facts.filter { $0.id != nil }.map(\.name.text)
        return Check(
            "duplicates", .passed,
            named.isEmpty
                ? "none in the assignment; name the 'id' of a fact's events to find theirs"
                : "none in the assignment, nor in \(named.joined(separator: ", "))")
    }

    private var missing: [Check] {
        var lost: [String] = []
        if counts.withoutUnit > 0 { lost.append(some(counts.withoutUnit, "row has no unit", "rows have no unit")) }
        if counts.withoutVariant > 0 { lost.append(some(counts.withoutVariant, "unit has no variant", "units have no variant")) }
        if plan.assignment.time != nil, counts.withoutTime > 0 {
            lost.append(some(counts.withoutTime, "unit has no time of exposure", "units have no time of exposure"))
        }
        if counts.untimed > 0 {
            lost.append(
                some(counts.untimed, "row of the assignment has no time, and does", "rows of the assignment have no time, and do")
                    + " not say what was met first")
        }
        lost += found(.unitless).map {
            "\(some($0.count, "event", "events")) of \($0.fact) without a unit, which \($0.count == 1 ? "counts" : "count") for nobody"
        }
        lost += found(.missing).map {
            "\(some($0.count, "event", "events")) of \($0.fact) without a value (\($0.split)), which "
                + ($0.count == 1 ? "adds nothing to a sum, but is an event" : "add nothing to a sum, but are events")
        }
        lost += found(.timeless).map { "\(some($0.count, "event", "events")) of \($0.fact) without a time that can be read (\($0.split))" }
        lost += found(.nameless).map {
            "\(some($0.count, "event", "events")) of \($0.fact) without an id (\($0.split)), each of which counts"
        }
        return [lost.isEmpty ? Check("missing values", .passed, "none") : Check("missing values", .warning, lost.joined(separator: "; "))]
    }

    private var impossible: Check {
        let found = found(.impossible).map { "\(some($0.count, "value", "values")) of \($0.fact) (\($0.split))" }
        guard !found.isEmpty else {
            let isStated = plan.facts.contains { $0.minimum != nil || $0.maximum != nil }
            return Check("impossible values", .passed, isStated ? "none" : "none; state a fact's minimum and maximum to check more")
        }
        return Check(
            "impossible values", .warning,
            found.joined(separator: "; ") + " are not what the plan allows; numbers count as they are, what is none adds nothing")
    }

    private var early: Check {
        guard plan.assignment.time != nil, plan.facts.contains(where: { $0.time != nil }) else {
            return Check("facts before exposure", .skipped, "the plan does not state the times of the assignment and of a fact")
        }
        let found = found(.early).map { "\(some($0.count, "event", "events")) of \($0.fact) (\($0.split))" }
        return found.isEmpty
            ? Check("facts before exposure", .passed, "none")
            : Check(
                "facts before exposure", .warning,
                found.joined(separator: "; ") + " came before their unit was exposed, and count only for covariates")
    }

    private var unreadable: Check? {
        let name = "rows that cannot be read"
        let text = rejects.count > 0 ? rejects.described(10) + "; they are left out" : "none"
        guard isStrict else {
            return Check(name, .warning, text + "; the lines of a file end in several ways, and values beyond its columns are dropped")
        }
        return rejects.count > 0 ? Check(name, .warning, text) : nil
    }

    private var gap: Check? {
        guard !gaps.isEmpty else { return nil }
        let list = gaps.prefix(10).joined(separator: "; ") + (gaps.count > 10 ? "; …" : "")
        return Check("columns of files", .warning, "\(list), which other files have; it is missing in those rows")
    }

    private var cutOff: Check? {
        guard !unfinished.isEmpty else { return nil }
        let files = unfinished.prefix(10).joined(separator: ", ") + (unfinished.count > 10 ? ", …" : "")
        return Check(
            "ends of files", .warning,
            "\(files) \(unfinished.count == 1 ? "ends" : "end") in the middle of a line; if cut off there, the last value is wrong, and rows "
                + "are missing")
    }

    /// The facts with a fault, how often, and in which variants.
    private func found(_ fault: EventFault) -> [(fact: String, count: Int, split: String)] {
        units.faults.enumerated().compactMap { index, column in
            guard column.fault == fault else { return nil }
            let total = counts.faults.values.reduce(0) { $0 + $1[index] }
            guard total > 0 else { return nil }
            let split = variants.map { "\($0.named) \(Figures.count(Int(counts.faults[$0]?[index] ?? 0)))" }.joined(separator: ", ")
            return (column.fact, Int(total), split)
        }
    }
}
