package import Statistics
import Text

/// A difference judged by the assignment alone, within the blocks that units were dealt in.
package struct WithinBlocks: Sendable {
    /// A randomisation test: the assignment dealt again within the blocks.
    package struct Randomization: Sendable {
        package let pValue: Double
        /// How many assignments were looked at.
        package let assignments: Int
    }

    package let blocks: Int
    package let units: Int
    /// Units of blocks that no variance is known of, or that lack a variant.
    package let unitsLeftOut: Int
    package let difference: Double
    package let standardError: Double
    package let interval: ConfidenceInterval
    package let pValue: Double
    /// How much longer an experiment without blocks would have to run to know as much, as a share; below zero where it knows more.
    package let gain: Double
    /// Nil where there are too many units for it to be drawn at every look.
    package let randomization: Randomization?

    init(
        _ test: BlockedDifference, of units: Int, welch: WelchTTest, level: Double, randomization: Randomization?
    ) throws(StatisticsError) {
        (blocks, self.units, difference) = (test.blocks, test.units, test.estimate)
        unitsLeftOut = max(0, units - test.units)
        (standardError, pValue) = (test.standardError, test.pValue)
        interval = try test.confidenceInterval(level: level)
        gain = test.gain(over: welch.standardError * welch.standardError)
        self.randomization = randomization
    }

    /// In a sentence or two.
    package var text: String {
        let sure =
            gain > 0
            ? "equals running \(Figures.percent(gain, 2)) longer"
            : "no gain over Welch's: its variance is \(Figures.percent(-gain, 2)) less"
        let dealt = randomization.map { ", p \(Figures.significant($0.pValue)) of \(Figures.count($0.assignments)) assignments" } ?? ""
        let left = unitsLeftOut > 0 ? "; \(Figures.count(unitsLeftOut)) units of other blocks left out" : ""
        return
            "within \(Figures.count(blocks)) blocks: \(Figures.significant(difference)), interval \(Figures.significant(interval.low)) to "
            + "\(Figures.significant(interval.high)), p \(Figures.significant(pValue))\(dealt); \(sure)\(left)"
    }

    var json: JSONValue {
        [
            "blocks": .integer(blocks), "units": .integer(units), "unitsLeftOut": .integer(unitsLeftOut),
            "difference": .number(difference), "standardError": .number(standardError), "interval": interval.json,
            "pValue": .number(pValue), "gain": .number(gain),
            "randomization": randomization.map { ["pValue": .number($0.pValue), "assignments": .integer($0.assignments)] } ?? .null,
        ]
    }
}
