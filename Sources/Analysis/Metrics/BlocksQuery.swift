import Experiments
import Statistics
import Warehouse

/// Asks the warehouse for what is known of a metric block by block.
struct BlocksQuery {
    let units: UnitTable
    let session: Session
    let metric: MetricColumns
    let policy: Plan.Assignment.Policy
    /// What a unit of each covariate is worth, which is taken out of the values; empty where nothing is.
    let slopes: [Double]
    /// A number near each covariate.
    let centers: [Double]

    /// The most compositions that blocks may have.
    private static let mostCompositions = 10_000

    /// The sufficient statistics of the blocks that have units of both variants, the treatment first.
    ///
    /// - Parameters:
    ///   - center: a number near the values.
    ///   - difference: a number near the blocks' differences.
    func compositions(
        _ treatment: String, against control: String, center: Double, difference: Double
    ) async throws(AnalysisError) -> [BlockedDifference.Composition] {
        guard let outcome else { return [] }
        let (zero, one) = ("\(value: 0.0)" as SQL, "\(value: 1.0)" as SQL)
        func sums(_ variant: String, _ place: Int) -> [SQL] {
            let isOf: SQL = "g_variant = \(value: variant)"
            return [("n", one), ("s", "g_value"), ("q", "g_value * g_value")].map { name, number in
                "sum(CASE WHEN \(isOf) THEN \(number) ELSE \(zero) END) AS \(column: "g_\(name)\(place)")"
            }
        }
        let blocks: SQL = """
            SELECT g_block, \((sums(treatment, 1) + sums(control, 0)).joined(", ")) FROM (\(values(outcome, less: center))) AS g_units
            GROUP BY g_block
            """
        func variance(_ place: Int) -> SQL {
            let (n, s, q) = ("\(column: "g_n\(place)")" as SQL, "\(column: "g_s\(place)")" as SQL, "\(column: "g_q\(place)")" as SQL)
            return "(\(q) - \(s) * \(s) / \(n)) / (\(n) - \(one)) / \(n)"
        }
        let each: SQL = """
            SELECT g_n1, g_n0, g_s1 / g_n1 - g_s0 / g_n0 - \(value: difference) AS g_d,
            CASE WHEN g_n1 > \(one) AND g_n0 > \(one) THEN \(variance(1)) ELSE \(zero) END AS g_v1,
            CASE WHEN g_n1 > \(one) AND g_n0 > \(one) THEN \(variance(0)) ELSE \(zero) END AS g_v0
            FROM (\(blocks)) AS g_blocks WHERE g_n1 > \(zero) AND g_n0 > \(zero)
            """
        let table = try await session.query(
            "\(metric.metric.name.text) block by block, \(treatment) against \(control)",
            """
            SELECT g_n1 AS first, g_n0 AS second, count(*) AS blocks, sum(g_d) AS d, sum(g_d * g_d) AS dd, sum(g_v1) AS v1, sum(g_v0) AS v0
            FROM (\(each)) AS g_each GROUP BY g_n1, g_n0 LIMIT \(value: BlocksQuery.mostCompositions + 1)
            """)
        guard table.rowCount <= BlocksQuery.mostCompositions else { return [] }
        let (first, second) = (try table.column(numbers: "first"), try table.column(numbers: "second"))
        let (counts, d) = (try table.column(numbers: "blocks"), try table.column(numbers: "d"))
        let dd = try table.column(numbers: "dd")
        let (v1, v0) = (try table.column(numbers: "v1"), try table.column(numbers: "v0"))
        return first.indices.map { row in
            let (count, sum) = (counts[row] ?? 0, d[row] ?? 0)
            return BlockedDifference.Composition(
                first: Int(first[row] ?? 0), second: Int(second[row] ?? 0), blocks: Int(count), difference: difference + sum / count,
                varianceBetween: count > 1 ? max(0, ((dd[row] ?? 0) - sum * sum / count) / (count - 1)) : 0,
                varianceOfFirst: max(0, (v1[row] ?? 0) / count), varianceOfSecond: max(0, (v0[row] ?? 0) / count))
        }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }

    /// The values themselves, block by block, the treatment first.
    func values(_ treatment: String, against control: String) async throws(AnalysisError) -> [PermutationTest.Block] {
        guard let outcome else { return [] }
        let table = try await session.query(
            "values of \(metric.metric.name.text) block by block",
            """
            SELECT g_block, g_variant, g_value FROM (\(values(outcome, less: 0))) AS g_units
            WHERE g_variant IN (\(value: treatment), \(value: control)) ORDER BY g_block, g_variant, g_value
            """)
        let blocks = try table.column(texts: "g_block").map { $0.map(ExactText.init) }
        let variants = try table.column(texts: "g_variant")
        let numbers = try table.column(numbers: "g_value")
        var found: [PermutationTest.Block] = []
        var row = 0
        while row < blocks.count {
            var (first, second): ([Double], [Double]) = ([], [])
            let block = blocks[row]
            while row < blocks.count, blocks[row] == block {
                if let number = numbers[row] { if variants[row] == treatment { first.append(number) } else { second.append(number) } }
                row += 1
            }
            found.append(PermutationTest.Block(first: first, second: second))
        }
        return found
    }

    /// What is measured of a unit, less what its covariates foretell of it: a constant besides is the same in both variants.
    private var outcome: SQL? {
        guard let plain = metric.outcome.first else { return nil }
        return zip(slopes, zip(metric.covariates, centers)).reduce(plain) { rest, next in
            guard ValueLimits.multiples.contains(abs(next.0)) else { return rest }
            return "(\(rest) - \(value: next.0) * (\(next.1.0) - \(value: next.1.1)))"
        }
    }

    private func values(_ outcome: SQL, less center: Double) -> SQL {
        let counted: SQL = metric.population.map { " AND \($0)" } ?? ""
        return """
            SELECT u_block AS g_block, \(units.variant(policy)) AS g_variant, \(outcome) - \(value: center) AS g_value
            FROM \(table: units.name) WHERE \(units.isAssigned) AND u_block IS NOT NULL\(counted)
            """
    }
}
