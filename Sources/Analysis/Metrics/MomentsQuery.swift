import Experiments
import Statistics
import Warehouse

/// Asks the warehouse for the sufficient statistics of many metrics at once.
struct MomentsQuery {
    let units: UnitTable
    let metrics: [MetricColumns]
    let session: Session

    /// A variant, or the part of it where a text has a value.
    struct Group: Hashable {
        let variant: String
        let part: Part?
    }

    /// A value of one of the texts by which units are divided; the text is given by its place among them.
    struct Part: Hashable {
        let text: Int
        let value: ExactText?
    }

    /// What came back: the answer itself, which group each of its rows is about, and the moments of every metric.
    struct Answer {
        let table: ResultTable
        let rows: [(variant: String?, part: Part?)]
        /// Of a metric with a fault there are none.
        let moments: [[Group: GroupMoments]]
        /// By metric why it cannot be computed with, if it cannot.
        let faults: [MetricFault?]
    }

    /// How many groups an answer may have; a column with more values than that divides units into nothing.
    static let mostGroups = 100_000

    /// How many units of a view the centres are taken from: enough to be near the means, and few enough to be read at once.
    private static let sampled = 2048

    /// What deviations are summed around, so that no digits are lost to a large common part.
    ///
    /// Of the variants' means the one nearest to zero, for a wrong value that is much too large moves one variant's mean away from all that the
    /// others did. Of a view, the means of its first units. Of a ratio as well a multiple near it, for ``MetricColumns/base``: by the same rule the
    /// variants' ratio that is nearest to zero; 0 where none is needed.
    func centers(_ policy: Plan.Assignment.Policy) async throws(AnalysisError) -> (centers: [[Double]], bases: [Double]) {
        var list: [SQL] = []
        for (j, metric) in metrics.enumerated() {
            for (a, column) in metric.columns.enumerated() {
                list.append("avg(\(metric.counted(column, otherwise: units.dialect.missingNumber))) AS \(column: "c\(j)_\(a)")")
            }
        }
        let some: SQL = "(SELECT * FROM \(table: units.name) LIMIT \(value: MomentsQuery.sampled)) AS g_some"
        let table = try await session.query(
            "centres of the metrics",
            """
            SELECT \(units.variant(policy)) AS g_variant, \(list.joined(", ")) FROM \(units.isView ? some : "\(table: units.name)")
            WHERE \(units.isAssigned) GROUP BY g_variant LIMIT \(value: MomentsQuery.mostGroups)
            """)
        var (centers, bases): ([[Double]], [Double]) = ([], [])
        for (j, metric) in metrics.enumerated() {
            var means: [[Double?]] = []
            for a in metric.columns.indices { means.append(try table.column(numbers: "c\(j)_\(a)")) }
            centers.append(means.map { MomentsQuery.nearest($0.compactMap(\.self)) })
            guard metric.metric.kind == .ratio, metric.base == 0 else {
                bases.append(0)
                continue
            }
            let base = MomentsQuery.nearest(
                zip(means[0], means[1]).compactMap { above, below in below.flatMap { below in above.map { $0 / below } } })
            bases.append(ValueLimits.multiples.contains(abs(base)) ? base : 0)
        }
        return (centers, bases)
    }

    /// The mean that is nearest to zero; zero if there is none.
    private static func nearest(_ means: [Double]) -> Double { means.filter(\.isFinite).min { abs($0) < abs($1) } ?? 0 }

    /// How many standard deviations a centre may lie from a mean: the variance has lost six of its sixteen digits then.
    private static let far = 1000.0

    /// Better centres, where one that was used lies so far from a variant's mean that digits were lost: the mean that is furthest from it.
    static func better(_ centers: [[Double]], after moments: [[Group: GroupMoments]]) -> [[Double]]? {
        var isFar = false
        let better = zip(centers, moments).map { centers, groups in
            let whole = groups.filter { $0.key.part == nil && $0.value.count > 1 }.map(\.value)
            return centers.enumerated().map { index, center in
                let distances = whole.filter { index > 0 || $0.minimum != $0.maximum }.map { group in
                    let summary = group.moments.summary(index)
                    return (mean: summary.mean, distance: abs(summary.mean - center), deviation: summary.standardDeviation)
                }.filter { $0.distance > far * $0.deviation }
                guard let worst = distances.max(by: { $0.distance / $0.deviation < $1.distance / $1.deviation }) else { return center }
                isFar = true
                return worst.mean
            }
        }
        return isFar ? better : nil
    }

    /// The moments of every metric in every variant and in every value of every text, in one pass over the units.
    ///
    /// - Parameter more: other aggregates to ask for in the same pass.
    func answer(
        _ purpose: String, around centers: [[Double]], policy: Plan.Assignment.Policy, by texts: [SQL] = [], more: [SQL] = []
    ) async throws(AnalysisError) -> Answer {
        var list = more
        for (j, metric) in metrics.enumerated() { list += aggregates(metric, j, centers[j]) }
        let divided = units.dialect.divided(
            "\(table: units.name)", by: units.variant(policy), within: units.stratum, and: texts, aggregates: list,
            limit: MomentsQuery.mostGroups + 1)
        let table = try await session.query(purpose, divided)
        guard table.rowCount <= MomentsQuery.mostGroups else {
            throw .data(
                "the variant and the segments have more than \(MomentsQuery.mostGroups) values together: too many to be compared; "
                    + "look whether they are the columns that were meant")
        }
        let rows = try parts(table, texts.count)
        let strata = units.stratum == nil ? [] : try table.column(texts: "g_stratum")
        var (results, faults): ([[Group: GroupMoments]], [MetricFault?]) = ([], [])
        for (j, metric) in metrics.enumerated() {
            var groups: [Group: GroupMoments] = [:]
            var fault: MetricFault?
            let columns = try Columns(table, j, metric)
            do throws(StatisticsError) {
                for (row, (variant, part)) in rows.enumerated() {
                    guard let variant else { continue }
                    let key = Group(variant: variant, part: part)
                    let found = try columns.group(row, centers[j])
                    let group = strata.isEmpty ? found : found.all(in: strata[row].map(ExactText.init))
                    groups[key] = groups[key]?.merged(with: group) ?? group
                }
            } catch {
                fault = .tooLarge(metric.metric, covariate: metric.covariate(error))
            }
            results.append(fault == nil ? groups : [:])
            faults.append(fault)
        }
        return Answer(table: table, rows: rows, moments: results, faults: faults)
    }

    /// Which group each row of a divided answer is about.
    private func parts(_ table: ResultTable, _ count: Int) throws(AnalysisError) -> [(variant: String?, part: Part?)] {
        let variants = try table.column(texts: "g_variant")
        guard count > 0 else { return variants.map { ($0, nil) } }
        let (places, values) = (try table.column(numbers: "g_place"), try table.column(texts: "g_value"))
        return variants.indices.map { row in
            let place = Int(places[row] ?? 0)
            return (variants[row], place == 0 ? nil : Part(text: place - 1, value: values[row].map(ExactText.init)))
        }
    }

    private func aggregates(_ metric: MetricColumns, _ j: Int, _ centers: [Double]) -> [SQL] {
        let (columns, zero) = (metric.columns, "\(value: 0.0)" as SQL)
        let plain = metric.outcome.first ?? zero
        func sum(_ number: SQL, _ name: String) -> SQL { "sum(\(metric.counted(number, otherwise: zero))) AS \(column: name)" }
        var list: [SQL] = [sum("\(value: 1.0)", "n\(j)")]
        let deviations = zip(columns, centers).map { "(\($0) - \(value: $1))" as SQL }
        for a in columns.indices {
            list.append(sum(deviations[a], "s\(j)_\(a)"))
            for b in a..<columns.count { list.append(sum("\(deviations[a]) * \(deviations[b])", "p\(j)_\(a)_\(b)")) }
        }
        let first = metric.counted(plain, otherwise: units.dialect.missingNumber)
        list.append("min(\(first)) AS \(column: "l\(j)")")
        list.append("max(\(first)) AS \(column: "h\(j)")")
        list.append(sum("CASE WHEN \(plain) < \(zero) THEN \(value: 1.0) ELSE \(zero) END", "g\(j)"))
        list.append(sum(plain, "t\(j)"))
        if let beyond = metric.beyond { list.append(sum("CASE WHEN \(beyond) THEN \(value: 1.0) ELSE \(zero) END", "k\(j)")) }
        if let outside = metric.outside {
            list.append("sum(CASE WHEN \(outside) THEN \(value: 1.0) ELSE \(zero) END) AS \(column: "o\(j)")")
        }
        return list
    }

    /// The columns of one metric in the answer.
    private struct Columns {
        let counts, minima, maxima, negatives, totals, outside, beyond: [Double?]
        let sums: [[Double?]]
        let products: [[Double?]]
        /// Whether the first column counts, so that its sum is exact.
        let isCount: Bool
        /// What was taken out of the first column.
        let base: Double

        init(_ table: ResultTable, _ j: Int, _ metric: MetricColumns) throws(AnalysisError) {
            let size = metric.columns.count
            (isCount, base) = (metric.metric.kind == .conversion, metric.base)
            counts = try table.column(numbers: "n\(j)")
            minima = try table.column(numbers: "l\(j)")
            maxima = try table.column(numbers: "h\(j)")
            negatives = try table.column(numbers: "g\(j)")
            totals = try table.column(numbers: "t\(j)")
            outside = metric.outside == nil ? [] : try table.column(numbers: "o\(j)")
            beyond = metric.beyond == nil ? [] : try table.column(numbers: "k\(j)")
            var (sums, products): ([[Double?]], [[Double?]]) = ([], [])
            for a in 0..<size {
                sums.append(try table.column(numbers: "s\(j)_\(a)"))
                for b in 0..<size { products.append(try table.column(numbers: "p\(j)_\(min(a, b))_\(max(a, b))")) }
            }
            (self.sums, self.products) = (sums, products)
        }

        func group(_ row: Int, _ centers: [Double]) throws(StatisticsError) -> GroupMoments {
            let count = Int(counts[row] ?? 0)
            // Sums may have lost what was beyond.
            guard max(abs(minima[row] ?? 0), abs(maxima[row] ?? 0)) < ValueLimits.greatest else {
                throw .infinite(argument: "covariances", index: 0)
            }
            let (sums, products) = (sums.map { $0[row] ?? 0 }, products.map { $0[row] ?? 0 })
            let isConstant = minima[row] == maxima[row]
            let share = isCount && count > 0 ? totals[row].map { $0 / Double(count) } : nil
            var moments = try CoMoments(
                count: count, centers: centers, sums: sums, products: products, first: base != 0 ? nil : isConstant ? minima[row] : share,
                isConstant: isConstant && base == 0)
            if base != 0 { moments = try moments.cleaned(beyond: base, isNothing: isConstant && minima[row] == 0) }
            return GroupMoments(
                moments: moments, minimum: minima[row], maximum: maxima[row], negatives: Int(negatives[row] ?? 0),
                outside: outside.isEmpty ? 0 : Int(outside[row] ?? 0), beyond: beyond.isEmpty ? 0 : Int(beyond[row] ?? 0),
                sum: totals[row] ?? 0)
        }
    }
}
