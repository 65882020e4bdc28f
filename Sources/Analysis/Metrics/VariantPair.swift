import Statistics

/// A treatment and the control as they are compared: all units at once, or within strata.
struct VariantPair {
    let treatment: CoMoments
    let control: CoMoments
    /// What they were put together from; nil where all units are compared at once.
    let strata: Stratification?
    /// The units of each stratum in that, or all of them.
    private let parts: [Stratification.Stratum]
    /// Whether all that is measured in the treatment is zero, above the line of a ratio.
    let isOfNothing: Bool

    /// - Parameter withinStrata: whether strata count, where units have any.
    /// - Throws: `noOverlap` where no stratum has two units of both variants.
    init(_ treatment: GroupMoments, against control: GroupMoments, withinStrata: Bool = true) throws(StatisticsError) {
        let strata = withinStrata ? Stratification.strata(treatment, against: control) : []
        self.strata = strata.isEmpty ? nil : try Stratification(strata)
        parts =
            strata.isEmpty
            ? [.init(treatment: treatment.moments, control: control.moments)]
            : strata.filter { $0.treatment.count > 1 && $0.control.count > 1 }
        isOfNothing = treatment.minimum == 0 && treatment.maximum == 0
        self.treatment = self.strata?.treatment ?? treatment.moments
        self.control = self.strata?.control ?? control.moments
    }

    /// The clock of a sequential test: units, or as many as would tell as much.
    var count: Int { strata.map { Int($0.equivalentUnits.rounded()) } ?? treatment.count + control.count }

    /// Whether their means differ, whose variances may.
    func effect(on measure: Statistics.Measure) throws(StatisticsError) -> Effect {
        if let strata { return try strata.effect(on: measure) }
        return try Effect(treatment: treatment.summary(of: measure), control: control.summary(of: measure))
    }

    /// Whether their shares differ, of a measure of zeros and ones.
    func testOfShares() throws(StatisticsError) -> StratifiedProportionTest {
        var strata: [StratifiedProportionTest.Stratum] = []
        for part in parts { strata.append(.init(try Proportion(part.treatment), try Proportion(part.control))) }
        return try StratifiedProportionTest(strata)
    }
}

extension Proportion {
    /// Of the first column, of zeros and ones.
    fileprivate init(_ moments: CoMoments) throws(StatisticsError) {
        try self.init(successes: Int(((moments.means.first ?? 0) * Double(moments.count)).rounded()), trials: moments.count)
    }
}

extension Stratification {
    /// Those of two variants; none where units are not compared within strata.
    fileprivate static func strata(_ treatment: GroupMoments, against control: GroupMoments) -> [Stratum] {
        let names = Set(treatment.strata.keys).union(control.strata.keys)
        // Numbers, such as epochs, as they follow each other.
        let order = names.sorted { a, b in
            let (first, second) = (a?.text ?? "", b?.text ?? "")
            return (Double(first) ?? .infinity, ExactText(first)) < (Double(second) ?? .infinity, ExactText(second))
        }
        let empty = CoMoments(columns: treatment.moments.columns)
        return order.map { Stratum(treatment: treatment.strata[$0] ?? empty, control: control.strata[$0] ?? empty) }
    }
}
