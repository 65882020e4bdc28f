import Analysis
import Foundation
import Statistics
import Testing
import WarehouseTesting

// The real data against the answers that SciPy and statsmodels give.
@Suite(.enabled(if: Oracle.seeds != nil)) struct RealDataTests {
    private func plan(of folder: String, _ file: String) throws -> (yaml: String, folder: String) {
        let path = TestWarehouses.package.appending(path: "Examples/\(folder)/\(file)").path
        return (try String(contentsOfFile: path, encoding: .utf8), try #require(TestWarehouses.sharedData("arppu")) + "/..")
    }

    @Test(arguments: ["first", "exclude"]) func `e-learning: who counts, and what they pay`(_ policy: String) async throws {
        let (yaml, data) = try plan(of: "elearning", "payment-page.yaml")
        let report = try await analyse(
            yaml.replacing("in two variants: exclude", with: "in two variants: \(policy)"), folder: data + "/elearning")
        let oracle = "elearning_all_users_csv"
        #expect(try report.check("units in two variants").text.hasPrefix("42 units are in two variants"))
        let outside = try report.check("outside the population").text
        guard policy == "first" else {
            #expect(report.units.map(\.count).reduce(0, +) == 74_576 - 42)
            #expect(try close(report.metric("CR").alternative("in two variants: first").pValue, Oracle.number(oracle + "/CR_active/p")))
            return
        }
        #expect(outside.contains("149 units") && outside.contains("A 75, B 74"))
        #expect(report.units.map { Double($0.count) } == (try Oracle.numbers(oracle + "/assigned")))
        let rate = try report.metric("CR")
        #expect(rate.groups.map { Double($0.count) } == (try Oracle.numbers(oracle + "/CR_active/n")))
        #expect(try close(rate.first.statistic, -Oracle.number(oracle + "/CR_active/z_a_minus_b")))
        #expect(try close(rate.first.pValue, Oracle.number(oracle + "/CR_active/p")))
        #expect(try close(rate.alternative("among all units").pValue, Oracle.number(oracle + "/CR_all/p")))
        for (name, key) in [("ARPAU", "ARPU_active"), ("ARPPU", "ARPPU_active")] {
            let metric = try report.metric(name)
            let path = "\(oracle)/\(key)"
            #expect(zip(metric.groups.map(\.mean), try Oracle.numbers(path + "/mean")).allSatisfy { close($0, $1) })
            #expect(zip(metric.groups.map(\.standardDeviation), try Oracle.numbers(path + "/sd")).allSatisfy { close($0, $1) })
            #expect(metric.groups.map { Double($0.count) } == (try Oracle.numbers(path + "/n")))
            #expect(try close(metric.first.statistic, Oracle.number(path + "/welch_t_b_minus_a")))
            #expect(try close(metric.first.degreesOfFreedom, Oracle.number(path + "/welch_df")))
            #expect(try close(metric.first.pValue, Oracle.number(path + "/welch_p")))
            let interval = try #require(try metric.first.interval)
            #expect(zip([interval.low, interval.high], try Oracle.numbers(path + "/welch_ci")).allSatisfy { close($0, $1) })
            #expect(metric.notes.contains { $0.hasPrefix("Levene") } && metric.notes.contains { $0.hasPrefix("Shapiro-Wilk of A") })
        }
        #expect(report.verdict.decision == .keepRunning || report.verdict.decision == .doNotShip)
    }

    @Test func `e-learning: the two questions of the warehouse`() async throws {
        let (yaml, data) = try plan(of: "elearning", "questions.yaml")
        let report = try await analyse(yaml, folder: data + "/elearning-warehouse")
        for (place, variant) in ["control", "pilot"].enumerated() {
            for (metric, key) in [
                ("ARPU", "arpu"), ("ARPAU", "arpau"), ("CR", "cr"), ("CR of active", "cr_active"), ("CR of mathematics", "cr_math"),
            ] {
                let found = try report.metric(metric).group(variant).mean
                #expect(try close(found, Oracle.number("elearning_sql/\(place)/\(key)"), 1e-9), "\(metric) of \(variant)")
            }
            #expect(try Double(report.metric("CR of active").group(variant).count) == Oracle.number("elearning_sql/\(place)/active"))
        }
        #expect(
            try Double(report.metric("diligent students").groups.reduce(0) { $0 + $1.count }) == Oracle.number("elearning_sql_diligent_20"))
    }

    static let visitors = """
        experiment: arppu
        sources: {visitors: arppu/FILE}
        assignment: {source: visitors, variant: ab_group, control: A}
        facts:
          revenue: {source: visitors, value: revenue}
          purchase: {source: visitors, where: {purchase: 1}}
          visit: {source: visitors, value: av_site visit, minimum: 0}
        populations: {payers: {of: purchase, at least: 1}}
        metrics:
          ARPPU: {kind: mean, of: revenue, among: payers}
          ARPU: {kind: mean, of: revenue}
          CR: {kind: conversion, of: purchase}
          ranks: {kind: mean, of: revenue, among: payers, test: ranks}
        """

    @Test func `visitors: revenue a visitor and a buyer`() async throws {
        let data = try #require(TestWarehouses.sharedData("arppu")) + "/.."
        let report = try await analyse(RealDataTests.visitors.replacing("FILE", with: "ab_stats.csv"), folder: data)
        for name in ["ARPPU", "ARPU"] {
            let metric = try report.metric(name)
            #expect(zip(metric.groups.map(\.mean), try Oracle.numbers("arppu/\(name)/mean")).allSatisfy { close($0, $1) })
            #expect(try close(metric.first.statistic, Oracle.number("arppu/\(name)/welch_t_b_minus_a")))
            #expect(try close(metric.first.degreesOfFreedom, Oracle.number("arppu/\(name)/welch_df")))
            #expect(try close(metric.first.pValue, Oracle.number("arppu/\(name)/welch_p")))
        }
        #expect(try close(report.metric("CR").first.pValue, Oracle.number("arppu/CR/p")))
        #expect(try close(report.metric("ranks").first.pValue, Oracle.number("arppu/ARPPU/mannwhitney_p"), 1e-12))
        #expect(
            try report.check("outliers that carry a result").text.contains("1303.61 alone moves the mean of A in ARPPU from 13.66 to 18.70")
        )
    }

    @Test func `visitors: the times below zero are nearly all in B`() async throws {
        let data = try #require(TestWarehouses.sharedData("arppu")) + "/.."
        let yaml = RealDataTests.visitors.replacing("FILE", with: "ab_stats.csv") + "\n  visit: {kind: mean, of: visit}"
        let report = try await analyse(yaml, folder: data)
        #expect(try report.check("values below zero").text.contains("6 of them in A, 462 of them in B: a split that chance does not make"))
        #expect(try report.check("impossible values").text.contains("468 values of visit (A 6, B 462)"))
    }

    @Test func `visitors: rows of junk are counted, with their lines`() async throws {
        let data = try #require(TestWarehouses.sharedData("arppu")) + "/.."
        let yaml = RealDataTests.visitors.replacing("FILE", with: "ab_stats_dirty_tail.csv")
        await #expect(throws: AnalysisError.self) { try await analyse(yaml, folder: data) }
        let report = try await analyse(
            yaml.replacing("arppu/ab_stats_dirty_tail.csv", with: "{file: arppu/ab_stats_dirty_tail.csv, bad rows: report}"), folder: data)
        #expect(try report.check("rows that cannot be read").text.contains("ab_stats_dirty_tail.csv line 23654"))
        #expect(try close(report.metric("ARPU").first.pValue, Oracle.number("arppu/ARPU/welch_p")))
    }
}
