import Analysis
import Testing
import Warehouse
import WarehouseTesting

// What is decided where there is nothing to go by, and where what there is would not be worth it.
@Suite struct VerdictTests {
    // To decide on what never happened there is nothing to go by, however many units there are.
    @Test func `A conversion that nobody has decides nothing`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            "CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm, 0 AS paid FROM range(800) AS r(i)")
        func verdict(_ decision: String) async throws -> Verdict {
            try await analyse(
                """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: a}
                facts: {paid: {source: units, where: {paid: 1}}}
                metrics: {paid: {kind: conversion, of: paid}}
                decision: {ship on: paid\(decision)}
                """, on: duckdb, prefersTables: true
            ).verdict
        }
        let plain = try await verdict("")
        #expect(plain.decision == .keepRunning && plain.text.contains("paid is 0 for every unit of a and of b"), "\(plain.text)")
        #expect(try await verdict(", smallest effect: 5 %").decision == .keepRunning)
        // A gain of two points is ruled out.
        #expect(try await verdict(", smallest effect: 0.02").decision == .doNotShip)
    }

    // A gain of 0.2 of 10 is shown beyond doubt; whether it is worth it is another question.
    @Test(arguments: [("", Verdict.Decision.ship), (", smallest effect: 1 %", .ship), (", smallest effect: 5 %", .doNotShip)])
    func `A gain that is shown but too small is not shipped`(smallest: String, decision: Verdict.Decision) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm,
            10 + 0.2 * (i % 2) + (i // 2 * 7919 % 101 - 50) / 100.0 AS v FROM range(2000) AS r(i)
            """)
        for better in ["higher", "lower"] {
            let control = better == "higher" ? "a" : "b"
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: \(control)}
                facts: {v: {source: units, value: v}}
                metrics: {v: {kind: mean, of: v, better: \(better)}}
                decision: {ship on: v\(smallest)}
                """, on: duckdb, prefersTables: true)
            #expect(report.verdict.decision == decision, "\(better): \(report.verdict.text)")
            let isTold = report.verdict.text.contains("it is better, but by less than 0.5")
            #expect(isTold == (decision == .doNotShip), "\(report.verdict.text)")
        }
    }
}
