package import Statistics
import Text

/// A question of planning: of the lift, the size and the power, two are given and the third is asked for.
package struct PowerPlan: Sendable {
    package enum Unknown: Sendable {
        case size(lift: Double, power: Double)
        /// The sizes here and below are those of the first arm.
        case lift(size: Double, power: Double)
        case power(lift: Double, size: Double)
    }

    /// What is planned, as `proportions, baseline 0.05`.
    package var subject: String
    package var unknown: Unknown
    /// The relative sizes of the arms, the control first.
    package var weights: [Double]
    package var comparisons: String
    package var traffic: Traffic?
    package var assumptions: [String]
    /// When the data are looked at; `nil` for once, at the end.
    package var looks: LookPlan?

    package init(subject: String, unknown: Unknown, weights: [Double], comparisons: String, traffic: Traffic?, assumptions: [String]) {
        (self.subject, self.unknown, self.weights) = (subject, unknown, weights)
        (self.comparisons, self.traffic, self.assumptions) = (comparisons, traffic, assumptions)
    }

    package var arms: Int { weights.count }

    /// All units for one of the first arm.
    private var whole: Double { weights.reduce(0, +) / weights[0] }

    /// Answers the question: once with the significance for each comparison, and once shared out among all by Bonferroni.
    package func answer<Analysis: PowerAnalysis>(_ analysis: Analysis) throws -> PowerReport {
        guard let pairs = ArmsDesign<Analysis>.Comparisons(rawValue: comparisons) else {
            preconditionFailure("there are no comparisons '\(comparisons)'")
        }
        let each = try solve(ArmsDesign(analysis, weights: weights, comparisons: pairs, adjustment: .none))
        let design = try ArmsDesign(analysis, weights: weights, comparisons: pairs, adjustment: .bonferroni)
        let all = design.count > 1 ? try solve(design) : nil
        return PowerReport(
            plan: self, confidence: 1 - analysis.significance, alternative: analysis.alternative, each: each, together: all,
            pairs: design.count)
    }

    private func solve(_ design: ArmsDesign<some PowerAnalysis>) throws -> PowerReport.Answer {
        let looks = try looks?.design(significance: design.significance, alternative: design.analysis.alternative)
        switch unknown {
        case .size(let lift, let power):
            var sizes = try design.sizes(effect: lift, power: power)
            if let looks { sizes = try sizes.inflated(by: looks.inflation(power: power)) }
            return answer(lift, sizes.sizes[0], power, design.significance, looks)
        case .lift(let size, let power):
            // Looking several times costs as much as a smaller sample would.
            let total = size * whole / (try looks?.inflation(power: power) ?? 1)
            return answer(try design.detectableEffect(total: total, power: power), size, power, design.significance, looks)
        case .power(let lift, let size):
            let oneLook = { share in try design.power(effect: lift, total: size * whole * share) }
            let power = try looks.map { try LookPlan.power($0, ofOneLook: oneLook) } ?? oneLook(1)
            return answer(lift, size, power, design.significance, looks)
        }
    }

    private func answer(
        _ lift: Double, _ size: Double, _ power: Double, _ significance: Double, _ looks: GroupSequentialDesign?
    ) -> PowerReport.Answer {
        PowerReport.Answer(
            lift: lift, sizes: weights.map { size * $0 / weights[0] }, power: power, confidence: 1 - significance, traffic: traffic,
            looks: looks)
    }
}
