import Statistics

/// A treatment and the control as they are compared: all units at once, or within strata.
struct VariantPair {
    let treatment: CoMoments
    let control: CoMoments
    /// What they were put together from; nil where all units are compared at once.
    let strata: Stratification?

    /// - Parameter withinStrata: whether strata count, where units have any.
    /// - Throws: `noOverlap` where no stratum has two units of both variants.
    init(_ treatment: GroupMoments, against control: GroupMoments, withinStrata: Bool = true) throws(StatisticsError) {
        strata = withinStrata ? try Stratification(treatment, against: control) : nil
        self.treatment = strata?.treatment ?? treatment.moments
        self.control = strata?.control ?? control.moments
    }

    /// The clock of a sequential test: units, or as many as would tell as much.
    var count: Int { strata.map { Int($0.equivalentUnits.rounded()) } ?? treatment.count + control.count }

    /// Whether their means differ, whose variances may.
    func test(_ measure: Statistics.Measure) throws(StatisticsError) -> WelchTTest {
        try WelchTTest(treatment.summary(of: measure), control.summary(of: measure))
    }
}

extension Stratification {
    /// Of two variants; nil where units are not compared within strata.
    fileprivate init?(_ treatment: GroupMoments, against control: GroupMoments) throws(StatisticsError) {
        let names = Set(treatment.strata.keys).union(control.strata.keys)
        guard !names.isEmpty else { return nil }
        // Numbers, such as epochs, as they follow each other.
        let order = names.sorted { (Double($0) ?? .infinity, $0) < (Double($1) ?? .infinity, $1) }
        let empty = CoMoments(columns: treatment.moments.columns)
        try self.init(order.map { Stratum(treatment: treatment.strata[$0] ?? empty, control: control.strata[$0] ?? empty) })
    }
}
