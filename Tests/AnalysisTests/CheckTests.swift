import Analysis
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// What is wrong with data is found and said.
@Suite struct CheckTests {
    func warehouse(_ units: SQL, _ events: SQL = "SELECT 1 AS id, 1.0 AS money LIMIT 0") async throws -> any Warehouse {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute("CREATE TABLE units AS \(units)")
        try await duckdb.execute("CREATE TABLE events AS \(events)")
        return duckdb
    }

    let plan = """
        experiment: x
        sources: {units: {table: units}, events: {table: events}}
        assignment: {source: units, unit: id, variant: arm, control: a}
        facts:
          buys: {source: events}
          money: {source: events, value: money, minimum: 0}
        metrics:
          CR: {kind: conversion, of: buys}
          money: {kind: mean, of: money}

        """

    @Test func `an uneven split makes the result invalid`() async throws {
        let duckdb = try await warehouse("SELECT i AS id, CASE WHEN i < 600 THEN 'a' ELSE 'b' END AS arm FROM range(1000) AS r(i)")
        let report = try await analyse(plan, on: duckdb, prefersTables: true)
        #expect(try report.check("sample ratio").status == .failed)
        #expect(report.verdict.decision == .invalid)
        let meant = try await analyse(
            plan.replacing("control: a", with: "control: a, weights: {a: 6, b: 4}"),
            on: warehouse("SELECT i AS id, CASE WHEN i < 600 THEN 'a' ELSE 'b' END AS arm FROM range(1000) AS r(i)"), prefersTables: true)
        #expect(try meant.check("sample ratio").status == .passed)
    }

    @Test func `as long as nobody did anything, the verdict is to keep running`() async throws {
        let duckdb = try await warehouse("SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(10) AS r(i)")
        let report = try await analyse(plan, on: duckdb, prefersTables: true)
        #expect(report.verdict.decision == .keepRunning && report.verdict.text.contains("CR is 0 for every unit of a and of b"))
    }

    @Test func `every sort of bad row is counted`() async throws {
        let duckdb = try await warehouse(
            """
            SELECT i AS id, CASE WHEN i = 7 THEN NULL WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(1000) AS r(i)
            UNION ALL SELECT 3, 'a' UNION ALL SELECT 4, 'a' UNION ALL SELECT NULL, 'a'
            """,
            """
            SELECT 1 AS id, 5.0 AS money UNION ALL SELECT 2, NULL UNION ALL SELECT 2, -1 UNION ALL SELECT 5000, 1
            UNION ALL SELECT 4, 'inf'::DOUBLE UNION ALL SELECT 6, 'nan'::DOUBLE UNION ALL SELECT 8, 2
            UNION ALL SELECT NULL, 3 UNION ALL SELECT 5000, NULL
            """)
        let report = try await analyse(plan, on: duckdb, prefersTables: true)
        #expect(try report.check("units in two variants").text.hasPrefix("1 unit is in two variants"))
        #expect(try report.check("units without assignment").text.hasPrefix("1 unit has facts but no variant"))
        #expect(try report.check("duplicates").text.hasPrefix("2 rows repeat"))
        let missing = try report.check("missing values").text
        #expect(missing.contains("1 row has no unit") && missing.contains("1 unit has no variant"))
        #expect(missing.contains("1 event of money without a value (a 1, b 0)"))
        #expect(missing.contains("1 event of buys without a unit, which counts for nobody; 1 event of money without a unit"))
        #expect(try report.check("impossible values").text.hasPrefix("3 values of money (a 3, b 0)"))
        // 500 even and 500 odd, less unit 7 without a variant and unit 3 in two.
        #expect(report.units.map(\.count) == [500, 498])
        #expect(try report.metric("money").group("a").sum == 1)
        #expect(try report.metric("CR").group("a").sum == 4)
    }

    @Test func `an event that comes twice counts once`() async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(100) AS r(i)"
        // Event 1 three times, once with another value; the id 3 for two units; two events without an id.
        let events: SQL = """
            SELECT 2 AS id, 5.0 AS money, 'e1' AS event UNION ALL SELECT 2, 5, 'e1' UNION ALL SELECT 2, 6, 'e1' UNION ALL SELECT 2, 1, 'e2'
            UNION ALL SELECT 3, 7, 'e3' UNION ALL SELECT 4, 8, 'e3' UNION ALL SELECT 5, 9, NULL UNION ALL SELECT 5, 9, NULL
            """
        let named = plan.replacing("value: money,", with: "value: money, id: event,")
        let report = try await analyse(named, on: warehouse(units, events), prefersTables: true)
        #expect(
            try report.check("duplicates").text == "2 events of money repeat an id of the same unit (a 2, b 0); each id counts once")
        #expect(try report.check("missing values").text == "2 events of money without an id (a 0, b 2), each of which counts")
        #expect(try report.metric("money").groups.map(\.sum) == [14.0, 25])
        // The fact without an id counts every row.
        #expect(try report.metric("CR").groups.map(\.sum) == [2, 2])
        let all = try await analyse(plan, on: warehouse(units, events), prefersTables: true)
        #expect(try all.metric("money").groups.map(\.sum) == [25.0, 25])
        await #expect(throws: YAMLError.self) {
            try await analyse(named.replacing("unit: id, ", with: ""), on: warehouse(units, events), prefersTables: true)
        }
    }

    @Test func `of a running experiment's events no id is asked, which its plan cannot say`() async throws {
        let duckdb = try await warehouse("SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(100) AS r(i)")
        let analysis = Analysis(try Plan(yaml: plan), folder: "/", session: Session(duckdb), prefersTables: true)
        let texts = [true: "an event that is told twice counts once", false: "name the 'id' of a fact's events to find theirs"]
        for (isWatched, says) in texts {
            let report = try await analysis.report([.init(method: analysis.plan.method)], isWatched: isWatched)[0]
            #expect(try report.check("duplicates").text == "none in the assignment; \(says)")
            #expect(try report.check("duplicates").status == .passed)
        }
    }

    @Test func `one unit that carries the result is named`() async throws {
        let duckdb = try await warehouse(
            "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(200) AS r(i)",
            "SELECT i AS id, CASE WHEN i = 77 THEN 5000 ELSE i % 10 END AS money FROM range(200) AS r(i)")
        let report = try await analyse(plan, on: duckdb, prefersTables: true)
        #expect(try report.check("outliers that carry a result").text.hasPrefix("the unit 77 with 5,000 alone moves the mean of b"))
    }

    @Test func `what rounding makes of the others is no number that one is told`() async throws {
        for (others, says) in [("0" as SQL, "from 0 to 9.98"), ("0.1 + 0.2 * (i % 3)", "from 0.2996 to 10.28")] {
            let duckdb = try await warehouse(
                "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(1002) AS r(i)",
                "SELECT i AS id, CASE WHEN i = 77 THEN 4999.99 ELSE \(others) END AS money FROM range(1002) AS r(i)")
            let report = try await analyse(plan, on: duckdb, prefersTables: true)
            let text = try report.check("outliers that carry a result").text
            #expect(text.hasPrefix("the unit 77 with 4999.99 alone moves the mean of b in money \(says)"), "\(text)")
            #expect(!text.contains("e-"), "\(text)")
        }
    }

    @Test(arguments: [1.7e12, 1.7e15, 1.7e18])
    func `a wrong value in one variant takes no digits from the others`(_ wrong: Double) async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(200) AS r(i)"
        let right: SQL = "SELECT i AS id, i % 17 AS money FROM range(200) AS r(i)"
        let spoiled: SQL = "SELECT i AS id, CASE WHEN i = 77 THEN \(value: wrong) ELSE i % 17 END AS money FROM range(200) AS r(i)"
        let open = plan.replacing("money, minimum: 0", with: "money") + "decision: {ship on: money}"
        let a = try await analyse(open, on: warehouse(units, right), prefersTables: true).metric("money").group("a")
        for prefersTables in [true, false] {
            let report = try await analyse(open, on: warehouse(units, spoiled), prefersTables: prefersTables)
            let found = try report.metric("money").group("a")
            #expect(abs(found.mean / a.mean - 1) < 1e-12 && abs(found.standardDeviation / a.standardDeviation - 1) < 1e-12)
        }
    }

    // Whatever is left of infinite squares, such as no variance at all, must not look like a result.
    @Test(arguments: [1e155, 1e165, 1e170, 1e172, 1e174, 1e176, 1e178, 1e180, 1e200, 1e300, 1.7e308])
    func `one value too large, in either variant, decides nothing`(_ value: Double) async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(2000) AS r(i)"
        for place in [76.0, 77] {
            let events: SQL =
                "SELECT i AS id, CASE WHEN i = \(value: place) THEN \(value: value) ELSE i % 11 END AS money FROM range(2000) AS r(i)"
            let report = try await analyse(plan + "decision: {ship on: money}\n", on: warehouse(units, events), prefersTables: true)
            #expect(report.verdict.decision == .invalid, "\(report.verdict.text)")
            #expect(try report.check("values too large").status == .failed && report.metric("money").comparisons.isEmpty)
        }
    }

    @Test func `a metric whose values' squares are no numbers any more fails alone, by its name, and a cap helps`() async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(200) AS r(i)"
        let events: SQL = "SELECT i AS id, CASE WHEN i = 77 THEN 1e160 ELSE i % 17 END AS money FROM range(151) AS r(i)"
        for (decision, status) in [("money", Check.Status.failed), ("CR", .warning)] {
            let yaml = plan + "decision: {ship on: \(decision)}\n"
            let report = try await analyse(yaml, on: warehouse(units, events), prefersTables: true)
            let check = try report.check("values too large")
            #expect(check.status == status && check.text.contains("money has values too large"), "\(check.text)")
            #expect(try report.metric("money").comparisons.isEmpty && report.metric("money").problems == [check.text])
            #expect(try report.metric("CR").comparisons.count == 1)
            #expect((report.verdict.decision == .invalid) == (status == .failed))
        }
        let capped = plan.replacing("{kind: mean, of: money}", with: "{kind: mean, of: money, cap: 100}")
        #expect(try await analyse(capped, on: warehouse(units, events), prefersTables: true).metric("money").group("b").mean < 100)
    }

    @Test func `guardrails hold, break, or stay open`() async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(2000) AS r(i)"
        let events: SQL = "SELECT i AS id, 10 + i % 7 + 3 * (i % 2) AS money FROM range(2000) AS r(i)"
        for (direction, margin, outcome, decision) in [
            ("higher", "1 %", GuardrailReport.Outcome.held, Verdict.Decision.ship), ("lower", "50 %", .held, .doNotShip),
            ("lower", "1 %", .broken, .doNotShip),
        ] as [(String, String, GuardrailReport.Outcome, Verdict.Decision)] {
            let yaml =
                plan.replacing("{kind: mean, of: money}", with: "{kind: mean, of: money, better: \(direction)}")
                + "guardrails: {money: {margin: \(margin)}}\ndecision: {ship on: money}"
            let report = try await analyse(yaml, on: warehouse(units, events), prefersTables: true)
            #expect(report.guardrails.map(\.outcome) == [outcome])
            #expect(report.verdict.decision == decision)
        }
    }

    // What has a mean of 50 and a deviation of 29 takes 2 · 29² · (1.96 + 0.84)² / 25² = 22 units a variant to show a change by half.
    @Test(
        arguments: [
            (4, "a has 2 units: fewer than 20 a variant seldom show a difference, whatever the variants are like."),
            (38, "a has 19 units: fewer than 20"),
            (42, "Even to find a change by half of a's value with a chance of 80 % takes about "), (200, nil),
        ] as [(Int, String?)])
    func `a handful of units decides nothing where no smallest effect is stated`(_ count: Int, _ why: String?) async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(\(value: count)) AS r(i)"
        let events: SQL = "SELECT i AS id, i // 2 * 7919 % 101 + i % 2 AS money FROM range(\(value: count)) AS r(i)"
        for decision in ["", ", smallest effect: 5 %"] {
            let report = try await analyse(
                plan + "decision: {ship on: money\(decision)}", on: warehouse(units, events), prefersTables: true)
            #expect(try report.metric("money").first.pValue > 0.5)
            let verdict = report.verdict
            guard decision.isEmpty else {
                #expect(verdict.decision == .keepRunning, "\(verdict.text)")
                continue
            }
            guard let why else {
                #expect(
                    verdict.decision == .doNotShip && verdict.text.hasPrefix("Do not ship b: no difference is shown."), "\(verdict.text)")
                continue
            }
            #expect(
                verdict.decision == .keepRunning && verdict.text.hasPrefix("Keep running: there are too few units to tell."),
                "\(verdict.text)")
            #expect(verdict.text.contains(why), "\(verdict.text)")
            #expect(verdict.changes == "More units; or the smallest effect worth shipping, to be told how long to run.")
        }
    }

    @Test func `that all units are in two variants, and therefore in none, is said`() async throws {
        func message(_ units: SQL, _ plan: String) async throws -> String {
            do {
                let report = try await analyse(plan, on: warehouse(units), prefersTables: true)
                return "no error, but: \(report.verdict.text)"
            } catch {
                return "\(error)"
            }
        }
        let both: SQL = "SELECT i % 4 AS id, CASE WHEN i < 4 THEN 'a' ELSE 'b' END AS arm FROM range(8) AS r(i)"
        let all = try await message(both, plan)
        #expect(
            all.hasSuffix(
                "no unit is in the control 'a'; all 4 units are in two variants and left out (in two variants: exclude); 'first' or 'last' would count them"
            ),
            "\(all)")
        let one = try await message("SELECT 1 AS id, 'a' AS arm UNION ALL SELECT 1, 'b'", plan)
        #expect(one.contains("'a'; the only unit is in two variants and left out"), "\(one)")
        // Those of the treatment are left.
        let some = try await message(
            "SELECT i % 4 AS id, CASE WHEN i < 4 THEN 'a' ELSE 'b' END AS arm FROM range(8) AS r(i) UNION ALL SELECT 9, 'b'", plan)
        #expect(some.contains("'a'; there are b; 4 units are in two variants and left out (in two variants: exclude)"), "\(some)")
        // Without such units it is as it was.
        let none = try await message("SELECT 1 AS id, 'b' AS arm", plan)
        #expect(none.hasSuffix("no unit is in the control 'a'; there are b") || none.contains("did you mean"), "\(none)")
    }

    @Test func `what may be looked at any time is not given up because units were enough for one look`() async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(4000) AS r(i)"
        // A difference of about 1.5 standard errors.
        let events: SQL = "SELECT i AS id, i * 7919 % 101 + 1.4 * (i % 2) AS money FROM range(4000) AS r(i)"
        let decision = "decision: {ship on: money, smallest effect: 6 %}\n"
        let once = try await analyse(plan + decision, on: warehouse(units, events), prefersTables: true).verdict
        #expect(once.decision == .doNotShip && once.text.contains("there were units enough"), "\(once.text)")
        let yaml = plan + decision + "method: {horizon: always-valid, tuned for: 4000}\n"
        let always = try await analyse(yaml, on: warehouse(units, events), prefersTables: true).verdict
        #expect(always.decision == .keepRunning, "\(always.text)")
    }

    @Test func `of unequal variants, what is needed is said of each`() async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 10 = 0 THEN 'b' ELSE 'a' END AS arm FROM range(4000) AS r(i)"
        let events: SQL = "SELECT i AS id, CASE WHEN i * 7919 % 101 < 11 THEN 1 ELSE 0 END AS money FROM range(4000) AS r(i)"
        let yaml =
            plan.replacing("control: a", with: "control: a, weights: {a: 9, b: 1}")
            + "decision: {ship on: money, smallest effect: 20 %}"
        let report = try await analyse(yaml, on: warehouse(units, events), prefersTables: true)
        let group = try report.metric("money").group("a")
        let needed = try WelchPower(MeansPower(standardDeviation: group.standardDeviation, ratio: 1 / 9.0))
            .size(effect: 0.2 * group.mean, power: 0.8)
        let (a, b) = (Int(needed.rounded(.up)), Int((needed.rounded(.up) / 9).rounded(.up)))
        #expect(report.verdict.decision == .keepRunning)
        #expect(
            report.verdict.text.contains("takes \(Figures.count(a)) units in a and \(Figures.count(b)) in b, and a has 3,600"),
            "\(report.verdict.text)")
    }

    // A control of which hardly anybody varies, and a treatment that varies thirty times as much: its own variance is what is not known.
    @Test func `units are not said to be enough by the control's variance alone`() async throws {
        let units: SQL = "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm FROM range(1000) AS r(i)"
        let events: SQL = """
            SELECT i AS id, CASE WHEN i % 2 = 0 THEN 10 + i * 7919 % 101 / 30 ELSE 12 + (i * 7919 % 101 - 50) END AS money FROM range(1000) AS r(i)
            """
        let report = try await analyse(
            plan + "decision: {ship on: money, smallest effect: 5 %}", on: warehouse(units, events), prefersTables: true)
        let comparison = try report.metric("money").first
        let (group, error) = (try report.metric("money").group("a"), comparison.difference / comparison.statistic)
        let needed = try WelchPower(MeansPower(standardDeviation: error / (2.0 / 500).squareRoot())).size(
            effect: 0.05 * group.mean, power: 0.8)
        #expect(needed > 5000 && report.verdict.decision == .keepRunning)
        let told = "takes \(Figures.count(Int(needed.rounded(.up)))) units in each variant"
        #expect(report.verdict.text.contains(told), "\(report.verdict.text)")
    }

    @Test func `of several treatments, what holds for all is said once, and what the verdict is comes first`() async throws {
        let units: SQL = "SELECT i AS id, substr('abcd', 1 + CAST(i % 4 AS INT), 1) AS arm FROM range(480) AS r(i)"
        let events: SQL = "SELECT i AS id, CASE WHEN i % 4 = 1 THEN 0 ELSE i * 7919 % 101 END AS money FROM range(480) AS r(i)"
        let yaml = plan + "decision: {ship on: money, smallest effect: 5 %}"
        let verdict = try await analyse(yaml, on: warehouse(units, events), prefersTables: true).verdict
        #expect(verdict.decision == .keepRunning && verdict.text.hasPrefix("Keep running: to find "), "\(verdict.text)")
        #expect(verdict.text.components(separatedBy: "Keep running").count == 2, "\(verdict.text)")
        for treatment in ["c", "d"] { #expect(verdict.text.contains(" in \(treatment) and ")) }
        let worse = try #require(verdict.text.range(of: "Do not ship b: it is worse. money is "))
        #expect(verdict.text[..<worse.lowerBound].contains(" in d and "), "\(verdict.text)")
        #expect(verdict.changes.hasPrefix("Those units"))
    }

    @Test func `it is said how much longer to run`() async throws {
        let units: SQL = """
            SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, TIMESTAMP '2024-01-01' + INTERVAL 1 HOUR * i AS seen FROM range(480) AS r(i)
            """
        let events: SQL = "SELECT i AS id, (i * 7919 % 101) AS money FROM range(480) AS r(i)"
        let yaml = plan.replacing("control: a", with: "control: a, time: seen") + "decision: {ship on: money, smallest effect: 5 %}"
        let report = try await analyse(yaml, on: warehouse(units, events), prefersTables: true)
        #expect(report.verdict.decision == .keepRunning)
        let (more, days) = (try #require(report.verdict.moreUnits), try #require(report.verdict.moreDays))
        #expect(more > 1000)
        #expect(abs(days - Double(more) / (480 / (479.0 / 24))) < 1e-6)
    }
}
