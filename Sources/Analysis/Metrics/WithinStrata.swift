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

    /// Why the difference is not that of the variants' values.
    func text(_ scale: FigureScale) -> String {
        "within \(Figures.count(strata)) \(strata == 1 ? "stratum" : "strata"): \(scale.value(treatment, 6)) against "
            + "\(scale.value(control, 6)), each stratum counting alike for both"
    }

    var json: JSONValue {
        [
            "strata": .integer(strata), "units": .integer(units), "unitsLeftOut": .integer(unitsLeftOut), "control": .number(control),
            "treatment": .number(treatment),
        ]
    }
}
