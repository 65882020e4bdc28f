package import Statistics
import Text

/// A question of planning: of the lift, the size and the power, two are given and the third is asked for.
package struct PowerPlan: Sendable {
    package enum Unknown: Sendable {
        case size(lift: Double, power: Double)
        case lift(size: Double, power: Double)
        case power(lift: Double, size: Double)
    }

    /// What is planned, as `proportions, baseline 0.05`.
    package var subject: String
    package var unknown: Unknown
    package var arms: Int
    package var comparisons: String
    package var traffic: Traffic?
    package var assumptions: [String]

    package init(subject: String, unknown: Unknown, arms: Int, comparisons: String, traffic: Traffic?, assumptions: [String]) {
        (self.subject, self.unknown, self.arms) = (subject, unknown, arms)
        (self.comparisons, self.traffic, self.assumptions) = (comparisons, traffic, assumptions)
    }

    /// Answers the question: once with the significance for each comparison, and once shared out among all by Bonferroni.
    package func answer<Analysis: PowerAnalysis>(_ analysis: Analysis) throws -> PowerReport {
        guard let pairs = ArmsDesign<Analysis>.Comparisons(rawValue: comparisons) else {
            preconditionFailure("there are no comparisons '\(comparisons)'")
        }
        let each = try solve(ArmsDesign(analysis, arms: arms, comparisons: pairs, adjustment: .none))
        let design = try ArmsDesign(analysis, arms: arms, comparisons: pairs, adjustment: .bonferroni)
        let all = design.pairs.count > 1 ? try solve(design) : nil
        return PowerReport(
            plan: self, confidence: 1 - analysis.significance, alternative: analysis.alternative, each: each, together: all,
            pairs: design.pairs.count)
    }

    private func solve(_ design: ArmsDesign<some PowerAnalysis>) throws -> PowerReport.Answer {
        switch unknown {
        case .size(let lift, let power):
            let sizes = try design.sizes(effect: lift, power: power)
            return answer(lift, sizes.sizes[0], power, design.significance)
        case .lift(let size, let power):
            return answer(try design.detectableEffect(total: size * Double(arms), power: power), size, power, design.significance)
        case .power(let lift, let size):
            return answer(lift, size, try design.power(effect: lift, total: size * Double(arms)), design.significance)
        }
    }

    private func answer(_ lift: Double, _ size: Double, _ power: Double, _ significance: Double) -> PowerReport.Answer {
        let days = traffic.map { size * Double(arms) / ($0.perDay * $0.share) }
        return PowerReport.Answer(lift: lift, sizePerArm: size, power: power, confidence: 1 - significance, days: days, arms: arms)
    }
}
