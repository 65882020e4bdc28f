package import Charts
import Statistics

extension ComparisonReport {
    /// The differences with their intervals, the means with theirs, and how values are spread.
    package var charts: [Chart] {
        let differences = pairs.compactMap { pair -> Chart.Interval? in
            guard let difference = pair.decisive.difference, let interval = pair.decisive.interval else { return nil }
            return Chart.Interval("\(pair.first) less \(pair.second)", difference, low: interval.low, high: interval.high)
        }
        let means = means.compactMap { mean in
            mean.interval.flatMap { Chart.Interval(mean.group, mean.mean, low: $0.low, high: $0.high) }
        }
        return [
            .intervals("Differences of \(selection.value)", differences, axis: "difference"),
            .intervals("Mean \(selection.value) of each group", means, axis: "mean", hasZero: false),
            histogram.map { .spread("How \(selection.value) is spread", $0, axis: selection.value) },
        ].compactMap(\.self)
    }
}
