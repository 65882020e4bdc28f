internal import Foundation

/// Where simulated values come from.
enum Population: String, CaseIterable, Sendable {
    case normal
    /// Lognormal with a skewness of 6.2, as revenue is.
    case skewed
    /// Student's t with three degrees of freedom.
    case heavyTailed = "heavy-tailed"
    /// Conversions of 2 %.
    case conversions = "2 % conversion"
    /// Whole numbers, 40 % of them zero.
    case tied

    func draw(_ draws: inout Draws) -> Double {
        switch self {
        case .normal: draws.normal()
        case .skewed: exp(draws.normal())
        case .heavyTailed:
            draws.normal() / ((draws.squareOfNormal() + draws.squareOfNormal() + draws.squareOfNormal()) / 3).squareRoot()
        case .conversions: draws.uniform() < 0.02 ? 1 : 0
        case .tied: draws.uniform() < 0.4 ? 0 : Double(draws.poisson(2))
        }
    }

    var mean: Double {
        switch self {
        case .normal, .heavyTailed: 0
        case .skewed: exp(0.5)
        case .conversions: 0.02
        case .tied: 1.2
        }
    }

    /// Conversions are so rare that ten times as many units are needed.
    func sample(_ count: Int, _ draws: inout Draws) -> [Double] {
        draws.sample(self == .conversions ? 10 * count : count) { draw(&$0) }
    }
}

extension Draws {
    fileprivate mutating func squareOfNormal() -> Double {
        let z = normal()
        return z * z
    }
}
