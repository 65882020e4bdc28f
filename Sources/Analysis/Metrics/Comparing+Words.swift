import Experiments
import Statistics
import Text

// Why something is not told, in the words of the plan and of the data; the library's are about its arguments.
extension Comparing {
    /// A variant as the words about it need it.
    struct Side {
        let group: MetricReport.Group
        let moments: GroupMoments

        var name: String { group.variant }
        var varies: Bool { moments.minimum < moments.maximum }
        /// Whether what it has below the line of a ratio comes to nothing.
        var dividesByNothing: Bool { moments.moments.means.count > 1 && moments.moments.means[1] == 0 }
    }

    /// Why variants are not compared, or what was known of them before is not used.
    func words(_ error: StatisticsError, of sides: [Side]) -> String {
        switch error {
        case .noVariance("first and second"), .noVariance("treatment and control"):
            return isTestedAsQuantile && sides.contains(where: \.varies) ? tied(sides) : "the values of neither vary"
        case .noVariance("placements"):
            return "every value of one exceeds all of the other's, or all are equal: how far chance alone would go is not known"
        case .noVariance(let argument):
            return covariate(argument).map { "\($0) is the same for every unit" } ?? "\(error)"
        case .collinear(let argument):
            return covariate(argument).map { "\($0) follows from the covariates before it" } ?? "\(error)"
        case .empty, .outOfRange("trials", 0, _): return few(sides, needed: 1) ?? "there are no units"
        case .tooFew(_, _, let needed):
            // Two are needed for anything to vary, more for a quantile that may lie beyond them all.
            let interval = isTestedAsQuantile && needed > 2 ? " for an interval of the \(quantile)" : ""
            return few(sides, needed: needed).map { $0 + interval } ?? "\(error)"
        case .outOfRange where metric.kind == .ratio && sides.contains(where: \.dividesByNothing):
            let names = sides.filter(\.dividesByNothing).map(\.name).joined(separator: " and ")
            return "the \(metric.denominator?.text ?? "values below the line") of \(names) come to 0, by which nothing can be divided"
        case .infinite, .notANumber, .outOfRange: return "the values are too large to be computed with, for which a cap in the plan helps"
        case .tooMany, .countMismatch, .noOverlap, .noConvergence: return "\(error)"
        }
    }

    /// Why a variant is not judged within blocks.
    func words(withinBlocks error: StatisticsError, of sides: [Side]) -> String {
        switch error {
        case .tooFew(_, 0, _): "no block has units of both"
        case .tooFew: "no block has two units of each, and no two are of one size, so how they vary is not known"
        case .noVariance: "nothing varies within blocks"
        default: words(error, of: sides)
        }
    }

    /// Why the lift of a treatment with nothing at all has no interval.
    func words(nothingIn treatment: String) -> String {
        "an interval of \(treatment)'s lift is not told: "
            + (isTestedAsQuantile
                ? "its \(quantile) is 0, with no spread around it, and how far that may be off is not known"
                : "all its values are 0, and how far others of its kind may be from that is not known")
    }

    private var isTestedAsQuantile: Bool { metric.kind == .quantile && metric.test != .ranks }

    private var quantile: String { metric.probability == 0.5 ? "median" : "\(Figures.percent(metric.probability)) quantile" }

    /// Quantiles with nothing but their own value near them.
    private func tied(_ sides: [Side]) -> String {
        let values = Set(sides.map(\.group.mean))
        let told = sides.map { "\(Figures.plain($0.group.mean, 6)) in \($0.name)" }.joined(separator: " and ")
        let found =
            values.count == 1
            ? "\(Figures.plain(values.first ?? 0, 6)) in both, with no spread around it" : "\(told), with no spread around either"
        return "the \(quantile) is \(found): too many units have the very same value; ranks (test: ranks) can be compared"
    }

    /// Who has fewer units than are needed; nil where nobody has.
    private func few(_ sides: [Side], needed: Int) -> String? {
        guard let least = sides.min(by: { $0.moments.count < $1.moments.count }), least.moments.count < needed else { return nil }
        let count = least.moments.count
        return count == 0
            ? "\(least.name) has no units" : "\(least.name) has \(count) unit\(count == 1 ? "" : "s"), at least \(needed) are needed"
    }

    /// The covariate that an argument of the library stands for.
    private func covariate(_ argument: String) -> String? {
        metric.covariates.indices.first { argument == "covariates[\($0)]" }.map { metric.covariates[$0].fact.text }
    }
}
