import Analysis
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
            let json = try #require(try JSONSerialization.jsonObject(with: Data(chart.specification.description.utf8)) as? [String: Any])
            let values = try #require((json["data"] as? [String: Any])?["values"] as? [Any])
            #expect(!values.isEmpty)
        }
        #expect(Set(charts.map(\.name)).count == charts.count)
        #expect(charts.map(\.name).contains("cr-b-course"), "\(charts.map(\.name))")
        let html = ReportPage(report, library: "/* library */").html
        #expect(html.contains("/* library */"))
        #expect(!html.contains("src=") && !html.contains("@import") && !html.contains("<link"))
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
}
