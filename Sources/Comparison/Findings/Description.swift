import Statistics
package import Text

/// What a column of numbers holds, in the figures of pandas' `describe`.
package struct Description: Sendable {
    package let name: String
    package let count: Int
    package let missing: Int
    package let mean: Double
    package let standardDeviation: Double?
    /// Minimum, quartiles and maximum; quantiles lie between the values on either side, as NumPy and R's type 7 have them.
    package let minimum, lowerQuartile, median, upperQuartile, maximum: Double
    package let skewness: Double?

    /// Describes values of which there is one at least.
    package init(name: String, _ values: [Double], missing: Int = 0) throws {
        let moments = try SampleProblem.naming([name]) { try Moments(values) }
        let sorted = values.sorted()
        (self.name, count, self.missing, mean) = (name, values.count, missing, moments.mean)
        standardDeviation = values.count > 1 ? moments.standardDeviation : nil
        skewness = moments.skewness
        (minimum, maximum) = (moments.minimum, moments.maximum)
        lowerQuartile = Description.quantile(sorted, 0.25)
        median = Description.quantile(sorted, 0.5)
        upperQuartile = Description.quantile(sorted, 0.75)
    }

    /// The quantile of type 7.
    ///
    /// R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), doi:10.2307/2684934.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }

    package var json: JSONValue {
        .object([
            ("name", .string(name)), ("count", .integer(count)), ("missing", .integer(missing)), ("mean", .number(mean)),
            ("standardDeviation", standardDeviation.map { .number($0) } ?? .null), ("minimum", .number(minimum)),
            ("lowerQuartile", .number(lowerQuartile)), ("median", .number(median)), ("upperQuartile", .number(upperQuartile)),
            ("maximum", .number(maximum)), ("skewness", skewness.map { .number($0) } ?? .null),
        ])
    }

    /// Descriptions below each other.
    package static func lines(_ descriptions: [Description], width: Int = Page.width) -> [String] {
        var table = TextTable(["", "count", "missing", "mean", "sd", "min", "25 %", "50 %", "75 %", "max"])
        for d in descriptions {
            let figures = [d.minimum, d.lowerQuartile, d.median, d.upperQuartile, d.maximum].map { Figures.significant($0) }
            let spread = d.standardDeviation.map { Figures.significant($0) } ?? "–"
            table.add([d.name, Figures.count(d.count), Figures.count(d.missing), Figures.significant(d.mean), spread] + figures)
        }
        return table.lines(fitting: width)
    }
}
