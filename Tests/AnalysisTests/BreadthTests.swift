import Analysis
import Charts
import Experiments
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// What a report tells of where metrics times variants are many.
@Suite struct BreadthTests {
    // The last metric decides: it is told of before those that come first.
    private static func plan(metrics: Int) -> String {
        """
        experiment: x
        sources: {units: {table: units}}
        assignment: {source: units, unit: id, variant: arm, control: v0, time: seen}
        facts: {paid: {source: units, value: v}}
        metrics:
        \((0..<metrics).map { "  m\($0): {kind: mean, of: paid}" }.joined(separator: "\n"))
        segments: [land]
        decision: {ship on: m\(metrics - 1)}
        """
    }

    private func report(variants: Int, metrics: Int, lands: Int) async throws -> AnalysisReport {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        // Ten days, every variant and land on each of them.
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, 'v' || i % \(value: variants) AS arm, i % 101 + i % 7 AS v,
            'land ' || (i // \(value: variants)) % \(value: lands) AS land,
            TIMESTAMP '2026-01-01' + INTERVAL 1 HOUR * (i % 240) AS seen FROM range(\(value: variants * 120)) AS r(i)
            """)
        let plan = try Plan(yaml: BreadthTests.plan(metrics: metrics))
        return try await Analysis(plan, folder: "/", session: Session(duckdb), prefersTables: true).run(withCourses: true)
    }

    @Test func `Of many variants and metrics some are told at length, and all by their figures`() async throws {
        let report = try await report(variants: 34, metrics: 20, lands: 10)
        #expect(report.metrics.allSatisfy { $0.comparisons.count == 33 && $0.groups.count == 34 })
        // 33 comparisons each: courses of three metrics, segments of seven.
        let courses = Set(report.courses.map(\.metric))
        #expect(courses == ["m0", "m1", "m19"] && report.courses.count == 99 && report.courses.count <= Breadth.courses)
        let segmented = report.metrics.filter { !$0.segments.isEmpty }
        #expect(segmented.map(\.name) == ["m0", "m1", "m2", "m3", "m4", "m5", "m19"])
        #expect(segmented.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.comparisons.count } } <= Breadth.segments)
        #expect(report.metrics.allSatisfy { $0.histogram == nil })
        for metric in report.metrics {
            #expect(metric.problems.contains { $0.contains("its segments are not told") } == metric.segments.isEmpty)
            #expect(metric.problems.contains { $0.contains("how its differences went is not told") } == !courses.contains(metric.name))
        }
        // As a share of the control three metrics are drawn, too.
        #expect(ReportCharts(report).differences?.cells.count == 99)
        #expect(report.json.description.utf8.count < 6_000_000)
    }

    @Test func `Of few all is told`() async throws {
        let report = try await report(variants: 3, metrics: 6, lands: 4)
        #expect(report.courses.count == 12 && report.metrics.allSatisfy { $0.segments.count == 4 && $0.histogram != nil })
        #expect(report.metrics.allSatisfy { !$0.problems.contains { $0.contains("told") } })
        #expect(ReportCharts(report).differences?.cells.count == 12)
    }
}
