/// How many units of a variant have values in each of equal steps.
package struct Histogram: Sendable {
    package struct Bar: Sendable {
        package let variant: String
        package let low: Double
        package let high: Double
        /// Whether it holds all that lies above it as well.
        package let isOpen: Bool
        /// The share of the variant's units.
        package let share: Double
    }

    package let bars: [Bar]
    /// Whether the last step holds all that lies above it.
    package let isOpen: Bool

    /// The histogram of values by variant; the highest hundredth, if it lies far out, is put into the last step.
    ///
    /// - Returns: nil where all values are equal, or too near or too far apart to be divided into steps: there is nothing to be seen.
    package init?(variants: [String], values: [[Double]]) {
        let all = values.flatMap(\.self).sorted()
        guard all.count > 1, let least = all.first, let most = all.last, least < most else { return nil }
        let high = all[(all.count - 1) * 99 / 100]
        let end = high > least && most > least + 3 * (high - least) ? high : most
        let isOpen = end < most
        self.isOpen = isOpen
        let steps = 24
        let width = (end - least) / Double(steps)
        guard width.isNormal, (most - least).isFinite else { return nil }
        bars = zip(variants, values).flatMap { variant, sample -> [Bar] in
            var counts = Array(repeating: 0, count: steps)
            for value in sample { counts[min(steps - 1, Int(min((value - least) / width, Double(steps))))] += 1 }
            return counts.indices.map { step in
                let low = least + Double(step) * width
                return Bar(
                    variant: variant, low: low, high: low + width, isOpen: isOpen && step == steps - 1,
                    share: Double(counts[step]) / Double(max(1, sample.count)))
            }
        }
    }
}
