import Analysis
import Experiments
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// A margin that is a share of the control's mean is as uncertain as that mean.
//
// The expected intervals of lifts are the roots r - 1 of (t - r c)² = q² (v + r² w), worked out with NumPy and SciPy from the raw values: t, c
// the variants' means, v, w their variances, q the quantile of Student's distribution, its degrees of freedom by Satterthwaite over the variants and
// their strata (for any look: the radius of the normal mixture). Of shares
// they are the ratios at which the score statistic is the normal quantile, worked out with mpmath. Where the margin is taken for
// a number, margin · c is held against the end of the difference's interval; each margin here is one for which that says otherwise.
@Suite struct GuardrailTests {
    // 240 units of which a fifth are dealt b, and 360 of which half are; who has a habit goes on, and b costs twelve more.
    private static func costs() async throws -> any Warehouse {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i < 240 AND i % 5 = 0 OR i >= 240 AND i % 2 = 1 THEN 'b' ELSE 'a' END AS arm,
            CASE WHEN i < 240 THEN 0 ELSE 1 END AS epoch, TIMESTAMP '2024-02-01' AS seen, i * 7919 % 101 AS habit FROM range(600) AS r(i)
            """)
        try await duckdb.execute(
            """
            CREATE TABLE costs AS SELECT id, seen - INTERVAL 1 DAY AS at, habit AS cost, -habit AS gain, 0 AS called FROM units UNION ALL
            SELECT id, seen + INTERVAL 1 DAY, habit / 2 + id * 31 % 17 + 3 * epoch + CASE arm WHEN 'b' THEN 12 ELSE 0 END,
            -(habit / 2 + id * 31 % 17 + 3 * epoch + CASE arm WHEN 'b' THEN 12 ELSE 0 END),
            CASE WHEN habit + CASE arm WHEN 'b' THEN 10 ELSE 0 END > 85 THEN 1 ELSE 0 END FROM units
            """)
        return duckdb
    }

    private static func report(
        _ metric: String, margin: String, control: String = "a", assignment: String = "", more: String = ""
    ) async throws -> AnalysisReport {
        try await analyse(
            """
            experiment: x
            sources: {units: {table: units}, costs: {table: costs}}
            assignment: {source: units, unit: id, variant: arm, control: \(control), weights: {a: 372, b: 228}, time: seen\(assignment)}
            facts:
              costs: {source: costs, value: cost, time: at}
              gains: {source: costs, value: gain, time: at}
              calls: {source: costs, time: at, where: {called: 1}}
            metrics: {m: {\(metric)}}
            guardrails: {m: {margin: \(margin)}}
            \(more)
            """, on: costs(), prefersTables: true)
    }

    struct Case: Sendable {
        let metric: String
        var control = "a"
        var assignment = ""
        var more = ""
        let low: Double
        let high: Double
        let outcomes: [(margin: String, outcome: GuardrailReport.Outcome)]
    }

    private static let cases = [
        // Less is better; 8.67 / 35.04 = 24.7 % and 13.85 / 35.04 = 39.5 % of a control that is known.
        Case(
            metric: "kind: mean, of: costs, better: lower", low: 0.24067587350877684, high: 0.40709125164703064,
            outcomes: [("24 %", .broken), ("24.4 %", .open), ("40 %", .open), ("41 %", .held)]),
        // More is better of values below zero: a lift of what is lost is a loss.
        Case(
            metric: "kind: mean, of: gains", low: 0.24067587350877684, high: 0.40709125164703064,
            outcomes: [("24 %", .broken), ("24.4 %", .open), ("40 %", .open), ("41 %", .held)]),
        // More is better, b the control: the ends are the inverses of those above; 13.85 / 46.29 = 29.9 % of a control that is known.
        Case(
            metric: "kind: mean, of: costs", control: "b", low: 1 / 1.40709125164703064 - 1, high: 1 / 1.24067587350877684 - 1,
            outcomes: [("28.5 %", .open), ("29.5 %", .held)]),
        Case(
            metric: "kind: mean, of: costs, better: lower, covariate: {of: costs, before: 5 days}", low: 0.3396109874142694,
            high: 0.39619733026518844, outcomes: [("39.4 %", .open), ("40 %", .held)]),
        Case(
            metric: "kind: mean, of: costs, better: lower", assignment: ", stratum: epoch", low: 0.20296989560965573,
            high: 0.3748882058310514, outcomes: [("37 %", .open), ("38 %", .held)]),
        Case(
            metric: "kind: conversion, of: calls, better: lower", low: 0.0615313609331879, high: 1.0805225835203355,
            outcomes: [("100 %", .open), ("110 %", .held)]),
        Case(
            metric: "kind: mean, of: costs, better: lower", more: "method: {horizon: always-valid, tuned for: 600}",
            low: 0.19868688164780668, high: 0.45624066226749505, outcomes: [("45 %", .open), ("46 %", .held)]),
    ]

    @Test(arguments: cases.indices)
    func `a relative margin is held against what the data allow the lift to be, the control's own error and all`(_ index: Int) async throws
    {
        let this = GuardrailTests.cases[index]
        for (margin, outcome) in this.outcomes {
            let report = try await GuardrailTests.report(
                this.metric, margin: margin, control: this.control, assignment: this.assignment, more: this.more)
            let found = try #require(report.guardrails.first)
            #expect(found.outcome == outcome, "\(margin): \(found.text)")
            #expect(close(found.interval?.low, this.low, 1e-8) && close(found.interval?.high, this.high, 1e-8), "\(found.text)")
            #expect(try found.estimate == report.metric("m").first.lift)
            // What is shown is the margin, and what was found beside it.
            let share = try #require(found.relativeMargin)
            #expect(found.text.contains("may be worse by \(Figures.percent(share)), of the control's value)"), "\(found.text)")
            #expect(found.text.contains("interval \(Figures.percent(this.low)) to \(Figures.percent(this.high))"), "\(found.text)")
            #expect(
                report.text.split(separator: "\n").contains {
                    $0.hasPrefix("  m of \(this.control == "a" ? "b" : "a"): \(outcome.rawValue) (")
                })
            #expect(report.json.description.contains("\"relativeMargin\":\(share),\"estimate\":"))
        }
    }

    @Test func `a margin in units of the metric is held against the difference`() async throws {
        // 8.67 to 13.85, by Welch's test.
        for (margin, outcome) in [("8", GuardrailReport.Outcome.broken), ("13.8", .open), ("13.9", .held)] {
            let report = try await GuardrailTests.report("kind: mean, of: costs, better: lower", margin: margin)
            let found = try #require(report.guardrails.first)
            #expect(
                found.outcome == outcome && close(found.interval?.low, 8.669980584284348) && close(found.interval?.high, 13.845158068799973)
            )
            #expect(found.relativeMargin == nil && found.base == nil && found.range == "8.670 to 13.85")
        }
        // 1.10 to 14.26 percentage points.
        for (margin, outcome) in [("0.14", GuardrailReport.Outcome.open), ("0.15", .held)] {
            let report = try await GuardrailTests.report("kind: conversion, of: calls, better: lower", margin: margin)
            let found = try #require(report.guardrails.first)
            #expect(found.outcome == outcome && found.range == "1.103 to 14.26 pp" && found.found == "7.484 pp", "\(found.text)")
        }
    }

    // Just inside the end of the lift's interval and just beyond it: the test of the margin says what the interval does.
    @Test(arguments: cases.indices)
    func `the test of a margin agrees with the interval of the lift`(_ index: Int) async throws {
        let this = GuardrailTests.cases[index]
        let first = try await GuardrailTests.report(
            this.metric, margin: "1 %", control: this.control, assignment: this.assignment, more: this.more)
        let interval = try #require(first.guardrails.first?.interval)
        for end in [interval.low, interval.high] {
            for nearly in [1 - 1e-6, 1 + 1e-6] {
                let report = try await GuardrailTests.report(
                    this.metric, margin: "\(100 * abs(end) * nearly) %", control: this.control, assignment: this.assignment, more: this.more
                )
                let found = try #require(report.guardrails.first)
                let margin = try #require(found.relativeMargin)
                // What is worse is above the margin in each of these cases but those in which more is better.
                let (low, high) = this.control == "b" ? (-interval.high, -interval.low) : (interval.low, interval.high)
                #expect(found.outcome == (high < margin ? .held : low > margin ? .broken : .open), "\(found.text), \(nearly)")
                let p = try #require(found.pValue)
                #expect(found.outcome == .open ? p >= 0.05 : p < 0.05, "\(p)")
                if abs(abs(end) - margin) < 1e-5 { #expect(close(p, 0.05, 1e-4), "\(p)") }
            }
        }
    }

    // 0 of 500 against 20 of 500, and 2 ± 20 against 10 ± 20: of neither control a share is known. P-values by SciPy and mpmath: of the t
    // statistic of b - (1 + lift) a, of the score statistic of Farrington and Manning, and of the normal mixture.
    @Test(arguments: [
        ("calls", "better: lower", "fixed", GuardrailReport.Outcome.broken, Double?(7.7278636832474434e-6)),
        ("calls", "better: higher", "fixed", .held, 5.0220457915268037e-6),
        ("money", "better: lower", "fixed", .broken, 1.4149655442399775e-4),
        ("money", "better: higher", "fixed", .held, 1.4149655442399775e-4),
        ("money", "better: lower", "always-valid, tuned for: 500", .broken, 0.004599549023001182),
        ("money", "better: higher", "always-valid, tuned for: 500", .held, 0.004599549023001182),
        ("calls", "better: lower", "always-valid, tuned for: 500", .broken, Double?.none),
        ("calls", "better: higher", "always-valid, tuned for: 500", .held, Double?.none),
    ])
    func `where the control may be zero the margin is tested by itself`(
        name: String, better: String, horizon: String, outcome: GuardrailReport.Outcome, p: Double?
    ) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        let count = name == "calls" ? 1000 : 400
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm,
            CASE WHEN i % 50 = 1 THEN 1 ELSE 0 END AS called,
            CASE WHEN i % 2 = 1 THEN 10 ELSE 2 END + CASE WHEN i % 4 < 2 THEN 20 ELSE -20 END AS money FROM range(\(value: count)) AS r(i)
            """)
        let report = try await analyse(
            """
            experiment: x
            sources: {units: {table: units}}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {money: {source: units, value: money}, call: {source: units, where: {called: 1}}}
            metrics: {money: {kind: mean, of: money, \(better)}, calls: {kind: conversion, of: call, \(better)}}
            guardrails: {\(name): {margin: \(name == "calls" ? 2 : 5) %}}
            method: {horizon: \(horizon)}
            """, on: duckdb, prefersTables: true)
        let found = try #require(report.guardrails.first)
        #expect(found.outcome == outcome && found.problem == nil, "\(found.text)")
        if let p { #expect(close(found.pValue, p, 1e-9), "\(String(describing: found.pValue))") }
        #expect(found.range == (name == "calls" ? "–" : "without bounds"))
        #expect(found.text.contains("the control may be zero, so the margin is tested by itself: p "), "\(found.text)")
        #expect(report.json.description.contains("\"pValue\":\(try #require(found.pValue)),\"outcome\":\"\(outcome.rawValue)\""))
    }

    @Test func `where neither the sign of the control nor the margin is shown, it is open`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i * 7919 % 101 - 49 AS profit,
            CASE WHEN i % 4 = 1 THEN 1 ELSE 0 END AS refund FROM range(202) AS r(i)
            """)
        let report = try await analyse(
            """
            experiment: x
            sources: {units: {table: units}}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {profit: {source: units, value: profit}, refund: {source: units, value: refund}, refunds: {source: units, where: {refund: 1}}}
            metrics: {profit: {kind: mean, of: profit}, refund: {kind: mean, of: refund, better: lower}, share: {kind: conversion, of: refunds, better: lower},
              ranks: {kind: mean, of: profit, test: ranks}}
            guardrails: {profit: {margin: 5000 %}, refund: {margin: 5000 %}, share: {margin: 5000 %}, ranks: {margin: 5 %}}
            """, on: duckdb, prefersTables: true)
        // Nobody in a has a refund, half of b have one. None of 101 may still be one of 100, and fifty times that is half; a mean that did not vary
        // is taken as known.
        #expect(report.guardrails.map(\.outcome) == [.open, .broken, .open, .open])
        #expect(report.guardrails[0].range == "without bounds" && report.guardrails[0].pValue == 1)
        #expect(report.guardrails[1].range == "–" && report.guardrails[2].found == "–")
        #expect(report.guardrails[3].problem?.contains("ranks") == true)
    }

    // Of 100 % against none neither varies; the z test compares them, and so does what may be looked at any time.
    @Test func `all against none can be compared at any look`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            "CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm, i % 2 AS used FROM range(400) AS r(i)")
        let report = try await analyse(
            """
            experiment: x
            sources: {units: {table: units}}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {use: {source: units, where: {used: 1}}}
            metrics: {used: {kind: conversion, of: use}}
            guardrails: {used: {margin: 2 %}}
            method: {horizon: always-valid, tuned for: 400}
            """, on: duckdb, prefersTables: true)
        let found = try report.metric("used").first
        #expect(found.pValue < 1e-10 && found.difference == 1 && found.lift == nil)
        let interval = try #require(found.interval)
        #expect(interval.low > 0.9 && interval.low < 1 && interval.high == 1)
        #expect(report.guardrails.map(\.outcome) == [.held] && report.verdict.decision == .ship, "\(report.verdict.text)")
    }

    // Everybody sees ten in a and one in b; nobody in b pays.
    @Test(arguments: [
        ("speed", "{kind: mean, of: speed}", "2 %", "b is not compared with a: the values of neither vary"),
        ("speed", "{kind: mean, of: speed}", "0.1", "b is not compared with a: the values of neither vary"),
        ("basket", "{kind: mean, of: paid, among: paying}", "2 %", "b is not compared"),
    ])
    func `What cannot be compared is not held, and nothing ships on it`(
        name: String, metric: String, margin: String, problem: String
    ) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm,
            CASE WHEN i % 2 = 1 THEN 1 ELSE 10 END AS speed, i * 7919 % 101 + 20 * (i % 2) AS cr,
            i AS paid, CASE WHEN i % 6 = 0 THEN 1 ELSE 0 END AS pays, 0 AS error FROM range(800) AS r(i)
            """)
        for horizon in ["fixed", "always-valid"] {
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: a}
                facts:
                  speed: {source: units, value: speed}
                  cr: {source: units, value: cr}
                  paid: {source: units, value: paid}
                  payment: {source: units, where: {pays: 1}}
                  error: {source: units, where: {error: 1}}
                populations: {paying: {of: payment, at least: 1}}
                metrics: {CR: {kind: mean, of: cr}, \(name): \(metric)}
                guardrails: {\(name): {margin: \(margin)}}
                decision: {ship on: CR}
                method: {horizon: \(horizon)\(horizon == "fixed" ? "" : ", tuned for: 800")}
                """, on: duckdb, prefersTables: true)
            let guardrail = try #require(report.guardrails.first)
            #expect(report.guardrails.count == 1 && guardrail.treatment == "b" && guardrail.outcome == .open, "\(horizon)")
            #expect(guardrail.problem?.hasPrefix(problem) == true, "\(guardrail.problem ?? "none")")
            #expect(
                guardrail.text.contains(guardrail.problem ?? "–") && ReportPage(report, library: "").html.contains("\(name) of b: open"))
            #expect(report.verdict.decision == .keepRunning, "\(horizon): \(report.verdict.text)")
            #expect(report.verdict.text.contains("not yet shown that \(name) stays"), "\(report.verdict.text)")
        }
    }

    // Of 800 units none has crashed: ± z² / (400 + z²) = ±0.0095 at one look, and ±0.0218 at any. A loss of 3 points is ruled out, one of 0.5
    // points is not, and nothing is a share of what never was.
    @Test(arguments: [("0.03", GuardrailReport.Outcome.held), ("0.005", .open), ("2 %", .open)])
    func `What never happened is held against a margin in units of its own`(
        margin: String, outcome: GuardrailReport.Outcome
    ) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm, i * 7919 % 101 + 20 * (i % 2) AS cr,
            0 AS crash FROM range(800) AS r(i)
            """)
        for horizon in ["fixed", "always-valid"] {
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: a}
                facts: {cr: {source: units, value: cr}, crash: {source: units, where: {crash: 1}}}
                metrics:
                  CR: {kind: mean, of: cr}
                  crashes: {kind: conversion, of: crash, better: lower}
                guardrails: {crashes: {margin: \(margin)}}
                decision: {ship on: CR}
                method: {horizon: \(horizon)\(horizon == "fixed" ? "" : ", tuned for: 800")}
                """, on: duckdb, prefersTables: true)
            let crashes = try report.metric("crashes").first
            #expect(crashes.pValue == 1 && crashes.difference == 0 && crashes.lift == nil && crashes.liftInterval == nil)
            #expect(try #require(crashes.interval).high < (horizon == "fixed" ? 0.0096 : 0.03))
            let guardrail = try #require(report.guardrails.first)
            #expect(guardrail.outcome == outcome && guardrail.problem == nil, "\(horizon): \(guardrail.text)")
            #expect(report.verdict.decision == (outcome == .held ? .ship : .keepRunning), "\(horizon): \(report.verdict.text)")
            #expect(!ReportPage(report, library: "").html.contains("nan"))
        }
    }

    // Two weeks with half of the units each: what is rare is judged within them as it is without. One crash against none of 500 does not rule
    // out a loss of 0.3 points, none of 24 against six do not show a loss of more than half, and none against none is compared.
    @Test(arguments: [
        (500, 1, 0, "0.003", GuardrailReport.Outcome.open), (500, 1, 0, "0.01", .held), (5000, 0, 0, "0.001", .held),
        (24, 0, 24, "0.5", .broken),
    ])
    func `Rare conversions are judged within strata as without`(
        size: Int, control: Int, treatment: Int, margin: String, outcome: GuardrailReport.Outcome
    ) async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm, i // 2 % 2 AS week,
            CASE WHEN i % 2 = 1 THEN i // 2 < \(value: treatment) ELSE i // 2 < \(value: control) END AS crash
            FROM range(\(value: 2 * size)) AS r(i)
            """)
        var intervals: [ConfidenceInterval] = []
        for stratum in ["", ", stratum: week"] {
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: a\(stratum)}
                facts: {crash: {source: units, where: {crash: true}}}
                metrics: {crashes: {kind: conversion, of: crash, better: lower}}
                guardrails: {crashes: {margin: \(margin)}}
                decision: {ship on: crashes}
                """, on: duckdb, prefersTables: true)
            #expect(report.guardrails.map(\.outcome) == [outcome], "\(stratum): \(report.guardrails.first?.text ?? "")")
            let found = try report.metric("crashes").first
            intervals.append(try #require(found.interval))
            #expect(found.test == (stratum.isEmpty ? "two-proportion z test" : "two-proportion z test within strata"))
        }
        #expect(abs(intervals[0].low - intervals[1].low) < 1e-4 && abs(intervals[0].high - intervals[1].high) < 1e-4)
    }

    // Within strata too, none of 24 against six of 24 show a loss of a tenth, and not one of half.
    @Test func `A lift of nobody within strata has an interval`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute(
            """
            CREATE TABLE units AS SELECT i AS id, CASE WHEN i % 2 = 1 THEN 'b' ELSE 'a' END AS arm, i // 2 % 2 AS week,
            i % 2 = 0 AND i // 2 < 6 AS paid FROM range(48) AS r(i)
            """)
        for (margin, outcome) in [("10 %", GuardrailReport.Outcome.broken), ("50 %", .open), ("95 %", .open)] {
            let report = try await analyse(
                """
                experiment: x
                sources: {units: {table: units}}
                assignment: {source: units, unit: id, variant: arm, control: a, stratum: week}
                facts: {paid: {source: units, where: {paid: true}}}
                metrics: {paid: {kind: conversion, of: paid}}
                guardrails: {paid: {margin: \(margin)}}
                decision: {ship on: paid}
                """, on: duckdb, prefersTables: true)
            #expect(report.guardrails.map(\.outcome) == [outcome], "\(margin): \(report.guardrails.first?.text ?? "")")
            let lift = try #require(try report.metric("paid").first.liftInterval)
            #expect(lift.low == -1 && abs(lift.high + 0.420176529747) < 1e-9)
        }
    }
}
