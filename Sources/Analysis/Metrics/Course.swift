import Experiments
import Statistics

/// How a difference looked after each day, with a band that holds at all times together.
package struct Course: Sendable {
    /// One day's end.
    package struct Point: Sendable {
        /// Seconds since 1970.
        package let time: Double
        /// Units of both variants so far.
        package let count: Int
        package let difference: Double
        package let low: Double
        package let high: Double
    }

    package let metric: String
    package let control: String
    package let treatment: String
    package let points: [Point]
}

extension Evaluation {
    /// The courses of all metrics that are told by time of exposure.
    var courses: [Course] {
        guard let course = evidence.course else { return [] }
        return zip(course.places, course.moments).flatMap { place, found in
            let groups = found.filter { $0.key.part != nil }
            return variants.dropFirst().map { treatment in
                let points = points(
                    plan.metrics[place], groups, treatment, start: course.times.lowerBound, step: course.step, end: course.times.upperBound)
                return Course(metric: plan.metrics[place].name.text, control: variants[0], treatment: treatment, points: points)
            }
        }
    }

    private func points(
        _ metric: Plan.Metric, _ groups: [MomentsQuery.Group: GroupMoments], _ treatment: String, start: Double, step: Double, end: Double
    ) -> [Course.Point] {
        let buckets = Dictionary(grouping: groups, by: { $0.key.part?.value.flatMap(Double.init).map { Int($0) } ?? 0 })
        let measure: Statistics.Measure = metric.kind == .ratio ? .ratio(of: 0, to: 1) : .mean(of: 0)
        let empty = GroupMoments(empty: groups.values.first?.moments.columns ?? 1)
        var (control, treated) = (empty, empty)
        let final = groups.filter { $0.key.variant == variants[0] || $0.key.variant == treatment }.values.reduce(0) { $0 + $1.count }
        let tuning = ConfidenceSequence.Tuning.sampleSize(plan.method.tunedFor ?? Double(max(1, final)), level: plan.method.confidence)
        var points: [Course.Point] = []
        for bucket in buckets.keys.sorted() {
            for (group, moments) in buckets[bucket] ?? [] {
                if group.variant == variants[0] { control = control.merged(with: moments) }
                if group.variant == treatment { treated = treated.merged(with: moments) }
            }
            // Before some tens of units an arm, the band means little.
            guard control.count >= 20, treated.count >= 20,
                let pair = try? VariantPair(treated, against: control),
                let sequence = try? ConfidenceSequence(pair.test(measure), count: pair.count, tuning: tuning),
                let interval = try? sequence.confidenceInterval(level: plan.method.confidence)
            else { continue }
            points.append(
                Course.Point(
                    time: min(end, start + Double(bucket + 1) * step), count: control.count + treated.count, difference: sequence.estimate,
                    low: interval.low, high: interval.high))
        }
        return points
    }
}
