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
            let points = points(
                plan.metrics[place], base: survey.columns[place].base, groups, start: course.times.lowerBound, step: course.step,
                end: course.times.upperBound)
            return zip(variants.dropFirst(), points).map { treatment, points in
                Course(metric: plan.metrics[place].name.text, control: variants[0], treatment: treatment, points: points)
            }
        }
    }

    /// Those of each variant after the first.
    private func points(
        _ metric: Plan.Metric, base: Double, _ groups: [MomentsQuery.Group: GroupMoments], start: Double, step: Double, end: Double
    ) -> [[Course.Point]] {
        let buckets = Dictionary(grouping: groups, by: { ($0.key.part?.value?.text).flatMap(Double.init).map { Int($0) } ?? 0 })
        let comparing = Comparing(metric: metric, method: plan.method, base: base)
        let empty = GroupMoments(empty: groups.values.first?.moments.columns ?? 1)
        var sofar = variants.map { _ in empty }
        let final = variants.map { variant in groups.filter { $0.key.variant == variant }.values.reduce(0) { $0 + $1.count } }
        var points = [[Course.Point]](repeating: [], count: variants.count - 1)
        for bucket in buckets.keys.sorted() {
            for (group, moments) in buckets[bucket] ?? [] {
                guard let place = variants.firstIndex(of: group.variant) else { continue }
                sofar[place] = sofar[place].merged(with: moments)
            }
            let adjustment = try? comparing.adjustment(of: sofar)
            for index in variants.indices.dropFirst() {
                let tuned = plan.method.tunedFor ?? Double(max(1, final[0] + final[index]))
                // Before that the band means little.
                guard min(sofar[0].count, sofar[index].count) >= Analysis.fewestUnits,
                    let sequence = try? comparing.sequence(
                        of: index, in: sofar, adjustment, tuning: .sampleSize(tuned, level: plan.method.confidence)),
                    let interval = try? sequence.confidenceInterval(level: plan.method.confidence)
                else { continue }
                points[index - 1].append(
                    Course.Point(
                        time: min(end, start + Double(bucket + 1) * step), count: sofar[0].count + sofar[index].count,
                        difference: sequence.estimate, low: interval.low, high: interval.high))
            }
        }
        return points
    }
}
