import Analysis
import Charts
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// What a report says, as JSON, as text and as a page.
@Suite struct ReportTests {
    private func report(named name: String = "x", arm: String = "b") async throws -> AnalysisReport {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE \(value: arm) END AS arm, 'l' || (i % 3) AS land,
                TIMESTAMP '2024-01-01' + INTERVAL 1 HOUR * i AS seen FROM range(1000) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE sales AS SELECT i AS id, TIMESTAMP '2024-01-01' + INTERVAL 1 HOUR * i AS at, i % 13 + i % 2 AS money
            FROM range(1000) AS r(i) WHERE i % 3 <> 0
            """)
        let plan = try Plan(
            yaml: """
                experiment: \(name)
                sources: {units: {table: units}, sales: {table: sales}}
                assignment: {source: units, unit: id, variant: arm, control: a, time: seen}
                facts: {sales: {source: sales, value: money, time: at}}
                populations: {buyers: {of: sales, at least: 1}}
                metrics: {CR: {kind: conversion, of: sales}, check: {kind: mean, of: sales, among: buyers}}
                segments: [land]
                """)
        return try await Analysis(plan, folder: "/", session: Session(duckdb), prefersTables: true).run(withCourses: true)
    }

    @Test func `the JSON has the form that is promised`() async throws {
        let report = try await report()
        let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.description.utf8)) as? [String: Any])
        #expect(Set(json.keys).isSuperset(of: ["experiment", "checks", "metrics", "verdict"]))
        let metric = try #require((json["metrics"] as? [[String: Any]])?.first)
        #expect(Set(metric.keys).isSuperset(of: ["name", "kind", "groups", "comparisons"]))
        let group = try #require((metric["groups"] as? [String: Any])?["a"] as? [String: Any])
        #expect(Set(group.keys) == ["n", "mean", "sd", "sum"])
        let comparison = try #require((metric["comparisons"] as? [[String: Any]])?.first)
        let members: Set = [
            "control", "treatment", "test", "statistic", "degreesOfFreedom", "pValue", "adjustedPValue", "difference", "lift", "interval",
        ]
        #expect(Set(comparison.keys).isSuperset(of: members))
    }

    @Test func `the page holds every chart and fetches nothing`() async throws {
        let report = try await report()
        let charts = ReportCharts(report).all
        for words in [
            "shares of the control", "CR: from units", "check: by segment", "check: how values are spread", "CR: b less a, as time",
        ] {
            #expect(charts.contains { $0.title.contains(words) }, "\(charts.map(\.title))")
        }
        for chart in charts {
            let json = try #require(
                try JSONSerialization.jsonObject(with: Data(chart.chart.specification().description.utf8)) as? [String: Any])
            let values = try #require((json["data"] as? [String: Any])?["values"] as? [Any])
            #expect(!values.isEmpty)
        }
        #expect(Set(charts.map(\.name)).count == charts.count)
        #expect(charts.map(\.name).contains("cr-b-course"), "\(charts.map(\.name))")
        let html = ReportPage(report, library: "/* library */").html
        #expect(html.contains("/* library */"))
        #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("<link"))
    }

    @Test func `the text heads the figures of each metric by what they are`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i % 13 AS money, 1 + i % 3 AS visits
            FROM range(200) AS r(i)
            """)
        let plan = try Plan(
            yaml: """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: a}
                facts: {sales: {source: units, value: money}, visits: {source: units, value: visits}}
                metrics:
                  CR: {kind: conversion, of: sales}
                  revenue: {kind: mean, of: sales}
                  each: {kind: ratio, of: sales, per: visits}
                  typical: {kind: quantile, of: sales, probability: 0.5}
                """)
        let lines = try await Analysis(plan, folder: "/", session: Session(duckdb), prefersTables: true).run().text.split(separator: "\n")
        for (metric, heading) in [("CR", "share"), ("revenue", "mean"), ("each", "ratio"), ("typical", "quantile")] {
            let place = try #require(lines.firstIndex { $0.hasPrefix("\(metric): ") })
            #expect(lines[place + 1].split(separator: " ").map(String.init) == ["variant", "n", heading, "sd", "sum"])
        }
    }

    // 40 of 200 against 30 of 200 convert: 20 % and 15 %, five percentage points more, which is a third of 15 %.
    @Test func `shares are percentages and their differences percentage points wherever people read, and fractions for programs`()
        async throws
    {
        func run(_ more: String, treated: Int = 80) async throws -> AnalysisReport {
            let duckdb = try await TestWarehouses.connect("duckdb:")
            try await duckdb.execute(
                """
                CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm,
                i < 60 OR i < \(value: treated) AND i % 2 = 1 AS bought,
                i % 3 AS land, TIMESTAMP '2024-01-01' + INTERVAL 1 HOUR * (i * 7919 % 400) AS seen FROM range(400) AS r(i)
                """)
            return try await Analysis(
                Plan(
                    yaml: """
                        experiment: x
                        sources: {units: {table: units}}
                        assignment: {source: units, unit: id, variant: arm, control: a, time: seen}
                        facts: {buying: {source: units, where: {bought: true}}}
                        metrics: {CR: {kind: conversion, of: buying}}
                        guardrails: {CR: {margin: 0.02}}
                        segments: [land]
                        \(more)
                        """), folder: "/", session: Session(duckdb), prefersTables: true
            ).run(withCourses: true)
        }
        let report = try await run("decision: {ship on: CR, smallest effect: 0.03}")
        // Mee's interval, by SciPy: see ProportionTests.
        let comparison = try report.metric("CR").first
        let interval = try #require(comparison.interval)
        #expect(close(comparison.difference, 0.05) && report.json.description.contains("\"mean\":0.2,"))
        let ends = "\(Figures.significant(interval.low * 100)) to \(Figures.significant(interval.high * 100))"
        let text = report.text.replacing(/\s+/, with: " ")
        #expect(
            report.verdict.text.contains(
                "CR is 20 % in b and 15 % in a: a difference of 5.000 percentage points (33.3 %), 95 % interval \(ends) percentage points, p "
            ),
            "\(report.verdict.text)")
        #expect(report.verdict.text.hasPrefix("Keep running: to find 3 percentage points with a chance of 80 %"), "\(report.verdict.text)")
        #expect(
            text.contains(" b less a: 5.000 percentage points (33.3 %, ") && text.contains("), interval \(ends) percentage points two-"),
            "\(text)")
        #expect(text.contains(" a 200 15 % 35.80 % 30 ") && text.contains(" b 200 20 % 40.10 % 40 "), "\(text)")
        #expect(
            text.contains("CR of b: open (difference 5.000 pp, interval \(ends) pp, may be worse by 2 pp)"), "\(text)"
        )
        #expect(
            text.contains("By segment, p not adjusted (pp: percentage points): ")
                && text.contains(#/ 0 b [0-9.]+ % [0-9.]+ % -?[0-9.]+ pp /#), "\(text)")
        // The same difference of a mean is no percentage.
        let html = ReportPage(report, library: "").html
        #expect(
            html.contains("b less a: 5.000 percentage points (33.3 %), interval \(ends) percentage points; ")
                && html.contains("<td>20 %</td>"))
        let charts = ReportCharts(report)
        let segments = try #require(charts.segments(report.metric("CR")))
        #expect(segments.specification().description.contains("difference in percentage points, not adjusted, interval"))
        let course = try #require(report.courses.first.flatMap { charts.chart($0) })
        #expect(course.specification().description.contains("\"title\":\"difference in percentage points, always-valid band\""))
        #expect(course.cells.last?[1] == "5.000" && course.cells.count > 5, "\(course.cells)")
        let lines = Changes(from: try await run("", treated: 70), to: report).lines
        #expect(
            lines.contains {
                $0.hasPrefix("CR, b less a: 2.500 percentage points (p ") && $0.contains(") became 5.000 percentage points (p ")
            },
            "\(lines)")
        #expect(!report.text.contains("0.05000") && !report.text.contains("0.2000") && !html.contains("0.05000"))
    }

    @Test func `a course ends where the whole is`() async throws {
        let report = try await report()
        let course = try #require(report.courses.first { $0.metric == "check" })
        let last = try #require(course.points.last)
        #expect(try close(last.difference, report.metric("check").first.difference))
        #expect(course.points.count > 15)
        // The band is wider than an interval for one look.
        let interval = try #require(try report.metric("check").first.interval)
        #expect(last.low < interval.low && last.high > interval.high)
    }

    @Test func `names cannot break out of the page`() async throws {
        let report = try await report(named: "'<script>alert(1)</script>'", arm: "</script><b onload=x>")
        #expect(ReportCharts(report).all.allSatisfy { $0.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") } })
        let html = ReportPage(report, library: "x = '</script>'").html
        #expect(!html.contains("<script>alert") && !html.contains("<b onload"))
        #expect(html.components(separatedBy: "</script>").count == 3)
    }

    @Test func `what changed is said`() async throws {
        let old = try await report()
        #expect(Changes(from: old, to: old).lines.isEmpty)
        let new = try await analyse(
            "experiment: x\nsources: {t: {query: \"SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i % 5 AS v FROM range(100) AS r(i)\"}}\n"
                + "assignment: {source: t, variant: arm, control: a}\nfacts: {v: {source: t, value: v}}\nmetrics: {check: {kind: mean, of: v}}",
            on: TestWarehouses.connect("duckdb:"), prefersTables: true)
        let lines = Changes(from: old, to: new).lines
        #expect(lines.contains("a had 500 units and has 50"))
        #expect(lines.contains { $0.hasPrefix("check, b less a: ") })
    }

    @Test func `the script that is shown runs as it is, and can be read`() async throws {
        let folder = TestWarehouses.package.appending(path: "Examples/elearning").path
        let yaml = try String(contentsOfFile: folder + "/questions.yaml", encoding: .utf8)
        let report = try await analyse(yaml, folder: folder)
        let statements = report.script.components(separatedBy: ";\n\n-- ")
        #expect(statements.count == report.statements.count)
        #expect(report.script.split(separator: "\n").allSatisfy { $0.count <= 200 })
        // In a database of its own, one after the other.
        let other = try await TestWarehouses.connect("duckdb:")
        var solved: Double?
        for (index, statement) in statements.enumerated() {
            let text = SQL(uncheckedText: statement.split(separator: "\n", maxSplits: 1).last.map { $0.trimmingSuffix(";") } ?? "")
            guard !report.statements[index].purpose.hasPrefix("one row a unit") else {
                try await other.execute(text)
                continue
            }
            let table = try await other.query(text)
            if report.statements[index].purpose == "all metrics by variant" {
                let row = try #require(try table.texts("g_variant").firstIndex(of: "pilot"))
                solved = try table.numbers("t0")[row]
            }
        }
        #expect(try solved == report.metric("ARPU").group("pilot").sum)
    }

    @Test func `a lift whose control may be zero has no bounds, and one of nothing is not there`() async throws {
        let folder = TestWarehouses.package.appending(path: "Examples/elearning").path
        let report = try await analyse(try String(contentsOfFile: folder + "/questions.yaml", encoding: .utf8), folder: folder)
        #expect(report.text.contains("(309 %, without bounds)") && !report.text.contains("∞"))
        #expect(report.text.contains("pilot less control: 5.263 percentage points, interval"))
        #expect(report.text.split(separator: "\n").allSatisfy { $0.count <= 110 })
        // A count is compared with nothing, and has no empty table of segments.
        let counted = try await analyse(
            """
            experiment: x
            sources: {t: {query: "SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i % 5 AS v, 'l' AS land FROM range(100) AS r(i)"}}
            assignment: {source: t, variant: arm, control: a}
            facts: {v: {source: t, value: v}}
            metrics: {n: {kind: count}}
            segments: [land]
            """, on: TestWarehouses.connect("duckdb:"), prefersTables: true)
        #expect(!counted.text.contains("By segment"))
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self) }
}
