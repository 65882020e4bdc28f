package import Charts
package import Statistics
import Text

/// What was found out about one metric.
package struct MetricReport: Sendable {
    /// One variant.
    package struct Group: Sendable {
        package let variant: String
        package let count: Int
        /// The mean, ratio or quantile.
        package let mean: Double
        package let standardDeviation: Double
        package let sum: Double
    }

    /// A treatment against the control.
    package struct Comparison: Sendable {
        package let control: String
        package let treatment: String
        package let test: String
        /// Why it is this test.
        package let reason: String
        package let statistic: Double
        package let degreesOfFreedom: Double?
        package let pValue: Double
        package internal(set) var adjustedPValue: Double
        package let difference: Double
        /// As a share of the control's value; nil where that is zero.
        package let lift: Double?
        package let liftInterval: ConfidenceInterval?
        /// Of the difference.
        package let interval: ConfidenceInterval?
        /// Of the difference; nil where it is of shares of units or of ranks.
        var standardError: Double?
        /// What a margin that is a share of the control's value is held against; nil where no values are compared.
        let margin: MarginEvidence?
        /// The same by the assignment within blocks, of the metric that decides where blocks are known.
        package internal(set) var withinBlocks: WithinBlocks?
        /// What it rests on where units are compared within strata.
        package internal(set) var withinStrata: WithinStrata?
        /// The share of the variance of this difference, within strata where units are compared so, that the covariates took away; nil where
        /// none are used.
        package internal(set) var varianceReduction: Double?
    }

    /// The metric in one value of a segment's column.
    package struct Segment: Sendable {
        package let column: String
        package let value: String
        package let groups: [Group]
        package let comparisons: [Comparison]
    }

    package let name: String
    package let kind: String
    package let population: String?
    package let higherIsBetter: Bool
    package internal(set) var groups: [Group]
    package internal(set) var comparisons: [Comparison]
    /// What may be known about the distribution, as information.
    package internal(set) var notes: [String] = []
    /// Why something is not there.
    package internal(set) var problems: [String] = []
    /// Why nothing is told of it, where that is so; it is among the problems.
    var fault: MetricFault?
    package internal(set) var segments: [Segment] = []
    /// How the values are spread, where they are few enough to be looked at.
    package internal(set) var histogram: Histogram?
    /// The result under other ways of counting units, by what they are.
    package internal(set) var alternatives: [(policy: String, groups: [Group], comparisons: [Comparison])] = []
}

extension MetricReport {
    /// The share of the variance that the covariates took away, of the difference that they took least from.
    package var varianceReduction: Double? { comparisons.compactMap(\.varianceReduction).min() }

    /// What the covariates took away, in a sentence; nil where none are used.
    package var varianceReduced: String? {
        let found = comparisons.compactMap { comparison in
            comparison.varianceReduction.map {
                "\(Figures.percent($0)) of the variance of \(comparison.treatment.named) less \(comparison.control.named)"
            }
        }
        return found.isEmpty ? nil : "CUPED, which takes out what was known of units before, took away \(found.joined(separator: ", "))."
    }
}

extension MetricReport.Comparison {
    /// The control's value and the treatment's, as they are compared: within strata those that were put together from them.
    func values(in groups: [MetricReport.Group]) -> (control: Double?, treatment: Double?) {
        func mean(_ variant: String) -> Double? { groups.first { $0.variant == variant }?.mean }
        return (withinStrata?.control ?? mean(control), withinStrata?.treatment ?? mean(treatment))
    }
}
