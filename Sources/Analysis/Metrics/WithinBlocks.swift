package import Statistics
import Text

/// A difference judged by the assignment alone, within the blocks that units were dealt in.
package struct WithinBlocks: Sendable {
    /// A randomisation test: the assignment dealt again within the blocks.
    package struct Randomization: Sendable {
        package let pValue: Double
        /// How many assignments were looked at.
        package let assignments: Int
        /// Whether these are all there are; else they were drawn.
        package let isExact: Bool
        /// The least p-value that so many can show.
        package let least: Double

        init(_ test: PermutationTest) {
            (pValue, assignments, isExact, least) = (test.pValue, test.assignments, test.isExact, test.leastPValue())
        }
    }

    package let blocks: Int
    package let units: Int
    /// Units of blocks that no variance is known of, or that lack a variant.
    package let unitsLeftOut: Int
    package let difference: Double
    package let standardError: Double
    package let interval: ConfidenceInterval
    package let pValue: Double
    /// The test of all units that it stands beside.
    package let test: String
    /// Whether what covariates foretell is taken out, as it is by that test.
    package let isAdjusted: Bool
    /// How much longer an experiment would have to run for that test to know as much, as a share; below zero where it knows more.
    ///
    /// Both variances are those of the differences as they are told: a z test's p-value pools its own under the hypothesis of no difference,
    /// which is not held against anything here.
    package let gain: Double
    /// Nil where there are too many units for it to be drawn at every look.
    package let randomization: Randomization?

    init(
        _ blocked: BlockedDifference, of units: Int, beside whole: any TTest, test: String, isAdjusted: Bool, level: Double,
        randomization: Randomization?
    ) throws(StatisticsError) {
        (blocks, self.units, difference) = (blocked.blocks, blocked.units, blocked.estimate)
        unitsLeftOut = max(0, units - blocked.units)
        (standardError, pValue, self.test, self.isAdjusted) = (blocked.standardError, blocked.pValue, test, isAdjusted)
        interval = try blocked.confidenceInterval(level: level)
        gain = blocked.gain(over: whole.standardError * whole.standardError)
        self.randomization = randomization
    }

    /// In a sentence or two.
    package func text(_ scale: FigureScale) -> String {
        // Less than that nobody would tell, nor does the arithmetic.
        let least = 5e-5
        let sure =
            gain > least
            ? "equals running \(Figures.percent(gain, 2)) longer without blocks (\(test))"
            : "no gain over what is told without blocks (\(test))"
                + (gain < -least ? ": its variance is \(Figures.percent(-gain, 2)) less" : "")
        let dealt = randomization.map { ", \($0.text)" } ?? ""
        let unit = unitsLeftOut == 1 ? "unit" : "units"
        let left = unitsLeftOut > 0 ? "; \(Figures.count(unitsLeftOut)) \(unit) of other blocks left out" : ""
        return
            "within \(Figures.count(blocks)) \(blocks == 1 ? "block" : "blocks")\(isAdjusted ? ", after CUPED" : ""): \(scale.difference(difference)), interval "
            + "\(scale.range(interval)), p \(Figures.significant(pValue))\(dealt); \(sure)\(left)"
    }

    var json: JSONValue {
        [
            "blocks": .integer(blocks), "units": .integer(units), "unitsLeftOut": .integer(unitsLeftOut),
            "difference": .number(difference), "standardError": .number(standardError), "interval": interval.json,
            "pValue": .number(pValue), "adjusted": .boolean(isAdjusted), "test": .string(test), "gain": .number(gain),
            "randomization": randomization?.json ?? .null,
        ]
    }
}

extension WithinBlocks.Randomization {
    /// No more digits than there are steps between p-values, and at the least of them that it is a bound.
    var text: String {
        guard !isExact else { return "p \(Figures.significant(pValue)) of all \(Figures.count(assignments)) assignments" }
        // The steps are 1 / (draws + 1) of either tail: 999 draws tell three decimals.
        let step = 1 / Double(assignments + 1)
        var (decimals, unit) = (0, 1.0)
        while unit > step * 1.000_001, decimals < 15 { (decimals, unit) = (decimals + 1, unit / 10) }
        func rounded(_ p: Double) -> String {
            let digits = String(Int((p / unit).rounded()))
            let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
            return decimals == 0 ? padded : padded.dropLast(decimals) + "." + padded.suffix(decimals)
        }
        let draws = "\(Figures.count(assignments)) draws"
        return pValue <= least * 1.000_001
            ? "p \(rounded(least)) or less of \(draws), which show none below"
            : "p \(rounded(pValue)) of \(draws), which show none below \(rounded(least))"
    }

    var json: JSONValue {
        [
            "pValue": .number(pValue), "assignments": .integer(assignments), "isExact": .boolean(isExact),
            "leastPValue": .number(least),
        ]
    }
}
