import Analysis
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// Why something is not told of a metric, in the words of the plan and of the data.
@Suite struct ComparingWordsTests {
    // 1,000 units, of which in either variant 70 % have one value.
    private static func tied(_ a: SQL, _ b: SQL) async throws -> any Warehouse {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm,
            CASE WHEN i % 2 = 0 THEN \(a) ELSE \(b) END AS money FROM range(1000) AS r(i)
            """)
        return duckdb
    }

    private static let tiedPlan = """
        experiment: shop
        sources: {units: {table: units}}
        assignment: {source: units, variant: arm, control: a}
        facts: {money: {source: units, value: money}}

        """

    @Test func `quantiles without a spread around them are said to be that`() async throws {
        let often: SQL = "CASE WHEN i // 2 % 10 < 7 THEN 0 ELSE i END"
        let metrics = "metrics: {median: {kind: quantile, of: money}, p: {kind: quantile, of: money, probability: 0.4}}"
        let both = try await analyse(
            ComparingWordsTests.tiedPlan + metrics, on: ComparingWordsTests.tied(often, often), prefersTables: true)
        let why = "too many units have the very same value; ranks (test: ranks) can be compared"
        #expect(
            try both.metric("median").problems
                == ["b is not compared with a: the median is 0 in both, with no spread around it: \(why)"])
        #expect(try both.metric("p").problems.first?.contains("the 40 % quantile is 0 in both") == true)
        let other: SQL = "CASE WHEN i // 2 % 10 < 7 THEN 1.5 ELSE i END"
        let differing = try await analyse(
            ComparingWordsTests.tiedPlan + metrics, on: ComparingWordsTests.tied(often, other), prefersTables: true)
        #expect(
            try differing.metric("median").problems
                == ["b is not compared with a: the median is 1.5 in b and 0 in a, with no spread around either: \(why)"])
        let constant = try await analyse(
            ComparingWordsTests.tiedPlan + metrics, on: ComparingWordsTests.tied("0", "0"), prefersTables: true)
        #expect(try constant.metric("median").problems == ["b is not compared with a: the values of neither vary"])
    }

    // Thirty units all lie below a 90 % quantile with a chance of 0.9³⁰ = 4 %, and of 36 that is 2.3 %: less than a tail of an interval of 95 %.
    @Test(arguments: ["", "method: {horizon: always-valid, tuned for: 1000}\n"])
    func `a quantile of few units is not compared, and how many it takes is said`(_ method: String) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i * 7919 % 101 AS money FROM range(60) AS r(i)
            """)
        let metrics = "metrics: {p90: {kind: quantile, of: money, probability: 0.9}, median: {kind: quantile, of: money}}"
        let report = try await analyse(ComparingWordsTests.tiedPlan + method + metrics, on: duckdb, prefersTables: true)
        #expect(
            try report.metric("p90").problems
                == ["b is not compared with a: b has 30 units, at least 36 are needed for an interval of the 90 % quantile"])
        #expect(try report.metric("median").problems.isEmpty && report.metric("median").comparisons.count == 1)
        #expect(try report.metric("p90").groups.allSatisfy { $0.mean > 0 }, "the quantiles themselves are told")
    }

    @Test(arguments: ["", "method: {horizon: always-valid, tuned for: 1000}\n"])
    func `a treatment without anything has a lift, but no interval of it`(_ method: String) async throws {
        let plan = ComparingWordsTests.tiedPlan + method + "metrics: {median: {kind: quantile, of: money}, mean: {kind: mean, of: money}}"
        let often: SQL = "CASE WHEN i // 2 % 10 < 7 THEN 0 ELSE i END"
        let tied = try await analyse(plan, on: ComparingWordsTests.tied("10 + i // 2 % 7", often), prefersTables: true)
        let median = try tied.metric("median")
        #expect(try median.first.lift == -1 && median.first.liftInterval == nil && median.first.interval != nil)
        let why = "its median is 0, with no spread around it, and how far that may be off is not known"
        #expect(median.problems == ["an interval of b's lift is not told: \(why)"])
        #expect(try tied.metric("mean").first.liftInterval != nil && tied.metric("mean").problems.isEmpty)
        let nothing = try await analyse(plan, on: ComparingWordsTests.tied("10 + i // 2 % 7", "0"), prefersTables: true)
        #expect(try nothing.metric("mean").first.lift == -1 && nothing.metric("mean").first.liftInterval == nil)
        #expect(try nothing.metric("mean").problems.first?.contains("all its values are 0") == true)
    }

    @Test(arguments: ["", "method: {horizon: always-valid, tuned for: 1000}\n"])
    func `a treatment of nothing has no interval of its lift with a covariate either`(_ method: String) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm,
            CASE WHEN i % 2 = 0 THEN i * 7919 % 101 ELSE 0 END AS money, i * 7919 % 97 AS before FROM range(1000) AS r(i)
            """)
        let report = try await analyse(
            """
            experiment: shop
            sources: {units: {table: units}}
            assignment: {source: units, variant: arm, control: a}
            facts: {money: {source: units, value: money}, before: {source: units, value: before}}
            metrics: {money: {kind: mean, of: money, covariate: [before]}}
            guardrails: {money: {margin: 20 %}}
            \(method)
            """, on: duckdb, prefersTables: true)
        let metric = try report.metric("money")
        #expect(try metric.first.varianceReduction != nil && metric.first.interval != nil)
        #expect(try metric.first.lift.map { abs($0 + 1) < 0.01 } == true && metric.first.liftInterval == nil)
        #expect(metric.problems.first?.contains("all its values are 0") == true)
        let guardrail = try #require(report.guardrails.first)
        #expect(guardrail.outcome == .broken && guardrail.note?.hasPrefix("the treatment is 0, and nothing in it varies") == true)
    }

    @Test func `values too large are those of whom they are of`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i * 7919 % 101 AS money, i % 7 AS age,
            CASE WHEN i = 17 THEN 1e200 ELSE i % 13 END AS before FROM range(1000) AS r(i)
            """)
        let report = try await analyse(
            """
            experiment: shop
            sources: {units: {table: units}}
            assignment: {source: units, variant: arm, control: a}
            facts: {money: {source: units, value: money}, age: {source: units, value: age}, before: {source: units, value: before}}
            metrics: {spent: {kind: mean, of: money, covariate: [age, before]}, earlier: {kind: mean, of: before, covariate: [age]}}
            """, on: duckdb, prefersTables: true)
        let large = "has values too large to be computed with"
        #expect(
            try report.metric("spent").problems == ["before, a covariate of spent, \(large), and has to be left out of the plan"])
        #expect(try report.metric("earlier").problems == ["earlier \(large), for which a cap in the plan helps"])
    }

    @Test func `what cannot be worked out is said in the plan's words`() async throws {
        func problems(_ metric: String) async throws -> [String] {
            let duckdb = try await TestWarehouses.connect("duckdb:")
            try await duckdb.execute(
                """
                CREATE TABLE units AS SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i * 7919 % 101 AS money, (i % 2) * 3 AS visits,
                1 AS country, i % 7 AS age, i % 7 * 12 AS months FROM range(400) AS r(i)
                """)
            let facts = ["money", "visits", "country", "age", "months"].map { "  \($0): {source: units, value: \($0)}\n" }.joined()
            return try await analyse(
                "experiment: shop\nsources: {units: {table: units}}\nassignment: {source: units, variant: arm, control: a}\nfacts:\n\(facts)"
                    + "metrics: {m: \(metric)}", on: duckdb, prefersTables: true
            ).metric("m").problems
        }
        #expect(
            try await problems("{kind: ratio, of: money, per: visits}")
                == ["b is not compared with a: the visits of a come to 0, by which nothing can be divided"])
        #expect(
            try await problems("{kind: mean, of: money, covariate: [country]}")
                == ["covariates are not used: country is the same for every unit"])
        #expect(
            try await problems("{kind: mean, of: money, covariate: [age, months]}")
                == ["covariates are not used: months follows from the covariates before it"])
    }
}
