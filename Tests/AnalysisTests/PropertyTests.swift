import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// What is no column, but a member of the JSON objects of a query's rows.
@Suite struct PropertyTests {
    private static let yaml = """
        experiment: x
        sources:
          t:
            query: >
              SELECT CAST(i AS VARCHAR) AS u, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, CASE i % 4
              WHEN 0 THEN '{"kind":"x","amount":2}' WHEN 1 THEN '{"kind":7,"amount":4.5}' WHEN 2 THEN '{"kind":"7","amount":"8"}'
              ELSE '{"kind":{"x":1},"amount":16}' END AS p FROM range(400) AS r(i)
            properties: p
        assignment: {source: t, unit: u, variant: arm, control: a}
        facts: {sale: {source: t, value: amount, where: {kind: [x, "7"]}}}
        metrics: {sales: {kind: mean, of: sale}}

        """

    @Test func `A property is a text and a number, and is read once a row, whatever is asked of it`() async throws {
        let session = Session(try await TestWarehouses.connect("duckdb:"))
        let report = try await Analysis(Plan(yaml: Self.yaml), folder: "/", session: session, prefersTables: true).run()
        let sales = try report.metric("sales")
        // A number is a text where one is asked for; a text is no amount, and an object is neither.
        #expect(try sales.group("a").sum == 200)
        #expect(try sales.group("b").sum == 450)
        let statement = try #require(await session.statements.first { $0.purpose.hasPrefix("one row a unit") }).text
        for (member, reads) in [("kind", 1), ("amount", 2)] {
            #expect(statement.components(separatedBy: "json_type(\"p\", '/\(member)')").count - 1 == reads, "\(member)")
        }
    }

    // Facts of three kinds of rows, with the same member; `extra` speaks of the member whatever the row.
    private static func yaml(of extra: Bool) -> String {
        """
        experiment: x
        sources:
          t:
            query: >
              SELECT CAST(i % 400 AS VARCHAR) AS u, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm,
              CASE i // 400 WHEN 0 THEN 'sale' WHEN 1 THEN 'refund' WHEN 2 THEN 'look' END AS k,
              '{"amount":' || (1 + i // 400) || '}' AS p FROM range(1600) AS r(i)
            properties: p
        assignment: {source: t, unit: u, variant: arm, control: a}
        facts:
          sale: {source: t, value: amount, where: {k: sale}}
          refund: {source: t, value: amount, where: {k: refund, amount: {at least: 1}}}
          \(extra ? "any: {source: t, value: amount, where: {amount: {at least: 3}}}" : "none: {source: t, where: {k: nothing}}")
        metrics:
          sales: {kind: mean, of: sale}
          refunds: {kind: mean, of: refund}
          others: {kind: mean, of: \(extra ? "any" : "none")}
        decision: {ship on: sales}
        """
    }

    @Test func `Properties are read in the rows of the facts that speak of them, and in all if any row may count`() async throws {
        for extra in [false, true] {
            let session = Session(try await TestWarehouses.connect("duckdb:"))
            let report = try await Analysis(Plan(yaml: Self.yaml(of: extra)), folder: "/", session: session, prefersTables: true).run()
            for variant in ["a", "b"] {
                #expect(try report.metric("sales").group(variant).sum == 200)
                #expect(try report.metric("refunds").group(variant).sum == 400)
                // Rows without a kind among them.
                #expect(try report.metric("others").group(variant).sum == (extra ? 600 + 800 : 0))
            }
            let statement = try #require(await session.statements.first { $0.purpose.hasPrefix("one row a unit") }).text
            #expect(statement.contains("THEN \"p\" ELSE") == !extra)
        }
    }

    // A text, a truth value and another number are anything but 3; what is missing is nothing.
    @Test(arguments: ["3": 3, "[3, 4]": 2, "high": 3, "[high, \"4\"]": 2])
    func `What is not a value is whatever else is there, of any kind, on every database`(excluded: String, left: Int) async throws {
        let rows = ["3", "4", "\"high\"", "true", "null", nil].enumerated().map { number, level in
            "SELECT '\(number)' AS u, '\(number % 2)' AS arm, '\(level.map { "{\"level\":\($0)}" } ?? "{}")' AS p"
        }
        let yaml = """
            experiment: x
            sources: {t: {query: "\(rows.joined(separator: " UNION ALL ").replacing("\"", with: "\\\""))", properties: p}}
            assignment: {source: t, unit: u, variant: arm, control: "0"}
            facts: {sale: {source: t, where: {level: {not: \(excluded)}}}}
            metrics: {sales: {kind: mean, of: sale}}
            """
        let postgres = try PostgresTestServer.shared.get().makeDatabase()
        for address in ["duckdb:", postgres, "chdb:"] {
            let session = Session(try await TestWarehouses.connect(address))
            let sales = try await Analysis(Plan(yaml: yaml), folder: "/", session: session, prefersTables: true).run().metric("sales")
            #expect(try sales.group("0").sum + sales.group("1").sum == Double(left), "\(address)")
        }
    }

    @Test func `A property counts by its value where the plan has a number, and as it is written where it has a text, on every database`()
        async throws
    {
        let written = ["5", "\"5\"", "5.0", "1e400", "-1e400", "\"12abc\"", "true", "1e5", "1e150", "null", "\" 5 \"", "1.9027", nil]
        let rows = written.enumerated().map { number, n in
            "SELECT '\(number)' AS u, '\(number % 2)' AS arm, '\(n.map { "{\"n\":\($0)}" } ?? "{}")' AS p"
        }
        let facts = [
            ("above", "where: {n: {at least: 5}}", 5), ("five", "where: {n: 5}", 2), ("text", "where: {n: \"5\"}", 2),
            ("decimal", "where: {n: 1.9027}", 1), ("paid", "value: n, where: {n: {less than: 1e6}}", 100_011.9027),
        ]
        let yaml = """
            experiment: x
            sources: {t: {query: "\(rows.joined(separator: " UNION ALL ").replacing("\"", with: "\\\""))", properties: p}}
            assignment: {source: t, unit: u, variant: arm, control: "0"}
            facts: {\(facts.map { "\($0.0): {source: t, \($0.1)}" }.joined(separator: ", "))}
            metrics: {\(facts.map { "\($0.0): {kind: mean, of: \($0.0)}" }.joined(separator: ", "))}
            decision: {ship on: above}
            """
        let places = [
            "duckdb:", try PostgresTestServer.shared.get().makeDatabase(), try await ClickHouseTestCluster.shared.value.address, "chdb:",
        ]
        for address in places {
            let report = try await analyse(yaml, on: TestWarehouses.connect(address), prefersTables: true)
            for (name, _, sum) in facts {
                let metric = try report.metric(name)
                #expect(close(try metric.group("0").sum + metric.group("1").sum, sum), "\(name), \(address)")
            }
            #expect(try report.check("impossible values").text.hasPrefix("1 value of paid ("), "\(address)")
        }
    }
}
