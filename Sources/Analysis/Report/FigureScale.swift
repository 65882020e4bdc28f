package import Statistics
import Text

/// How a metric's figures are written where people read them.
///
/// A share is a percentage, and a difference of two shares is one in percentage points, so that it is not taken for a share of the control's
/// value. Programs get both as fractions.
package enum FigureScale: Sendable {
    /// As they are.
    case plain
    /// As percentages.
    case share

    /// A variant's value, or its deviation: `16.91 %`.
    ///
    /// - Parameter digits: of what is no share; a share has four.
    package func value(_ number: Double, _ digits: Int = 4) -> String {
        switch self {
        case .plain: Figures.significant(number, digits)
        case .share: number.isFinite ? Figures.percent(number, 4) : Figures.significant(number)
        }
    }

    /// A difference in a sentence: `3.746 percentage points`.
    package func difference(_ number: Double, _ digits: Int = 4) -> String {
        switch self {
        case .plain: Figures.significant(number, digits)
        case .share: "\(Figures.significant(number * 100, digits)) percentage points"
        }
    }

    /// The interval of a difference in a sentence: `1.409 to 6.079 percentage points`.
    package func range(_ interval: ConfidenceInterval) -> String {
        "\(Figures.significant(drawn(interval.low))) to \(difference(interval.high))"
    }

    /// A difference in a cell of a table: `3.746 pp`.
    package func cell(_ number: Double) -> String { shortened(difference(number)) }

    /// The interval of a difference in a cell of a table: `1.409 to 6.079 pp`.
    package func cell(_ interval: ConfidenceInterval) -> String { shortened(range(interval)) }

    /// What is to be said once of a table whose cells are short; nil where they are not.
    package var legend: String? { self == .share ? "pp: percentage points" : nil }

    /// A difference as a chart draws it, in the units that ``axis`` names.
    package func drawn(_ difference: Double) -> Double { self == .share ? difference * 100 : difference }

    /// What the axis of a chart of differences is called.
    package var axis: String { self == .share ? "difference in percentage points" : "difference" }

    private func shortened(_ text: String) -> String { text.replacing("percentage points", with: "pp") }
}

extension MetricReport {
    /// How its figures are written.
    package var scale: FigureScale { kind == "conversion" ? .share : .plain }
}
