import Analysis
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// What is judged within blocks is what is told beside it.
@Suite struct BlockTests {
    // A hundred blocks of two and two, what units pay rising from block to block and following a habit from before.
    private static func payments(blocks: Int = 100) async throws -> any Warehouse {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 4 IN (1, 2) THEN 'b' ELSE 'a' END AS arm, i // 4 AS block,
            TIMESTAMP '2024-02-01' AS seen, i * 7919 % 101 + i * i % 37 AS habit FROM range(\(value: 4 * blocks)) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE paid AS SELECT id, seen - INTERVAL 1 DAY AS at, habit AS money FROM units UNION ALL
            SELECT id, seen + INTERVAL 1 DAY, habit / 2 + id * 31 % 17 + 4 * (block % 7) + CASE arm WHEN 'b' THEN 3 ELSE 0 END FROM units
            """)
        return duckdb
    }

    private static func report(_ more: String, blocks: Int = 100) async throws -> AnalysisReport {
        try await analyse(
            """
            experiment: x
            sources: {units: {table: units}, paid: {table: paid}}
            assignment: {source: units, unit: id, variant: arm, control: a, time: seen, block: block}
            facts: {paid: {source: paid, value: money, time: at}}
            metrics: {m: {kind: mean, of: paid\(more)}}
            """, on: payments(blocks: blocks), prefersTables: true)
    }

    // NumPy: the blocks' differences of y - θ (x - x̄), θ = cov(y, x) / var(x) over all units; standard errors by Neyman within blocks, and by
    // Welch over all units.
    @Test func `a metric with a covariate is judged within blocks with the covariate taken out`() async throws {
        for (more, difference, error, whole, test) in [
            ("", 3.2875, 1.793085678376803, 1.8515994291368476, "Welch's t test"),
            (
                ", covariate: {of: paid, before: 5 days}", 3.0818203761713208, 0.5358709137986186, 0.9555308358460548,
                "Welch's t test after CUPED"
            ),
        ] {
            let comparison = try await BlockTests.report(more).metric("m").first
            let within = try #require(comparison.withinBlocks)
            #expect(
                close(within.difference, difference) && close(within.standardError, error), "\(within.difference), \(within.standardError)")
            #expect(close(within.difference, comparison.difference), "beside it stands the same difference")
            #expect(close(within.gain, whole * whole / (error * error) - 1, 1e-8) && within.gain > 0, "\(within.gain)")
            #expect(within.isAdjusted == !more.isEmpty && within.test == test && comparison.test == test)
            let text = within.text(.plain)
            #expect(
                text.hasPrefix("within 100 blocks\(more.isEmpty ? "" : ", after CUPED"): \(Figures.significant(difference)), interval "),
                "\(text)")
            #expect(text.hasSuffix("; equals running \(Figures.percent(within.gain, 2)) longer without blocks (\(test))"), "\(text)")
        }
    }

    @Test func `the p-value of draws has no more digits than they tell, and says how low it could go`() async throws {
        // By 20,000 draws of NumPy's it is 0.063, and below all that are drawn with the covariate taken out.
        let plain = try await BlockTests.report("")
        let dealt = try #require(try plain.metric("m").first.withinBlocks?.randomization)
        #expect(!dealt.isExact && dealt.assignments == 999 && dealt.least == 0.002 && abs(dealt.pValue - 0.0626) < 0.03)
        let text = try #require(try plain.metric("m").first.withinBlocks).text(.plain)
        #expect(text.contains(#/, p 0\.0\d\d of 999 draws, which show none below 0\.002; /#), "\(text)")
        #expect(plain.json.description.contains("\"assignments\":999,\"isExact\":false,\"leastPValue\":0.002"))
        let html = ReportPage(plain, library: "").html
        #expect(html.contains(/p 0\.0\d\d of 999 draws, which show none below 0\.002/) && html.contains("; within 100 blocks: "))

        let least = try await BlockTests.report(", covariate: {of: paid, before: 5 days}")
        #expect(try least.metric("m").first.withinBlocks?.randomization?.pValue == 0.002)
        #expect(least.text.replacing(/\s+/, with: " ").contains(", p 0.002 or less of 999 draws, which show none below; "), "\(least.text)")

        // Two blocks of two and two are dealt in 36 ways.
        let few = try #require(try await BlockTests.report("", blocks: 2).metric("m").first.withinBlocks)
        #expect(few.randomization?.isExact == true && few.randomization?.least == 2.0 / 36)
        #expect(few.text(.plain).contains(" of all 36 assignments; "), "\(few.text(.plain))")
    }

    // Thirty blocks of one and one, then twenty of nine and one, and an effect that is not the same in both: by units it would be 0.6 of the way.
    @Test func `after a change of weights it is of the very difference that is told within strata`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i < 60 THEN 1 ELSE 2 END AS epoch, TIMESTAMP '2024-02-01' AS seen,
            i * 7919 % 101 AS habit, CASE WHEN i < 60 THEN i // 2 ELSE 30 + (i - 60) // 10 END AS block,
            CASE WHEN i < 60 AND (i + i // 2) % 2 = 0 OR i >= 60 AND i % 10 = i // 10 % 10 THEN 'b' ELSE 'a' END AS arm FROM range(260) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE paid AS SELECT id, seen - INTERVAL 1 DAY AS at, habit AS money FROM units UNION ALL
            SELECT id, seen + INTERVAL 1 DAY, habit / 4 + id * 31 % 17 + 6 * (block % 7)
                + CASE WHEN arm = 'a' THEN 0 WHEN epoch = 1 THEN 9 ELSE 1 END FROM units
            """)
        let rows = try await duckdb.query(
            "SELECT arm, epoch, (SELECT money FROM paid WHERE paid.id = units.id AND paid.at > units.seen) AS y FROM units")
        let (arms, epochs, y) = (try rows.texts("arm"), try rows.numbers("epoch"), try rows.numbers("y"))
        func mean(_ arm: String, _ epoch: Double) -> Double {
            let values = arms.indices.filter { arms[$0] == arm && epochs[$0] == epoch }.compactMap { y[$0] }
            return values.reduce(0, +) / Double(values.count)
        }
        // n₁n₀/(n₁ + n₀) of 30 and 30, and of 20 and 180.
        let effects = [1.0, 2].map { mean("b", $0) - mean("a", $0) }
        let expected = (15 * effects[0] + 18 * effects[1]) / 33
        #expect(abs(expected - (60 * effects[0] + 200 * effects[1]) / 260) > 1)
        for more in ["", ", covariate: {of: paid, before: 5 days}"] {
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}, paid: {table: paid}}
                assignment: {source: units, unit: id, variant: arm, control: a, weights: {a: 210, b: 50}, time: seen, block: block, stratum: epoch}
                facts: {paid: {source: paid, value: money, time: at}}
                metrics: {m: {kind: mean, of: paid\(more)}}
                """, on: duckdb, prefersTables: true)
            let comparison = try report.metric("m").first
            let within = try #require(comparison.withinBlocks)
            #expect(close(within.difference, comparison.difference, 1e-9), "\(within.difference), \(comparison.difference)")
            #expect(within.blocks == 50 && within.units == 260 && within.unitsLeftOut == 0 && within.gain > 0, "\(within.gain)")
            if more.isEmpty { #expect(close(within.difference, expected, 1e-9), "\(within.difference), \(expected)") }
        }
    }

    @Test func `what covariates took away is of the very difference that is told`() async throws {
        // As in StatisticsTests, but put together here: two strata of unlike shares, and a third variant that is compared by itself.
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 10 = 9 THEN 'c' WHEN i < 240 AND i % 5 = 0 OR i >= 240 AND i % 2 = 1 THEN 'b' ELSE 'a' END
            AS arm, CASE WHEN i < 240 THEN 0 ELSE 1 END AS epoch, TIMESTAMP '2024-02-01' AS seen, i * 7919 % 101 AS habit FROM range(600) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE paid AS SELECT id, seen - INTERVAL 1 DAY AS at, habit AS money FROM units UNION ALL
            SELECT id, seen + INTERVAL 1 DAY, CASE arm WHEN 'c' THEN id * 37 % 101 / 2 + 8 ELSE habit / 2 + id * 31 % 17 END + 3 * epoch FROM units
            """)
        let rows = try await duckdb.query(
            "SELECT arm, epoch, habit, (SELECT money FROM paid WHERE paid.id = units.id AND paid.at > units.seen) AS y FROM units")
        let (arms, epochs) = (try rows.texts("arm"), try rows.numbers("epoch"))
        let (x, y) = (try rows.numbers("habit"), try rows.numbers("y"))
        func moments(_ arm: String, _ epoch: Double?) throws -> CoMoments {
            let places = arms.indices.filter { arms[$0] == arm && (epoch == nil || epochs[$0] == epoch) }
            return try CoMoments([y, x].map { column in places.compactMap { column[$0] } })
        }
        for stratum in ["", ", stratum: epoch"] {
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}, paid: {table: paid}}
                assignment: {source: units, unit: id, variant: arm, control: a, weights: {a: 348, b: 192, c: 60}, time: seen\(stratum)}
                facts: {paid: {source: paid, value: money, time: at}}
                metrics: {m: {kind: mean, of: paid, covariate: {of: paid, before: 5 days}}}
                decision: {ship on: m, smallest effect: 1}
                """, on: duckdb, prefersTables: true)
            let metric = try report.metric("m")
            var expected: [Double] = []
            var error = 0.0
            for arm in ["b", "c"] {
                let (effect, plain): (Effect, WelchTTest)
                if stratum.isEmpty {
                    let cuped = try CUPED(variants: ["a", "b", "c"].map { try moments($0, nil) })
                    effect = try cuped.effect(of: arm == "b" ? 1 : 2, against: 0)
                    plain = try WelchTTest(moments(arm, nil).summary(0), moments("a", nil).summary(0))
                } else {
                    let strata = try Stratification([0, 1].map { try .init(treatment: moments(arm, $0), control: moments("a", $0)) })
                    effect = try CUPED(treatment: strata.treatment, control: strata.control).effect()
                    plain = try WelchTTest(strata.treatment.summary(0), strata.control.summary(0))
                }
                error = effect.standardError
                expected.append(1 - effect.standardError * effect.standardError / (plain.standardError * plain.standardError))
            }
            #expect(
                zip(metric.comparisons, expected).allSatisfy { close($0.varianceReduction, $1, 1e-7) },
                "\(metric.comparisons.map(\.varianceReduction)), \(expected)")
            // The habit foretells what b does, and nothing of c.
            #expect(expected[0] > expected[1] + 0.2 && close(metric.varianceReduction, expected[1], 1e-7), "\(expected)")
            let said =
                "took away \(Figures.percent(expected[0])) of the variance of b less a, \(Figures.percent(expected[1])) of the variance of c less a."
            #expect(report.text.replacing(/\s+/, with: " ").contains(said), "\(report.text)")
            // And so many units it takes of the control.
            // By the control's deviation, unless the difference itself is known better or worse by a tenth, as it may be within strata.
            let alone = try metric.group("a").standardDeviation * (1 - expected[1]).squareRoot()
            let own = error / (1.0 / 348 + 1.0 / 60).squareRoot()
            let deviation = abs(own - alone) <= 0.1 * alone ? alone : own
            let needed = try WelchPower(MeansPower(standardDeviation: deviation, ratio: 60.0 / 348)).size(effect: 1, power: 0.8)
            #expect(
                report.verdict.text.contains("takes \(Figures.count(Int(needed.rounded(.up)))) units in a and "), "\(report.verdict.text)")
        }
    }

    // NumPy, of the units of GuardrailTests: 1 - (v + w) / (v₀ + w₀) of the means' variances with and without the covariate taken out; pooled over
    // variants of 372 and 228 units it would be 0.8903.
    @Test func `of unequal variants it is the share of the variance of the difference`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i < 240 AND i % 5 = 0 OR i >= 240 AND i % 2 = 1 THEN 'b' ELSE 'a' END AS arm,
            CASE WHEN i < 240 THEN 0 ELSE 1 END AS epoch, TIMESTAMP '2024-02-01' AS seen, i * 7919 % 101 AS habit FROM range(600) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE paid AS SELECT id, seen - INTERVAL 1 DAY AS at, habit AS money FROM units UNION ALL
            SELECT id, seen + INTERVAL 1 DAY, habit / 2 + id * 31 % 17 + 3 * epoch + CASE arm WHEN 'b' THEN 12 ELSE 0 END FROM units
            """)
        let report = try await analyse(
            """
            experiment: x
            sources: {units: {table: units}, paid: {table: paid}}
            assignment: {source: units, unit: id, variant: arm, control: a, weights: {a: 372, b: 228}, time: seen}
            facts: {paid: {source: paid, value: money, time: at}}
            metrics: {m: {kind: mean, of: paid, covariate: {of: paid, before: 5 days}}}
            """, on: duckdb, prefersTables: true)
        #expect(try close(report.metric("m").first.varianceReduction, 0.8932926787929258, 1e-9))
        #expect(report.text.contains("took away 89.3 % of"), "\(report.text)")
        #expect(report.json.description.contains("\"varianceReduction\":0.8932926787"))
    }
}
