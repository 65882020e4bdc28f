import Experiments
import Statistics
import Warehouse

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
    /// At how many times a course is shown.
    private static let steps = 40

    /// The courses of all metrics that are means, conversions or ratios, by the time of exposure.
    func courses(from times: ClosedRange<Double>) async throws(AnalysisError) -> [Course] {
        let places = plan.metrics.indices.filter {
            ![.quantile, .count].contains(plan.metrics[$0].kind) && plan.metrics[$0].test != .ranks
        }
        guard !places.isEmpty, times.upperBound > times.lowerBound else { return [] }
        let query = MomentsQuery(units: units, metrics: places.map { survey.columns[$0] }, session: session)
        // Whole days where there are enough of them.
        let days = (times.upperBound - times.lowerBound) / 86400
        let step = days >= 5 ? (days / Double(Evaluation.steps)).rounded(.up) * 86400 : (times.upperBound - times.lowerBound) / 20
        let bucket = units.dialect.asText("floor((u_time - \(value: times.lowerBound)) / \(value: step))")
        let answer = try await query.answer(
            "metrics by time of exposure", around: places.map { survey.centers[$0] },
            policy: plan.assignment.policy, by: [bucket])
        var courses: [Course] = []
        for (place, found) in zip(places, answer.moments) {
            let groups = found.filter { $0.key.part != nil }
            for treatment in variants.dropFirst() {
                let points = course(plan.metrics[place], groups, treatment, start: times.lowerBound, step: step, end: times.upperBound)
                courses.append(Course(metric: plan.metrics[place].name.text, control: variants[0], treatment: treatment, points: points))
            }
        }
        return courses
    }

    private func course(
        _ metric: Plan.Metric, _ groups: [MomentsQuery.Group: GroupMoments], _ treatment: String, start: Double, step: Double, end: Double
    ) -> [Course.Point] {
        let buckets = Dictionary(grouping: groups, by: { $0.key.part?.value.flatMap(Double.init).map { Int($0) } ?? 0 })
        let measure: Statistics.Measure = metric.kind == .ratio ? .ratio(of: 0, to: 1) : .mean(of: 0)
        let size = groups.values.first?.moments.columns ?? 1
        var (control, treated) = (CoMoments(columns: size), CoMoments(columns: size))
        let final = groups.filter { $0.key.variant == variants[0] || $0.key.variant == treatment }.values.reduce(0) { $0 + $1.count }
        let tuning = ConfidenceSequence.Tuning.sampleSize(plan.method.tunedFor ?? Double(max(1, final)), level: plan.method.confidence)
        var points: [Course.Point] = []
        for bucket in buckets.keys.sorted() {
            for (group, moments) in buckets[bucket] ?? [] {
                if group.variant == variants[0] { control.merge(moments.moments) }
                if group.variant == treatment { treated.merge(moments.moments) }
            }
            // Before some tens of units an arm, the band means little.
            guard control.count >= 20, treated.count >= 20,
                let a = try? control.summary(of: measure), let b = try? treated.summary(of: measure), let test = try? WelchTTest(b, a),
                let sequence = try? ConfidenceSequence(test, count: a.count + b.count, tuning: tuning),
                let interval = try? sequence.confidenceInterval(level: plan.method.confidence)
            else { continue }
            points.append(
                Course.Point(
                    time: min(end, start + Double(bucket + 1) * step), count: a.count + b.count, difference: test.estimate,
                    low: interval.low,
                    high: interval.high))
        }
        return points
    }
}
