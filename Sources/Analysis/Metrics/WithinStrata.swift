import Statistics
import Text

/// What a comparison within strata rests on.
package struct WithinStrata: Sendable {
    /// The strata that were compared.
    package let strata: Int
    /// The units in them.
    package let units: Int
    /// The units of strata with fewer than two units of either variant.
    package let unitsLeftOut: Int
    /// The control's mean, or ratio, put together from the strata's.
    package let control: Double
    /// The treatment's.
    package let treatment: Double

    init(_ stratification: Stratification, of measure: Statistics.Measure) throws(StatisticsError) {
        (strata, units, unitsLeftOut) = (stratification.strata, stratification.units, stratification.unitsLeftOut)
        control = try stratification.control.summary(of: measure).mean
        treatment = try stratification.treatment.summary(of: measure).mean
    }

    var json: JSONValue {
        [
            "strata": .integer(strata), "units": .integer(units), "unitsLeftOut": .integer(unitsLeftOut), "control": .number(control),
            "treatment": .number(treatment),
        ]
    }
}

extension Stratification {
    /// Of two variants; nil where units are not compared within strata.
    init?(_ treatment: GroupMoments, against control: GroupMoments) throws(StatisticsError) {
        let names = Set(treatment.strata.keys).union(control.strata.keys)
        guard !names.isEmpty else { return nil }
        // Numbers, such as epochs, as they follow each other.
        let order = names.sorted { (Double($0) ?? .infinity, $0) < (Double($1) ?? .infinity, $1) }
        let empty = CoMoments(columns: treatment.moments.columns)
        try self.init(order.map { Stratum(treatment: treatment.strata[$0] ?? empty, control: control.strata[$0] ?? empty) })
    }
}
