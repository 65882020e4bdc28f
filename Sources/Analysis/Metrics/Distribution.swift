import Statistics
import Text

/// What the values of a metric look like, as information: no test is chosen by it.
struct Distribution {
    let variants: [String]
    let values: [[Double]]

    var notes: [String] {
        var notes: [String] = []
        for (variant, sample) in zip(variants, values) {
            guard sample.count <= 5000, let test = try? ShapiroWilkTest(sample) else { continue }
            notes.append("Shapiro-Wilk of \(variant): W \(Figures.significant(test.statistic)), p \(Figures.significant(test.pValue))")
        }
        if values.allSatisfy({ $0.count > 1 }), let mean = try? LeveneTest(values, center: .mean), let median = try? LeveneTest(values) {
            notes.append(
                "Levene: p \(Figures.significant(mean.pValue)) by means, \(Figures.significant(median.pValue)) by medians "
                    + "(Welch's test takes variances to differ anyway)")
        }
        return notes
    }
}
