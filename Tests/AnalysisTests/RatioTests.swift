import Analysis
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// Ratios of sums, where what is above the line is nearly, or wholly, a multiple of what is below it.
@Suite struct RatioTests {
    // Metrics over columns of a table of units.
    private func report(_ units: SQL, facts: [String], _ metrics: String) async throws -> AnalysisReport {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute("CREATE TABLE units AS \(units)")
        let facts = facts.map { "  \($0): {source: units, value: \($0)}\n" }.joined()
        return try await analyse(
            "experiment: shop\nsources: {units: {table: units}}\nassignment: {source: units, variant: arm, control: a}\nfacts:\n\(facts)\(metrics)",
            on: duckdb, prefersTables: true)
    }

    @Test func `a ratio to what is the same for all units of a variant is a mean`() async throws {
        // Sums of deviations from the common mean of 1, 3 and 7 visits are roundings, and so is what they make of its covariances.
        let report = try await report(
            """
            SELECT i AS id, CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END AS arm,
            [1, 3, 7][1 + i % 3] AS visits, (i * 7919 % 1013) / 10 + i % 3 AS paid FROM range(997) AS r(i)
            """, facts: ["paid", "visits"],
            """
            metrics: {per visit: {kind: ratio, of: paid, per: visits}, paid: {kind: mean, of: paid}}
            """)
        let (ratio, mean) = (try report.metric("per visit"), try report.metric("paid"))
        for (variant, visits) in [("a", 1.0), ("b", 3), ("c", 7)] {
            #expect(close(try ratio.group(variant).mean, try mean.group(variant).mean / visits))
            #expect(close(try ratio.group(variant).standardDeviation, try mean.group(variant).standardDeviation / visits))
        }
    }

    // What orders cost, all nearly the same: by the delta method what is common to all does not count.
    @Test(arguments: [0, 1e6, 1e9]) func `a ratio loses no digits to what is common to all`(_ common: Double) async throws {
        let report = try await report(
            """
            SELECT i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, CASE WHEN i % 3 = 0 THEN 'north' ELSE 'south' END AS place,
            1 + i * 31 % 5 AS orders, (1 + i * 31 % 5) * (\(value: common) + (i * 37 % 16) / 8.0 + (i % 2) * 0.5) AS paid,
            (1 + i * 31 % 5) * 19.99::DOUBLE AS fees, 0 AS nothing FROM range(400) AS r(i)
            """, facts: ["orders", "paid", "fees", "nothing"],
            """
            metrics:
              an order: {kind: ratio, of: paid, per: orders}
              fee: {kind: ratio, of: fees, per: orders}
              none: {kind: ratio, of: nothing, per: orders}
            segments: [place]
            """)
        func expected(_ place: String? = nil) throws -> Effect {
            let summaries = try [1, 0].map { arm in
                let units = (0..<400).filter { $0 % 2 == arm && (place == nil || ($0 % 3 == 0) == (place == "north")) }
                let orders = units.map { Double(1 + $0 * 31 % 5) }
                let rests = zip(units, orders).map { $1 * (Double($0 * 37 % 16) / 8 + Double(arm) * 0.5) }
                return try CoMoments([rests, orders]).summary(of: .ratio(of: 0, to: 1))
            }
            return try Effect(treatment: summaries[0], control: summaries[1])
        }
        let (metric, effect) = (try report.metric("an order"), try expected())
        let digits = max(1e-11, common * 1e-15)
        #expect(try close(metric.first.statistic, effect.statistic, digits) && close(metric.first.pValue, effect.pValue, digits * 10))
        #expect(try close(metric.group("b").mean, common + effect.treatment.value, 1e-13))
        for segment in metric.segments {
            let wanted = try expected(segment.value)
            #expect(close(segment.comparisons.first?.statistic, wanted.statistic, digits), "\(segment.value)")
        }
        for name in ["fee", "none"] {
            let constant = try report.metric(name)
            #expect(constant.problems == ["b is not compared with a: the values of neither vary"], "\(name): \(constant.problems)")
            #expect(constant.segments.allSatisfy { $0.comparisons.isEmpty }, "\(name)")
        }
        #expect(try close(report.metric("fee").group("a").mean, 19.99, 1e-14) && report.metric("none").group("a").mean == 0)
    }

    // Whoever has the same beyond what is common has it all the same.
    @Test(arguments: [8, 400]) func `a variant whose ratio is the same for all keeps it`(_ count: Int) async throws {
        let report = try await report(
            """
            SELECT i, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, CASE WHEN i % 2 = 0 THEN 1 + i // 2 % 2 ELSE 3 END AS paid,
            1 AS orders FROM range(\(value: count)) AS r(i)
            """, facts: ["orders", "paid"],
            """
            metrics: {an order: {kind: ratio, of: paid, per: orders}, paid: {kind: mean, of: paid}}
            """)
        let (ratio, mean) = (try report.metric("an order"), try report.metric("paid"))
        #expect(try ratio.group("b").mean == 3 && ratio.group("b").standardDeviation == 0 && ratio.first.difference == 1.5)
        #expect(try close(ratio.first.statistic, mean.first.statistic, 1e-12) && close(ratio.first.pValue, mean.first.pValue, 1e-11))
    }
}
