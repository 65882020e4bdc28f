import Analysis
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// Plans over small tables, against the same statistics computed from the raw values.
@Suite struct MetricTests {
    // 400 units with times, in a table of DuckDB; events before and after exposure.
    private static func shop() async throws -> any Warehouse {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm,
                TIMESTAMP '2024-01-10 00:00:00' + INTERVAL 1 HOUR * i AS seen, 'land ' || (i % 3) AS land FROM range(400) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE sales AS SELECT i AS id, TIMESTAMP '2024-01-10 00:00:00' + INTERVAL 1 HOUR * i + INTERVAL 1 DAY * k AS at,
                1e6 + (i * 7919 % 101) * (1 + (k + 20) * 0.1) + (i % 2) AS money, k AS kind
            FROM range(400) AS r(i), (VALUES (-9), (-2), (1), (3), (8)) AS days(k) WHERE (i + k) % 7 <> 0
            """)
        return duckdb
    }

    private static let head = """
        experiment: shop
        sources: {units: {table: units}, sales: {table: sales}}
        assignment: {source: units, unit: id, variant: arm, control: a, time: seen}
        facts:
          sales: {source: sales, value: money, time: at}
          visits: {source: sales, time: at}

        """

    // What SQL of the test's own says of a unit.
    private static func values(_ shop: any Warehouse, _ expression: SQL, _ arm: String) async throws -> [Double] {
        try await shop.query(
            """
            SELECT coalesce((SELECT \(expression) FROM sales WHERE sales.id = units.id AND sales.at >= units.seen), 0)::DOUBLE AS v
            FROM units WHERE arm = \(value: arm) ORDER BY id
            """
        ).numbers("v").compactMap(\.self)
    }

    @Test func `events before exposure and after the window do not count`() async throws {
        let shop = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + "metrics: {week: {kind: mean, of: sales, window: 7 days}, all: {kind: mean, of: sales}}", on: shop,
            prefersTables: true)
        for (name, expression) in [("week", "sum(money) FILTER (sales.at < units.seen + INTERVAL 7 DAY)"), ("all", "sum(money)")]
            as [(String, SQL)]
        {
            let (a, b) = (try await MetricTests.values(shop, expression, "a"), try await MetricTests.values(shop, expression, "b"))
            let test = try WelchTTest(b, a)
            let found = try report.metric(name).first
            #expect(close(found.statistic, test.statistic) && close(found.pValue, test.pValue) && close(found.difference, test.estimate))
        }
        #expect(try report.check("facts before exposure").status == .warning)
    }

    @Test func `CUPED takes out what was before`() async throws {
        let shop = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + "metrics: {sales: {kind: mean, of: sales, covariate: {of: sales, before: 5 days}}}", on: shop,
            prefersTables: true)
        var groups: [CoMoments] = []
        for arm in ["a", "b"] {
            let after = try await MetricTests.values(shop, "sum(money)", arm)
            let before = try await shop.query(
                """
                SELECT coalesce((SELECT sum(money) FROM sales WHERE sales.id = units.id AND sales.at < units.seen AND sales.at >= units.seen - INTERVAL 5 DAY), 0)::DOUBLE AS v
                FROM units WHERE arm = \(value: arm) ORDER BY id
                """
            ).numbers("v").compactMap(\.self)
            groups.append(try CoMoments([after, before]))
        }
        let cuped = try CUPED(variants: groups)
        let effect = try cuped.effect()
        let metric = try report.metric("sales")
        #expect(try close(metric.first.statistic, effect.statistic) && close(metric.first.pValue, effect.pValue))
        #expect(close(metric.varianceReduction, cuped.varianceReduction))
    }

    @Test func `a variant with one unit leaves the covariate to the others`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT CASE WHEN i = 400 THEN 'c' WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i % 7 AS before,
            i % 7 * 10 + i * 7919 % 101 / 50 AS money FROM range(401) AS r(i)
            """)
        let plan = """
            experiment: shop
            sources: {units: {table: units}}
            assignment: {source: units, variant: arm, control: a}
            facts: {money: {source: units, value: money}, before: {source: units, value: before}}
            metrics: {money: {kind: mean, of: money, covariate: [before]}}
            """
        let three = try await analyse(plan, on: duckdb, prefersTables: true).metric("money")
        try await duckdb.execute("DELETE FROM units WHERE arm = 'c'")
        let two = try await analyse(plan, on: duckdb, prefersTables: true).metric("money")
        #expect(try #require(three.first.varianceReduction) > 0.9 && three.comparisons.count == 1)
        #expect(try close(three.first.statistic, two.first.statistic) && close(three.first.difference, two.first.difference))
        #expect(three.problems == ["c is not compared with a: c has 1 unit, at least 2 are needed"])
    }

    @Test func `a ratio errs as the delta method says, a cap cuts, a quantile is one of units`() async throws {
        let shop = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + """
                metrics:
                  check: {kind: ratio, of: sales, per: visits}
                  capped: {kind: mean, of: sales, cap: 90 %}
                  p90: {kind: quantile, of: sales, probability: 0.9}
                """, on: shop, prefersTables: true)
        var ratios: [CoMoments] = []
        var sums: [[Double]] = []
        for arm in ["a", "b"] {
            sums.append(try await MetricTests.values(shop, "sum(money)", arm))
            ratios.append(try await CoMoments([sums[sums.count - 1], MetricTests.values(shop, "count(*)", arm)]))
        }
        let ratio = try WelchTTest(ratios[1].summary(of: .ratio(of: 0, to: 1)), ratios[0].summary(of: .ratio(of: 0, to: 1)))
        #expect(try close(report.metric("check").first.pValue, ratio.pValue, 1e-8))
        let limit = try QuantileEstimate(sums[0] + sums[1], probability: 0.9).value
        let capped = try WelchTTest(sums[1].map { min($0, limit) }, sums[0].map { min($0, limit) })
        #expect(try close(report.metric("capped").first.statistic, capped.statistic))
        #expect(try close(report.metric("p90").group("a").mean, QuantileEstimate(sums[0], probability: 0.9).value))
    }

    @Test func `segments add up to the whole`() async throws {
        let shop = try await MetricTests.shop()
        let plain = try await analyse(MetricTests.head + "metrics: {sales: {kind: mean, of: sales}}", on: shop, prefersTables: true)
        let other = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + "segments: [land]\nmetrics: {sales: {kind: mean, of: sales}}", on: other, prefersTables: true)
        let (a, b) = (try plain.metric("sales"), try report.metric("sales"))
        #expect(b.segments.map(\.value) == ["land 0", "land 1", "land 2"])
        #expect(b.segments.flatMap(\.groups).map(\.count).reduce(0, +) == 400)
        #expect(try close(a.first.statistic, b.first.statistic) && close(a.first.pValue, b.first.pValue))
    }

    @Test func `an always-valid p-value is the confidence sequence's`() async throws {
        let shop = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + "method: {horizon: always-valid, tuned for: 500}\nmetrics: {sales: {kind: mean, of: sales}}", on: shop,
            prefersTables: true)
        let (a, b) = (try await MetricTests.values(shop, "sum(money)", "a"), try await MetricTests.values(shop, "sum(money)", "b"))
        let sequence = try ConfidenceSequence(WelchTTest(b, a), count: 400, tuning: .sampleSize(500, level: 0.95))
        #expect(try close(report.metric("sales").first.pValue, sequence.pValue))
    }

    @Test func `a large common part costs no digits`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute("CREATE TABLE t AS SELECT i % 2 AS arm, 1e9 + (i * 7919 % 1009) / 1009.0 AS v FROM range(100000) AS r(i)")
        let report = try await analyse(
            """
            experiment: x
            sources: {t: {table: t}}
            assignment: {source: t, variant: arm, control: 0}
            facts: {v: {source: t, value: v}}
            metrics: {v: {kind: mean, of: v}}
            """, on: duckdb, prefersTables: true)
        let values = try await duckdb.query("SELECT arm, v FROM t")
        let (arms, numbers) = (try values.numbers("arm"), try values.numbers("v"))
        let groups = [0.0, 1.0].map { arm in zip(arms, numbers).filter { $0.0 == arm }.compactMap(\.1) }
        let expected = try groups.map { try Summary($0) }
        for (group, summary) in zip(try report.metric("v").groups, expected) {
            #expect(close(group.standardDeviation, summary.standardDeviation, 1e-9))
            #expect(close(group.mean, summary.mean, 1e-15))
        }
    }

    @Test func `where nobody does something, or all the same, nothing is left of a rounding`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i < 29 THEN 'a' ELSE 'b' END AS arm, i = 30 AS bought,
                CASE WHEN i < 29 THEN 0.1 ELSE i * 0.7 END AS v, 1e3 + i * 0.3 AS u,
                CASE WHEN i < 29 THEN 0 ELSE i * 0.7 END AS w FROM range(67) AS r(i)
            """)
        let report = try await analyse(
            """
            experiment: x
            sources: {units: {table: units}}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {buying: {source: units, where: {bought: true}}, v: {source: units, value: v}, u: {source: units, value: u},
              w: {source: units, value: w}}
            metrics: {CR: {kind: conversion, of: buying}, v: {kind: mean, of: v}, u of v: {kind: ratio, of: u, per: v},
              u of w: {kind: ratio, of: u, per: w}}
            """, on: duckdb, prefersTables: true)
        let rate = try report.metric("CR")
        #expect(try rate.group("a").mean == 0 && rate.group("a").standardDeviation == 0)
        #expect(try rate.group("b").mean == 1.0 / 38)
        #expect(try rate.first.lift == nil && rate.first.liftInterval == nil)
        let same = try report.metric("v").group("a")
        #expect(same.mean == 0.1 && same.standardDeviation == 0)
        // Nothing was divided by, and no rounding of it.
        #expect(try report.metric("u of w").group("a").mean.isNaN && report.metric("u of w").comparisons.isEmpty)
        // A covariance with what does not vary is no more than a rounding, and not held against the sums.
        #expect(try close(report.metric("u of v").group("a").mean, (1e3 + 14 * 0.3) / 0.1))
    }

    @Test func `a plan that is judged by two methods asks the warehouse as often as by one`() async throws {
        let example = try ExamplePlan("shop/shop.yaml")
        let once = try Plan(yaml: example.yaml.replacing("horizon: always-valid, tuned for: 600, ", with: ""))
        func reports(_ plan: Plan, _ looks: [Analysis.Look]) async throws -> [AnalysisReport] {
            let session = Session(try await TestWarehouses.connect("duckdb:"))
            return try await Analysis(plan, folder: example.folder, session: session).report(looks)
        }
        let (fixed, always) = (Analysis.Look(method: once.method), Analysis.Look(method: example.plan.method, withCourses: true))
        let both = try await reports(once, [fixed, always])
        let alone = [try await reports(once, [fixed])[0], try await reports(example.plan, [always])[0]]
        #expect(both.map(\.text) == alone.map(\.text))
        #expect(both[0].courses.isEmpty && both[1].courses.count == alone[1].courses.count && !both[1].courses.isEmpty)
        #expect(try both[0].metric("revenue").first.withinBlocks != nil && both[1].metric("revenue").first.withinBlocks == nil)
        // The second adds but the course.
        #expect(both[1].statements.count == alone[0].statements.count + 1, "\(both[1].statements.map(\.purpose))")
    }

    @Test func `ranks that may be looked at any time are judged by the chance to exceed`() async throws {
        let shop = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + """
                metrics:
                  ranks: {kind: mean, of: sales, test: ranks}
                method: {horizon: always-valid, tuned for: 600}
                """, on: shop, prefersTables: true)
        let (a, b) = (try await MetricTests.values(shop, "sum(money)", "a"), try await MetricTests.values(shop, "sum(money)", "b"))
        let chance = try SuperiorityEstimate(b, a)
        let sequence = try ConfidenceSequence(
            estimate: chance.value, standardError: chance.standardError, count: chance.count, tuning: .sampleSize(600), nullValue: 0.5)
        let found = try report.metric("ranks").first
        #expect(close(found.pValue, sequence.pValue) && close(found.statistic, sequence.statistic))
        #expect(found.test == "confidence sequence of ranks" && found.reason.contains("valid at every look"))
        // What holds at any look says less than what holds at one.
        #expect(try found.pValue > MannWhitneyTest(b, a).pValue)
    }

    @Test func `a course takes out what its metric takes out`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE i % 4 WHEN 0 THEN 'b' WHEN 1 THEN 'c' ELSE 'a' END AS arm,
                TIMESTAMP '2024-02-01' + INTERVAL 1 HOUR * i AS seen, i * 7919 % 101 AS habit FROM range(900) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE sales AS SELECT id, seen - INTERVAL 1 DAY AS at, habit AS money FROM units UNION ALL
            SELECT id, seen + INTERVAL 1 DAY, 2 * habit + id * 31 % 17 + CASE arm WHEN 'b' THEN 5 ELSE 0 END FROM units
            """)
        let report = try await Analysis(
            Plan(
                yaml: """
                    experiment: x
                    sources: {units: {table: units}, sales: {table: sales}}
                    assignment: {source: units, unit: id, variant: arm, control: a, time: seen}
                    facts: {sales: {source: sales, value: money, time: at}}
                    metrics: {sales: {kind: mean, of: sales, covariate: {of: sales, before: 30 days}}, buyers: {kind: conversion, of: sales}}
                    method: {horizon: always-valid, tuned for: 600}
                    """), folder: "/", session: Session(duckdb), prefersTables: true
        ).run(withCourses: true)
        let metric = try report.metric("sales")
        #expect(try #require(metric.varianceReduction) > 0.9)
        for comparison in metric.comparisons {
            let last = try #require(report.courses.first { $0.metric == "sales" && $0.treatment == comparison.treatment }?.points.last)
            #expect(close(last.difference, comparison.difference) && close(last.low, comparison.interval?.low), "\(last)")
        }
    }

    @Test(arguments: ["", " DESC"]) func `of what a unit says at one time, the order of rows decides nothing`(order: String) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            "CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, TIMESTAMP '2024-02-01' AS seen FROM range(400) AS r(i)"
        )
        let rows: SQL = order.isEmpty ? "ORDER BY n" : "ORDER BY n DESC"
        try await duckdb.execute(
            """
            CREATE TABLE visits AS SELECT i AS id, TIMESTAMP '2024-02-02' AS at, CASE n WHEN 0 THEN 'web' WHEN 1 THEN 'app' END AS place
            FROM range(400) AS r(i), range(3) AS s(n) \(rows)
            """)
        let report = try await analyse(
            """
            experiment: x
            sources: {units: {table: units}, visits: {table: visits}}
            assignment: {source: units, unit: id, variant: arm, control: a, time: seen}
            facts: {visits: {source: visits, time: at}}
            metrics: {m: {kind: conversion, of: visits}}
            segments: {place: {of: visits}}
            """, on: duckdb, prefersTables: true)
        let found = try report.metric("m").segments
        #expect(found.map(\.value) == ["app"], "\(found.map(\.value))")
        #expect(found.first?.groups.map(\.count) == [200, 200])
    }

    @Test func `the values of all metrics that are looked at are one statement`() async throws {
        let shop = try await MetricTests.shop()
        let report = try await analyse(
            MetricTests.head + """
                populations: {buyers: {of: visits, at least: 1}}
                metrics:
                  sales: {kind: mean, of: sales}
                  visits: {kind: mean, of: visits}
                  buyers' sales: {kind: mean, of: sales, among: buyers}
                  median: {kind: quantile, of: sales}
                  ranks: {kind: mean, of: sales, test: ranks}
                """, on: shop, prefersTables: true)
        #expect(report.statements.count { $0.purpose == "how often each value occurs" } == 1)
        #expect(!report.statements.contains { $0.purpose.hasPrefix("values of") })
        let (a, b) = (try await MetricTests.values(shop, "sum(money)", "a"), try await MetricTests.values(shop, "sum(money)", "b"))
        #expect(try close(report.metric("ranks").first.pValue, MannWhitneyTest(b, a).pValue))
        let buyers = [a, b].map { $0.filter { $0 > 0 } }
        #expect(
            try report.metric("buyers' sales").notes.first?.hasSuffix(
                "W \(Figures.significant(ShapiroWilkTest(buyers[0]).statistic)), p \(Figures.significant(ShapiroWilkTest(buyers[0]).pValue))"
            ) == true)
    }

    // 0.1 + 0.2 + 0.3 in three orders is 0.6 or the double above it, and 0.6 is 0.6: to ranks and quantiles they are one value.
    @Test func `sums of decimals that differ by rounding only are one value to ranks and quantiles`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            "CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(300) AS r(i)")
        try await duckdb.execute(
            """
            CREATE TABLE sales AS
            SELECT i AS id, CASE (i + i // 3 + k) % 3 WHEN 0 THEN 0.1 WHEN 1 THEN 0.2 ELSE 0.3 END::DOUBLE AS money
            FROM range(300) AS r(i), (VALUES (0), (1), (2)) AS parts(k) WHERE i % 3 = 0
            UNION ALL SELECT i, 0.6::DOUBLE FROM range(300) AS r(i) WHERE i % 3 = 1
            UNION ALL SELECT i, CASE WHEN i % 4 < 2 THEN 0.4 ELSE 0.9 END::DOUBLE FROM range(300) AS r(i) WHERE i % 3 = 2 AND i > 60
            """)
        let report = try await analyse(
            """
            experiment: decimals
            sources: {units: {table: units}, sales: {table: sales}}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {sales: {source: sales, value: money}}
            metrics: {ranks: {kind: mean, of: sales, test: ranks}, median: {kind: quantile, of: sales}}
            """, on: duckdb, prefersTables: true)
        func clean(_ arm: Int) -> [Double] {
            (0..<300).filter { $0 % 2 == arm }.map { i in i % 3 < 2 ? 0.6 : i <= 60 ? 0 : i % 4 < 2 ? 0.4 : 0.9 }
        }
        let test = try MannWhitneyTest(clean(1), clean(0))
        let found = try report.metric("ranks").first
        #expect(found.statistic == test.statistic && found.pValue == test.pValue && found.test == test.name)
        // Two thirds have the very same value, so the median has no spread.
        let median = try report.metric("median")
        #expect(median.comparisons.isEmpty && median.problems.contains { $0.contains("too many units have the very same value") })
    }
}
